//! Values, types and failures in both vocabularies.

use runoff_runtime::{ExternKind, Failure, FuncType, Trap, Value, ValueType};
use wasmer::sys::vm::TrapCode;
use wasmer::{AsStoreMut, AsStoreRef, ExternRef, ExternType, FunctionType, Type, Value as Val};

use crate::support::Stopped;

/// A type of the seam; `None` when it does not cross.
pub(super) fn value_type(ty: Type) -> Option<ValueType> {
    Some(match ty {
        Type::I32 => ValueType::I32,
        Type::I64 => ValueType::I64,
        Type::F32 => ValueType::F32,
        Type::F64 => ValueType::F64,
        Type::V128 => ValueType::V128,
        Type::FuncRef => ValueType::FuncRef,
        Type::ExternRef => ValueType::ExternRef,
        Type::ExceptionRef => return None,
    })
}

/// A type of the engine.
fn engine_type(ty: ValueType) -> Type {
    match ty {
        ValueType::I32 => Type::I32,
        ValueType::I64 => Type::I64,
        ValueType::F32 => Type::F32,
        ValueType::F64 => Type::F64,
        ValueType::V128 => Type::V128,
        ValueType::FuncRef => Type::FuncRef,
        ValueType::ExternRef => Type::ExternRef,
    }
}

/// A function type of the engine.
pub(super) fn engine_func_type(ty: &FuncType) -> FunctionType {
    let list = |types: &[ValueType]| types.iter().map(|t| engine_type(*t)).collect::<Vec<_>>();
    FunctionType::new(list(&ty.params), list(&ty.results))
}

/// A function type of the seam; `None` when one of its types does not cross.
pub(super) fn func_type(ty: &FunctionType) -> Option<FuncType> {
    let list = |types: &[Type]| types.iter().map(|t| value_type(*t)).collect::<Option<Vec<_>>>();
    Some(FuncType { params: list(ty.params())?, results: list(ty.results())? })
}

pub(super) fn extern_kind(ty: &ExternType) -> ExternKind {
    match ty {
        ExternType::Function(f) => ExternKind::Func(func_type(f)),
        ExternType::Table(_) => ExternKind::Table,
        ExternType::Memory(_) => ExternKind::Memory,
        ExternType::Global(_) => ExternKind::Global,
        ExternType::Tag(_) => ExternKind::Tag,
    }
}

/// A value for the engine; a function reference can only be null.
pub(super) fn to_engine(store: &mut impl AsStoreMut, value: &Value) -> Result<Val, Failure> {
    Ok(match value {
        Value::I32(v) => Val::I32(*v),
        Value::I64(v) => Val::I64(*v),
        Value::F32(v) => Val::F32(f32::from_bits(*v)),
        Value::F64(v) => Val::F64(f64::from_bits(*v)),
        Value::V128(bytes) => Val::V128(u128::from_le_bytes(*bytes)),
        Value::FuncRef(false) => Val::FuncRef(None),
        Value::FuncRef(true) => {
            return Err(Failure::BadCall("only null function references can be passed".into()));
        }
        Value::ExternRef(None) => Val::ExternRef(None),
        Value::ExternRef(Some(n)) => Val::ExternRef(Some(ExternRef::new(store, *n))),
    })
}

/// A value of the seam; foreign host references become null.
pub(super) fn from_engine(store: &impl AsStoreRef, value: &Val) -> Result<Value, Failure> {
    Ok(match value {
        Val::I32(v) => Value::I32(*v),
        Val::I64(v) => Value::I64(*v),
        Val::F32(v) => Value::F32(v.to_bits()),
        Val::F64(v) => Value::F64(v.to_bits()),
        Val::V128(v) => Value::V128(v.to_le_bytes()),
        Val::FuncRef(f) => Value::FuncRef(f.is_some()),
        Val::ExternRef(None) => Value::ExternRef(None),
        Val::ExternRef(Some(r)) => Value::ExternRef(r.downcast::<u32>(store).copied()),
        Val::ExceptionRef(_) => {
            return Err(Failure::Engine("a result has a type that does not cross the seam".into()));
        }
    })
}

/// The one meaning of an error that ended a call.
pub(super) fn failure(error: &wasmer::RuntimeError) -> Failure {
    if let Some(Stopped(failure)) = error.downcast_ref::<Stopped>() {
        return failure.clone();
    }
    match error.clone().to_trap() {
        Some(code) => Failure::Trap(trap(code)),
        None if error.is_exception() => Failure::Trap(Trap::Other("uncaught exception".into())),
        None => Failure::Engine(error.message()),
    }
}

/// A trap in the seam's words.
fn trap(code: TrapCode) -> Trap {
    match code {
        TrapCode::StackOverflow => Trap::StackExhausted,
        TrapCode::HeapAccessOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableAccessOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::NullReference,
        TrapCode::BadSignature => Trap::IndirectCallTypeMismatch,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::IntegerDivisionByZero => Trap::IntegerDivideByZero,
        TrapCode::BadConversionToInteger => Trap::InvalidConversionToInteger,
        TrapCode::UnreachableCodeReached => Trap::Unreachable,
        other => Trap::Other(other.message().to_owned()),
    }
}
