//! Values, types and failures in both vocabularies.

use runoff_runtime::{ExternKind, Failure, FuncType, LimitKind, RuntimeError, Trap, Value, ValueType};
use wasmi::errors::{ErrorKind, HostError, InstantiationError, MemoryError, TableError};
use wasmi::{
    AsContext, AsContextMut, ExternRef, ExternType, F32, F64, Nullable, TrapCode, V128, Val, ValType,
};

use super::instance::StoreData;
use crate::support::Stopped;

impl HostError for Stopped {}

fn value_type(ty: ValType) -> ValueType {
    match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::FuncRef => ValueType::FuncRef,
        ValType::ExternRef => ValueType::ExternRef,
    }
}

fn engine_type(ty: ValueType) -> ValType {
    match ty {
        ValueType::I32 => ValType::I32,
        ValueType::I64 => ValType::I64,
        ValueType::F32 => ValType::F32,
        ValueType::F64 => ValType::F64,
        ValueType::V128 => ValType::V128,
        ValueType::FuncRef => ValType::FuncRef,
        ValueType::ExternRef => ValType::ExternRef,
    }
}

pub(super) fn func_type(ty: &wasmi::FuncType) -> FuncType {
    let list = |types: &[ValType]| types.iter().copied().map(value_type).collect::<Vec<_>>();
    FuncType::new(list(ty.params()), list(ty.results()))
}

pub(super) fn engine_func_type(ty: &FuncType) -> wasmi::FuncType {
    wasmi::FuncType::new(
        ty.params.iter().copied().map(engine_type),
        ty.results.iter().copied().map(engine_type),
    )
}

pub(super) fn extern_kind(ty: &ExternType) -> ExternKind {
    match ty {
        ExternType::Func(f) => ExternKind::Func(Some(func_type(f))),
        ExternType::Table(_) => ExternKind::Table,
        ExternType::Memory(_) => ExternKind::Memory,
        ExternType::Global(_) => ExternKind::Global,
    }
}

/// A value for the engine; a function reference can only be null.
pub(super) fn to_engine(
    mut store: impl AsContextMut<Data = StoreData>,
    value: &Value,
) -> Result<Val, Failure> {
    Ok(match value {
        Value::I32(v) => Val::I32(*v),
        Value::I64(v) => Val::I64(*v),
        Value::F32(bits) => Val::F32(F32::from_bits(*bits)),
        Value::F64(bits) => Val::F64(F64::from_bits(*bits)),
        Value::V128(bytes) => Val::V128(V128::from(u128::from_le_bytes(*bytes))),
        Value::FuncRef(false) => Val::FuncRef(Nullable::Null),
        Value::FuncRef(true) => {
            return Err(Failure::BadCall("only null function references can be passed".into()));
        }
        Value::ExternRef(None) => Val::ExternRef(Nullable::Null),
        Value::ExternRef(Some(n)) => {
            // The engine keeps every host reference as long as the store: make each number only once.
            let known = store.as_context().data().externs.get(n).copied();
            let reference = known.unwrap_or_else(|| {
                let made = ExternRef::new(&mut store, *n);
                store.as_context_mut().data_mut().externs.insert(*n, made);
                made
            });
            Val::ExternRef(Nullable::Val(reference))
        }
    })
}

/// A value of the seam.
pub(super) fn from_engine(store: &impl AsContext<Data = StoreData>, value: &Val) -> Value {
    match value {
        Val::I32(v) => Value::I32(*v),
        Val::I64(v) => Value::I64(*v),
        Val::F32(v) => Value::F32(v.to_bits()),
        Val::F64(v) => Value::F64(v.to_bits()),
        Val::V128(v) => Value::V128(v.as_u128().to_le_bytes()),
        Val::FuncRef(f) => Value::FuncRef(!f.is_null()),
        Val::ExternRef(r) => {
            Value::ExternRef(r.val().and_then(|r| r.data(store.as_context()).downcast_ref::<u32>().copied()))
        }
    }
}

/// The one meaning of an error that ended a call.
pub(super) fn failure(error: &wasmi::Error) -> Failure {
    if let Some(Stopped(failure)) = error.downcast_ref::<Stopped>() {
        return failure.clone();
    }
    match error.kind() {
        ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) => {
            Failure::Trap(Trap::TableOutOfBounds)
        }
        kind => match kind.as_trap_code() {
            Some(code) => match trap(code) {
                Some(trap) => Failure::Trap(trap),
                None => Failure::Deadline,
            },
            None => Failure::Engine(error.to_string()),
        },
    }
}

/// The one meaning of an error that kept an instance from being made.
pub(super) fn instantiation_failure(error: &wasmi::Error) -> RuntimeError {
    match error.kind() {
        ErrorKind::Instantiation(InstantiationError::FailedToInstantiateMemory(
            MemoryError::ResourceLimiterDeniedAllocation,
        )) => {
            RuntimeError::Limit(LimitKind::Memory, "the module starts with more memory than allowed".into())
        }
        ErrorKind::Instantiation(InstantiationError::FailedToInstantiateTable(
            TableError::ResourceLimiterDeniedAllocation,
        )) => {
            RuntimeError::Limit(LimitKind::Table, "the module starts with a larger table than allowed".into())
        }
        _ => match failure(error) {
            Failure::Engine(words) => RuntimeError::Engine(words),
            failure => RuntimeError::Start(failure),
        },
    }
}

/// A trap in the seam's words; `None` for the end of the fuel, which is no trap.
fn trap(code: TrapCode) -> Option<Trap> {
    Some(match code {
        TrapCode::UnreachableCodeReached => Trap::Unreachable,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::NullReference,
        TrapCode::IntegerDivisionByZero => Trap::IntegerDivideByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::BadConversionToInteger => Trap::InvalidConversionToInteger,
        TrapCode::StackOverflow => Trap::StackExhausted,
        TrapCode::BadSignature => Trap::IndirectCallTypeMismatch,
        TrapCode::OutOfFuel => return None,
        other => Trap::Other(other.trap_message().to_owned()),
    })
}
