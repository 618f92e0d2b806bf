//! Values, types and failures in both vocabularies.

use runoff_runtime::{ExternKind, Failure, FuncType, Trap, Value, ValueType};
use wasmtime::{AsContextMut, ExternRef, ExternType, Val, ValType};

use crate::support::Stopped;

/// A type of the seam; `None` when it does not cross.
pub(super) fn value_type(ty: &ValType) -> Option<ValueType> {
    Some(match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(r) if r.is_nullable() && r.heap_type().is_func() => ValueType::FuncRef,
        ValType::Ref(r) if r.is_nullable() && r.heap_type().is_extern() => ValueType::ExternRef,
        ValType::Ref(_) => return None,
    })
}

/// A function type of the seam; `None` when one of its types does not cross.
pub(super) fn func_type(ty: &wasmtime::FuncType) -> Option<FuncType> {
    let params = ty.params().map(|t| value_type(&t)).collect::<Option<Vec<_>>>()?;
    let results = ty.results().map(|t| value_type(&t)).collect::<Option<Vec<_>>>()?;
    Some(FuncType { params, results })
}

pub(super) fn extern_kind(ty: &ExternType) -> ExternKind {
    match ty {
        ExternType::Func(f) => ExternKind::Func(func_type(f)),
        ExternType::Table(_) => ExternKind::Table,
        ExternType::Memory(_) => ExternKind::Memory,
        ExternType::Global(_) => ExternKind::Global,
        ExternType::Tag(_) => ExternKind::Tag,
    }
}

/// A value for the engine; a function reference can only be null.
pub(super) fn to_engine(store: impl AsContextMut, value: &Value) -> Result<Val, Failure> {
    Ok(match value {
        Value::I32(v) => Val::I32(*v),
        Value::I64(v) => Val::I64(*v),
        Value::F32(v) => Val::F32(*v),
        Value::F64(v) => Val::F64(*v),
        Value::V128(bytes) => Val::V128(u128::from_le_bytes(*bytes).into()),
        Value::FuncRef(false) => Val::FuncRef(None),
        Value::FuncRef(true) => {
            return Err(Failure::BadCall("only null function references can be passed".into()));
        }
        Value::ExternRef(None) => Val::ExternRef(None),
        Value::ExternRef(Some(n)) => {
            Val::ExternRef(Some(ExternRef::new(store, *n).map_err(|e| Failure::Engine(format!("{e:#}")))?))
        }
    })
}

/// A value of the seam; foreign host references become null.
pub(super) fn from_engine(mut store: impl AsContextMut, value: &Val) -> Result<Value, Failure> {
    Ok(match value {
        Val::I32(v) => Value::I32(*v),
        Val::I64(v) => Value::I64(*v),
        Val::F32(v) => Value::F32(*v),
        Val::F64(v) => Value::F64(*v),
        Val::V128(v) => Value::V128(v.as_u128().to_le_bytes()),
        Val::FuncRef(f) => Value::FuncRef(f.is_some()),
        Val::ExternRef(None) => Value::ExternRef(None),
        Val::ExternRef(Some(r)) => {
            let data = r.data(store.as_context_mut()).ok().flatten();
            Value::ExternRef(data.and_then(|any| any.downcast_ref::<u32>().copied()))
        }
        _ => return Err(Failure::Engine("a result has a type that does not cross the seam".into())),
    })
}

/// The one meaning of an error that ended a call.
pub(super) fn failure(error: &wasmtime::Error) -> Failure {
    if let Some(Stopped(failure)) = error.downcast_ref::<Stopped>() {
        return failure.clone();
    }
    match error.downcast_ref::<wasmtime::Trap>() {
        Some(trap) => match self::trap(*trap) {
            Some(trap) => Failure::Trap(trap),
            None => Failure::Deadline,
        },
        None => Failure::Engine(format!("{error:#}")),
    }
}

/// A trap in the seam's words; `None` for an interruption, which is no trap.
fn trap(trap: wasmtime::Trap) -> Option<Trap> {
    use wasmtime::Trap as T;
    Some(match trap {
        T::StackOverflow => Trap::StackExhausted,
        T::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        T::TableOutOfBounds => Trap::TableOutOfBounds,
        T::IndirectCallToNull | T::NullReference => Trap::NullReference,
        T::BadSignature => Trap::IndirectCallTypeMismatch,
        T::IntegerOverflow => Trap::IntegerOverflow,
        T::IntegerDivisionByZero => Trap::IntegerDivideByZero,
        T::BadConversionToInteger => Trap::InvalidConversionToInteger,
        T::UnreachableCodeReached => Trap::Unreachable,
        T::Interrupt => return None,
        other => Trap::Other(other.to_string()),
    })
}
