//! What must be known of a module that Lucet does not keep, read from its bytes and saved beside its code.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use runoff_runtime::{Failure, Feature, ModuleDescriptor, RuntimeError, Trap, Value, ValueType, check};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wasmparser::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, Operator, Parser, Payload, ValType,
};

/// What a module is like.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Shape {
    /// Imports, exports and sizes.
    pub(crate) descriptor: ModuleDescriptor,
    /// Whether it has a memory.
    pub(crate) has_memory: bool,
    /// Elements its table starts with.
    pub(crate) table_min: u64,
    /// Exported globals: name, index, type.
    globals: Vec<(String, u32, ValueType)>,
    /// How many globals there are.
    pub(crate) global_count: usize,
    /// The trap of an active segment that does not fit, as instantiating it must end.
    pub(crate) misfit: Option<Trap>,
}

impl Shape {
    /// Reads a valid module.
    fn read(wasm: &[u8]) -> Result<Self, RuntimeError> {
        let mut this = Self { descriptor: ModuleDescriptor::parse(wasm)?, ..Self::default() };
        this.sections(wasm).map_err(|e| RuntimeError::Malformed {
            message: e.message().to_owned(),
            offset: Some(e.offset()),
        })?;
        Ok(this)
    }

    fn sections(&mut self, wasm: &[u8]) -> Result<(), wasmparser::BinaryReaderError> {
        let mut types = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TableSection(tables) => {
                    for table in tables {
                        self.table_min = self.table_min.max(table?.ty.initial);
                    }
                }
                Payload::MemorySection(memories) => self.has_memory = memories.count() > 0,
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        types.push(value_type(global?.ty.content_type));
                    }
                    self.global_count = types.len();
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        let ty = types.get(export.index as usize).copied().flatten();
                        if let (ExternalKind::Global, Some(ty)) = (export.kind, ty) {
                            self.globals.push((export.name.to_owned(), export.index, ty));
                        }
                    }
                }
                Payload::ElementSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let ElementKind::Active { offset_expr, .. } = segment.kind else { continue };
                        let count = match segment.items {
                            ElementItems::Functions(items) => items.count(),
                            ElementItems::Expressions(_, items) => items.count(),
                        };
                        self.fits(&offset_expr, u64::from(count), self.table_min, Trap::TableOutOfBounds)?;
                    }
                }
                Payload::DataSection(segments) => {
                    let memory = self.descriptor.memory_min.unwrap_or(0);
                    for segment in segments {
                        let segment = segment?;
                        let DataKind::Active { offset_expr, .. } = segment.kind else { continue };
                        self.fits(&offset_expr, segment.data.len() as u64, memory, Trap::MemoryOutOfBounds)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Notes the first segment that does not fit where it is to go.
    fn fits(
        &mut self,
        offset: &ConstExpr<'_>,
        count: u64,
        room: u64,
        trap: Trap,
    ) -> Result<(), wasmparser::BinaryReaderError> {
        // Without imported globals an offset is a constant.
        if let Operator::I32Const { value } = offset.get_operators_reader().read()?
            && u64::from(value.cast_unsigned()) + count > room
            && self.misfit.is_none()
        {
            self.misfit = Some(trap);
        }
        Ok(())
    }

    /// Index and type of an exported global.
    pub(crate) fn global(&self, export: &str) -> Option<(usize, ValueType)> {
        let (_, index, ty) = self.globals.iter().find(|(name, ..)| name == export)?;
        Some((*index as usize, *ty))
    }

    /// How instantiating must end when a segment does not fit.
    pub(crate) fn check_segments(&self) -> Result<(), RuntimeError> {
        match &self.misfit {
            Some(trap) => Err(RuntimeError::Start(Failure::Trap(trap.clone()))),
            None => Ok(()),
        }
    }
}

fn value_type(ty: ValType) -> Option<ValueType> {
    Some(match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        _ => return None,
    })
}

/// A global's value from its bits.
pub(crate) fn global_value(ty: ValueType, bits: u64) -> Value {
    match ty {
        ValueType::I64 => Value::I64(bits.cast_signed()),
        ValueType::F32 => Value::F32(bits as u32),
        ValueType::F64 => Value::F64(bits),
        _ => Value::I32((bits as u32).cast_signed()),
    }
}

/// A valid module within the features of the runtime.
#[derive(Debug)]
pub(crate) struct Checked {
    bytes: Vec<u8>,
    /// SHA-256 of the bytes.
    pub(crate) sha256: [u8; 32],
    /// What it is like.
    pub(crate) shape: Arc<Shape>,
}

/// What a runtime validated last.
///
/// lucetc's own validator is of 2019 and part of compiling; the seam's runs before it and remembers the module,
/// so that compiling what was just validated costs a comparison and not a second validation.
#[derive(Debug, Default)]
pub(crate) struct Validated(RefCell<Option<Arc<Checked>>>);

impl Validated {
    /// Validates, and remembers.
    pub(crate) fn validate(
        &self,
        wasm: &[u8],
        features: &BTreeSet<Feature>,
    ) -> Result<Arc<Checked>, RuntimeError> {
        check(wasm, features)?;
        let shape = Arc::new(Shape::read(wasm)?);
        let checked = Arc::new(Checked { bytes: wasm.to_vec(), sha256: Sha256::digest(wasm).into(), shape });
        *self.0.borrow_mut() = Some(Arc::clone(&checked));
        Ok(checked)
    }

    /// The remembered module when it is this one; validates otherwise.
    pub(crate) fn get(
        &self,
        wasm: &[u8],
        features: &BTreeSet<Feature>,
    ) -> Result<Arc<Checked>, RuntimeError> {
        match &*self.0.borrow() {
            Some(checked) if checked.bytes == wasm => return Ok(Arc::clone(checked)),
            _ => {}
        }
        self.validate(wasm, features)
    }
}
