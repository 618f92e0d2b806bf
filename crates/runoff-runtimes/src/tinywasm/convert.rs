//! Values, types and failures in both vocabularies.

use std::collections::BTreeMap;

use runoff_runtime::{ExternKind, Failure, FuncType, Trap, Value, ValueType};
use tinywasm::types::{ExportType, ExternRef, FuncRef, ImportType, WasmType, WasmValue};
use tinywasm::{Error, Trap as EngineTrap};

/// The numbers behind host references: the engine's own number of each is its place here, since one of the
/// engine's numbers means null.
#[derive(Default)]
pub(super) struct Externs {
    numbers: Vec<u32>,
    known: BTreeMap<u32, u32>,
}

impl Externs {
    fn place(&mut self, number: u32) -> u32 {
        *self.known.entry(number).or_insert_with(|| {
            self.numbers.push(number);
            self.numbers.len() as u32 - 1
        })
    }

    /// A value for the engine; a function reference can only be null.
    pub(super) fn engine_value(&mut self, value: &Value) -> Result<WasmValue, Failure> {
        Ok(match value {
            Value::I32(v) => WasmValue::I32(*v),
            Value::I64(v) => WasmValue::I64(*v),
            Value::F32(bits) => WasmValue::F32(f32::from_bits(*bits)),
            Value::F64(bits) => WasmValue::F64(f64::from_bits(*bits)),
            Value::V128(bytes) => WasmValue::V128(*bytes),
            Value::FuncRef(false) => WasmValue::RefFunc(FuncRef::null()),
            Value::FuncRef(true) => {
                return Err(Failure::BadCall("only null function references can be passed".into()));
            }
            Value::ExternRef(number) => {
                WasmValue::RefExtern(ExternRef::new(number.map(|number| self.place(number))))
            }
        })
    }

    /// A value of the seam.
    pub(super) fn seam_value(&self, value: &WasmValue) -> Value {
        match value {
            WasmValue::I32(v) => Value::I32(*v),
            WasmValue::I64(v) => Value::I64(*v),
            WasmValue::F32(v) => Value::f32(*v),
            WasmValue::F64(v) => Value::f64(*v),
            WasmValue::V128(bytes) => Value::V128(*bytes),
            WasmValue::RefFunc(reference) => Value::FuncRef(!reference.is_null()),
            WasmValue::RefExtern(reference) => {
                Value::ExternRef(reference.addr().and_then(|place| self.numbers.get(place as usize).copied()))
            }
        }
    }
}

fn value_type(ty: WasmType) -> ValueType {
    match ty {
        WasmType::I32 => ValueType::I32,
        WasmType::I64 => ValueType::I64,
        WasmType::F32 => ValueType::F32,
        WasmType::F64 => ValueType::F64,
        WasmType::V128 => ValueType::V128,
        WasmType::RefFunc => ValueType::FuncRef,
        WasmType::RefExtern => ValueType::ExternRef,
    }
}

fn engine_type(ty: ValueType) -> WasmType {
    match ty {
        ValueType::I32 => WasmType::I32,
        ValueType::I64 => WasmType::I64,
        ValueType::F32 => WasmType::F32,
        ValueType::F64 => WasmType::F64,
        ValueType::V128 => WasmType::V128,
        ValueType::FuncRef => WasmType::RefFunc,
        ValueType::ExternRef => WasmType::RefExtern,
    }
}

pub(super) fn func_type(ty: &tinywasm::types::FuncType) -> FuncType {
    let list = |types: &[WasmType]| types.iter().copied().map(value_type).collect::<Vec<_>>();
    FuncType::new(list(ty.params()), list(ty.results()))
}

pub(super) fn engine_func_type(ty: &FuncType) -> tinywasm::types::FuncType {
    let list = |types: &[ValueType]| types.iter().copied().map(engine_type).collect::<Vec<_>>();
    tinywasm::types::FuncType::new(&list(&ty.params), &list(&ty.results))
}

pub(super) fn import_kind(ty: &ImportType<'_>) -> ExternKind {
    match ty {
        ImportType::Func(ty) => ExternKind::Func(Some(func_type(ty))),
        ImportType::Table(_) => ExternKind::Table,
        ImportType::Memory(_) => ExternKind::Memory,
        ImportType::Global(_) => ExternKind::Global,
    }
}

pub(super) fn export_kind(ty: &ExportType<'_>) -> ExternKind {
    match ty {
        ExportType::Func(ty) => ExternKind::Func(Some(func_type(ty))),
        ExportType::Table(_) => ExternKind::Table,
        ExportType::Memory(_) => ExternKind::Memory,
        ExportType::Global(_) => ExternKind::Global,
    }
}

/// The one meaning of an error of the engine's own; host functions leave theirs elsewhere.
pub(super) fn failure(error: &Error) -> Failure {
    let Error::Trap(trap) = error else { return Failure::Engine(error.to_string()) };
    Failure::Trap(match trap {
        EngineTrap::Unreachable => Trap::Unreachable,
        EngineTrap::MemoryOutOfBounds { .. } => Trap::MemoryOutOfBounds,
        EngineTrap::TableOutOfBounds { .. } | EngineTrap::UndefinedElement { .. } => Trap::TableOutOfBounds,
        EngineTrap::UninitializedElement { .. } => Trap::NullReference,
        EngineTrap::IndirectCallTypeMismatch { .. } => Trap::IndirectCallTypeMismatch,
        EngineTrap::DivisionByZero => Trap::IntegerDivideByZero,
        EngineTrap::IntegerOverflow => Trap::IntegerOverflow,
        EngineTrap::InvalidConversionToInt => Trap::InvalidConversionToInteger,
        EngineTrap::CallStackOverflow | EngineTrap::ValueStackOverflow => Trap::StackExhausted,
        EngineTrap::OutOfMemory => return Failure::Engine("out of memory".into()),
        other => Trap::Other(other.message().to_owned()),
    })
}
