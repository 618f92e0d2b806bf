//! Values and function types that cross the seam.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The type of a WebAssembly value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary64.
    F64,
    /// 128-bit vector.
    V128,
    /// Reference to a function.
    FuncRef,
    /// Opaque host reference.
    ExternRef,
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::V128 => "v128",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
        })
    }
}

/// A WebAssembly value.
///
/// Floats are kept as bits so that NaN payloads survive and equality means *same bits*; use
/// [`Value::f32`] and [`Value::f64`] to build them from numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// Bits of an IEEE 754 binary32.
    F32(u32),
    /// Bits of an IEEE 754 binary64.
    F64(u64),
    /// Little-endian bytes of a 128-bit vector.
    V128([u8; 16]),
    /// Function reference: only whether it is null crosses the seam (`true` = some function).
    FuncRef(bool),
    /// Host reference: null, or a number the host chose.
    ExternRef(Option<u32>),
}

impl Value {
    /// A binary32 from a number.
    pub fn f32(x: f32) -> Self {
        Self::F32(x.to_bits())
    }

    /// A binary64 from a number.
    pub fn f64(x: f64) -> Self {
        Self::F64(x.to_bits())
    }

    /// This value's type.
    pub fn ty(&self) -> ValueType {
        match self {
            Self::I32(_) => ValueType::I32,
            Self::I64(_) => ValueType::I64,
            Self::F32(_) => ValueType::F32,
            Self::F64(_) => ValueType::F64,
            Self::V128(_) => ValueType::V128,
            Self::FuncRef(_) => ValueType::FuncRef,
            Self::ExternRef(_) => ValueType::ExternRef,
        }
    }

    /// The zero or null of a type.
    pub fn default_of(ty: ValueType) -> Self {
        match ty {
            ValueType::I32 => Self::I32(0),
            ValueType::I64 => Self::I64(0),
            ValueType::F32 => Self::F32(0),
            ValueType::F64 => Self::F64(0),
            ValueType::V128 => Self::V128([0; 16]),
            ValueType::FuncRef => Self::FuncRef(false),
            ValueType::ExternRef => Self::ExternRef(None),
        }
    }

    /// Reads a value of type `ty` as a user types it: decimal or `0x` hexadecimal integers (signed or
    /// unsigned), decimal floats, `inf`, `nan`; vectors as one 128-bit integer.
    pub fn parse(ty: ValueType, text: &str) -> Result<Self, String> {
        let bad = |what: &str| format!("`{text}` is not {what}");
        match ty {
            ValueType::I32 => {
                parse_int::<i32, u32>(text).map(Self::I32).ok_or_else(|| bad("a 32-bit integer"))
            }
            ValueType::I64 => {
                parse_int::<i64, u64>(text).map(Self::I64).ok_or_else(|| bad("a 64-bit integer"))
            }
            ValueType::F32 => text.parse().map(Self::f32).map_err(|_| bad("a number")),
            ValueType::F64 => text.parse().map(Self::f64).map_err(|_| bad("a number")),
            ValueType::V128 => {
                parse_u128(text).map(|v| Self::V128(v.to_le_bytes())).ok_or_else(|| bad("a 128-bit integer"))
            }
            ValueType::FuncRef | ValueType::ExternRef => {
                if text == "null" {
                    Ok(Self::default_of(ty))
                } else if ty == ValueType::ExternRef {
                    text.parse().map(|n| Self::ExternRef(Some(n))).map_err(|_| bad("`null` or a number"))
                } else {
                    Err(bad("`null`, the only function reference that can be typed"))
                }
            }
        }
    }
}

/// Integers are accepted in signed and unsigned spelling: WebAssembly's integers have no sign.
fn parse_int<S: FromStr, U: FromStr + Reinterpret<S>>(text: &str) -> Option<S> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return U::from_hex(hex).map(Reinterpret::reinterpret);
    }
    text.parse::<S>().ok().or_else(|| text.parse::<U>().ok().map(Reinterpret::reinterpret))
}

fn parse_u128(text: &str) -> Option<u128> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u128::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

trait Reinterpret<S>: Sized {
    fn reinterpret(self) -> S;
    fn from_hex(text: &str) -> Option<Self>;
}

impl Reinterpret<i32> for u32 {
    fn reinterpret(self) -> i32 {
        self.cast_signed()
    }
    fn from_hex(text: &str) -> Option<Self> {
        Self::from_str_radix(text, 16).ok()
    }
}

impl Reinterpret<i64> for u64 {
    fn reinterpret(self) -> i64 {
        self.cast_signed()
    }
    fn from_hex(text: &str) -> Option<Self> {
        Self::from_str_radix(text, 16).ok()
    }
}

/// As a user reads it: integers signed, floats shortest exact, vectors `0x…` (most significant first).
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::I32(v) => write!(f, "{v}"),
            Self::I64(v) => write!(f, "{v}"),
            Self::F32(v) => write!(f, "{}", f32::from_bits(*v)),
            Self::F64(v) => write!(f, "{}", f64::from_bits(*v)),
            Self::V128(v) => write!(f, "0x{:032x}", u128::from_le_bytes(*v)),
            Self::FuncRef(true) => f.write_str("func"),
            Self::FuncRef(false) | Self::ExternRef(None) => f.write_str("null"),
            Self::ExternRef(Some(v)) => write!(f, "extern:{v}"),
        }
    }
}

/// Parameters and results of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FuncType {
    /// Parameter types in order.
    pub params: Vec<ValueType>,
    /// Result types in order.
    pub results: Vec<ValueType>,
}

impl FuncType {
    /// A function type from its parts.
    pub fn new(params: impl Into<Vec<ValueType>>, results: impl Into<Vec<ValueType>>) -> Self {
        Self { params: params.into(), results: results.into() }
    }
}

impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |types: &[ValueType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        write!(f, "({}) -> ({})", list(&self.params), list(&self.results))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn integers_are_read_signed_unsigned_and_hexadecimal() {
        assert_eq!(Value::parse(ValueType::I32, "-1"), Ok(Value::I32(-1)));
        assert_eq!(Value::parse(ValueType::I32, "4294967295"), Ok(Value::I32(-1)));
        assert_eq!(Value::parse(ValueType::I64, "0xffffffffffffffff"), Ok(Value::I64(-1)));
        assert!(Value::parse(ValueType::I32, "4294967296").is_err());
        assert!(Value::parse(ValueType::I32, "ten").is_err());
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(a: i32, b: i64, c: u32, d: u64, e: u128) {
            for value in [Value::I32(a), Value::I64(b), Value::F32(c), Value::F64(d), Value::V128(e.to_le_bytes())] {
                let back = Value::parse(value.ty(), &value.to_string());
                let nan = matches!(value, Value::F32(v) if f32::from_bits(v).is_nan())
                    || matches!(value, Value::F64(v) if f64::from_bits(v).is_nan());
                prop_assert!(nan || back == Ok(value));
            }
        }
    }
}
