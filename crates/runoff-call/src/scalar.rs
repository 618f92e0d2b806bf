//! Types that travel in registers.

use runoff_runtime::{Value, ValueType};

/// A number that is a WebAssembly value.
pub trait Scalar: Copy {
    /// Its WebAssembly type.
    const TYPE: ValueType;
    /// As the fast path takes it.
    fn into_slot(self) -> u64;
    /// From the fast path.
    fn from_slot(slot: u64) -> Self;
    /// As the dynamic call takes it.
    fn into_value(self) -> Value;
    /// From the dynamic call; `None` for another type.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! scalar {
    ($ty:ty, $variant:ident, |$v:ident| $slot:expr, $value:expr, |$s:ident| $from_slot:expr, $from_value:expr) => {
        impl Scalar for $ty {
            const TYPE: ValueType = ValueType::$variant;
            #[inline(always)]
            fn into_slot(self) -> u64 {
                let $v = self;
                $slot
            }
            #[inline(always)]
            fn from_slot($s: u64) -> Self {
                $from_slot
            }
            fn into_value(self) -> Value {
                let $v = self;
                Value::$variant($value)
            }
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant($s) => Some($from_value),
                    _ => None,
                }
            }
        }
    };
}

scalar!(i32, I32, |v| u64::from(v.cast_unsigned()), v, |s| s as i32, s);
scalar!(u32, I32, |v| u64::from(v), v.cast_signed(), |s| s as u32, s.cast_unsigned());
scalar!(i64, I64, |v| v.cast_unsigned(), v, |s| s.cast_signed(), s);
scalar!(u64, I64, |v| v, v.cast_signed(), |s| s, s.cast_unsigned());
scalar!(f32, F32, |v| u64::from(v.to_bits()), v.to_bits(), |s| f32::from_bits(s as u32), f32::from_bits(s));
scalar!(f64, F64, |v| v.to_bits(), v.to_bits(), |s| f64::from_bits(s), f64::from_bits(s));

/// A truth value is an `i32`; anything but 0 is true.
impl Scalar for bool {
    const TYPE: ValueType = ValueType::I32;
    #[inline]
    fn into_slot(self) -> u64 {
        u64::from(self)
    }
    #[inline]
    fn from_slot(slot: u64) -> Self {
        slot as u32 != 0
    }
    fn into_value(self) -> Value {
        Value::I32(self.into())
    }
    fn from_value(value: Value) -> Option<Self> {
        i32::from_value(value).map(|v| v != 0)
    }
}

/// What a scalar function answers: one [`Scalar`] or nothing.
pub trait ScalarResult: Copy {
    /// Its WebAssembly type; `None` for nothing.
    const RESULT: Option<ValueType>;
    /// From the fast path.
    fn from_result_slot(slot: u64) -> Self;
    /// From the dynamic call's results.
    fn from_results(results: &[Value]) -> Option<Self>;
}

impl<T: Scalar> ScalarResult for T {
    const RESULT: Option<ValueType> = Some(T::TYPE);
    #[inline]
    fn from_result_slot(slot: u64) -> Self {
        T::from_slot(slot)
    }
    fn from_results(results: &[Value]) -> Option<Self> {
        T::from_value(*results.first()?)
    }
}

impl ScalarResult for () {
    const RESULT: Option<ValueType> = None;
    #[inline]
    fn from_result_slot(_: u64) -> Self {}
    fn from_results(_: &[Value]) -> Option<Self> {
        Some(())
    }
}

/// Arguments of a scalar function: a tuple of up to eight [`Scalar`]s.
pub trait Scalars: Copy {
    /// Their WebAssembly types.
    const TYPES: &'static [ValueType];
    /// The first two as the fast path takes them; zeros where there are fewer.
    fn slots(self) -> (u64, u64);
    /// All as the dynamic call takes them; only the first `TYPES.len()` count.
    fn values(self) -> [Value; 8];
    /// From a host function's arguments; `None` when they do not fit.
    fn from_values(values: &[Value]) -> Option<Self>;
}

macro_rules! scalars {
    ($($name:ident)*; $first:expr, $second:expr) => {
        impl<$($name: Scalar),*> Scalars for ($($name,)*) {
            const TYPES: &'static [ValueType] = &[$($name::TYPE),*];
            #[inline(always)]
            #[expect(clippy::allow_attributes, reason = "only some lengths have names that are not used")]
            #[allow(non_snake_case, unused_variables, clippy::unused_unit, reason = "one text for every length")]
            fn slots(self) -> (u64, u64) {
                let ($($name,)*) = self;
                ($first, $second)
            }
            #[expect(clippy::allow_attributes, reason = "only some lengths have names that are not used")]
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments, reason = "one text for every length")]
            fn values(self) -> [Value; 8] {
                let ($($name,)*) = self;
                let mut values = [Value::I32(0); 8];
                let mut at = values.iter_mut();
                $(if let Some(value) = at.next() { *value = $name.into_value(); })*
                values
            }
            #[expect(clippy::allow_attributes, reason = "only some lengths have names that are not used")]
            #[allow(unused_mut, unused_variables, reason = "one text for every length")]
            fn from_values(values: &[Value]) -> Option<Self> {
                if values.len() != Self::TYPES.len() {
                    return None;
                }
                let mut at = values.iter();
                Some(($($name::from_value(*at.next()?)?,)*))
            }
        }
    };
}

scalars!(; 0, 0);
scalars!(A; A.into_slot(), 0);
scalars!(A B; A.into_slot(), B.into_slot());
scalars!(A B C; A.into_slot(), B.into_slot());
scalars!(A B C D; A.into_slot(), B.into_slot());
scalars!(A B C D E; A.into_slot(), B.into_slot());
scalars!(A B C D E F; A.into_slot(), B.into_slot());
scalars!(A B C D E F G; A.into_slot(), B.into_slot());
scalars!(A B C D E F G H; A.into_slot(), B.into_slot());
