//! The typed fast path: signatures the calling conventions use, with arguments in raw 64-bit slots.

use crate::{FuncType, ValueType};

/// A function prepared for [`crate::Instance::call_fast`]; belongs to the instance that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FastFunc(
    /// Index in the instance's own list.
    pub u32,
);

/// A native type that fits a slot.
pub trait Slot: Copy {
    /// Its WebAssembly type; `None` for "no result".
    const TYPE: Option<ValueType>;
    /// Reads it from a slot (excess bits ignored).
    fn from_slot(slot: u64) -> Self;
    /// Puts it in a slot (excess bits zero).
    fn into_slot(self) -> u64;
}

macro_rules! slot {
    ($ty:ty, $wasm:expr, |$s:ident| $from:expr, |$v:ident| $into:expr) => {
        impl Slot for $ty {
            const TYPE: Option<ValueType> = $wasm;
            #[inline(always)]
            fn from_slot($s: u64) -> Self {
                $from
            }
            #[inline(always)]
            fn into_slot(self) -> u64 {
                let $v = self;
                $into
            }
        }
    };
}

slot!(i32, Some(ValueType::I32), |s| s as i32, |v| u64::from(v.cast_unsigned()));
slot!(i64, Some(ValueType::I64), |s| s.cast_signed(), |v| v.cast_unsigned());
slot!(f32, Some(ValueType::F32), |s| f32::from_bits(s as u32), |v| u64::from(v.to_bits()));
slot!(f64, Some(ValueType::F64), |s| f64::from_bits(s), |v| v.to_bits());
slot!((), None, |_s| (), |_v| 0);

/// Calls `$callback! { Name: (params) -> result; … }` with every signature of the fast path.
///
/// They are those of the calling conventions (`runoff_buffer`, `runoff_call`, scalar pairs) and of the
/// exports found in existing benchmarks. Adapters of engines with statically typed calls generate one
/// variant per line; all other functions use the dynamic call.
#[macro_export]
macro_rules! for_each_fast_signature {
    ($callback:ident) => {
        $callback! {
            Unit: () -> ();
            UnitI32: () -> i32;
            UnitI64: () -> i64;
            UnitF64: () -> f64;
            I32Unit: (i32) -> ();
            I32I32: (i32) -> i32;
            I32I64: (i32) -> i64;
            I32F64: (i32) -> f64;
            I64Unit: (i64) -> ();
            I64I32: (i64) -> i32;
            I64I64: (i64) -> i64;
            F64F64: (f64) -> f64;
            I32I32Unit: (i32, i32) -> ();
            I32I32I32: (i32, i32) -> i32;
            I32I32I64: (i32, i32) -> i64;
            I32I64Unit: (i32, i64) -> ();
            I32I64I32: (i32, i64) -> i32;
            I32I64I64: (i32, i64) -> i64;
            I64I64I64: (i64, i64) -> i64;
            F64F64F64: (f64, f64) -> f64;
        }
    };
}

macro_rules! define_fast_sig {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        /// A signature of the fast path; see [`for_each_fast_signature`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FastSig {
            $(
                #[doc = concat!("`(", stringify!($($param),*), ") -> ", stringify!($result), "`")]
                $name,
            )*
        }

        impl FastSig {
            /// The fast signature of a function type, if it is one.
            pub fn of(ty: &FuncType) -> Option<Self> {
                $(
                    {
                        let params: &[ValueType] = &[$(<$param as Slot>::TYPE.unwrap_or(ValueType::I32)),*];
                        let result = <$result as Slot>::TYPE;
                        if ty.params == params && ty.results.as_slice() == result.as_slice() {
                            return Some(Self::$name);
                        }
                    }
                )*
                None
            }
        }
    };
}

for_each_fast_signature!(define_fast_sig);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_found_by_type() {
        let pair = FuncType::new([ValueType::I32, ValueType::I32], [ValueType::I64]);
        assert_eq!(FastSig::of(&pair), Some(FastSig::I32I32I64));
        assert_eq!(FastSig::of(&FuncType::default()), Some(FastSig::Unit));
        let three = FuncType::new([ValueType::I32; 3], []);
        assert_eq!(FastSig::of(&three), None);
    }

    #[test]
    fn slots_keep_negative_numbers() {
        assert_eq!(i32::from_slot((-5_i32).into_slot()), -5);
        assert_eq!((-5_i32).into_slot() >> 32, 0);
        assert_eq!(f64::from_slot((-0.5_f64).into_slot()).to_bits(), (-0.5_f64).to_bits());
    }
}
