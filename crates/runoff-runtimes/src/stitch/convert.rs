//! Values and failures in both vocabularies.

use makepad_stitch::{Error, Val};
use runoff_runtime::{Failure, Trap, Value, ValueType};

/// A value for the engine.
#[inline]
pub(super) fn to_engine(value: &Value) -> Val {
    match value {
        Value::I32(v) => Val::I32(*v),
        Value::I64(v) => Val::I64(*v),
        Value::F32(bits) => Val::F32(f32::from_bits(*bits)),
        Value::F64(bits) => Val::F64(f64::from_bits(*bits)),
        // Functions of such types are not let in.
        Value::V128(_) | Value::FuncRef(_) | Value::ExternRef(_) => Val::I32(0),
    }
}

/// A value of the seam; `None` for references, which cannot be had.
#[inline]
pub(super) fn from_engine(value: Val) -> Option<Value> {
    Some(match value {
        Val::I32(v) => Value::I32(v),
        Val::I64(v) => Value::I64(v),
        Val::F32(v) => Value::f32(v),
        Val::F64(v) => Value::f64(v),
        Val::FuncRef(_) | Val::ExternRef(_) => return None,
    })
}

/// Room for a result of this type.
#[inline]
pub(super) fn zero(ty: ValueType) -> Val {
    to_engine(&Value::default_of(ty))
}

/// The one meaning of an error of the engine's own; host functions leave theirs elsewhere.
pub(super) fn failure(error: &Error) -> Failure {
    let Error::Trap(trap) = error else { return Failure::Engine(words(error)) };
    // The engine does not export the type of its traps, only their words.
    Failure::Trap(match trap.to_string().as_str() {
        "unreachable" => Trap::Unreachable,
        "type mismatch" => Trap::IndirectCallTypeMismatch,
        "element uninitialized" => Trap::NullReference,
        "integer divide by zero" => Trap::IntegerDivideByZero,
        "integer overflow" => Trap::IntegerOverflow,
        "invalid conversion to integer" => Trap::InvalidConversionToInteger,
        "table access out of bounds" => Trap::TableOutOfBounds,
        "memory access out of bounds" => Trap::MemoryOutOfBounds,
        "stack overflow" => Trap::StackExhausted,
        other => Trap::Other(other.to_owned()),
    })
}

/// What an error says, with its cause.
pub(super) fn words(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
