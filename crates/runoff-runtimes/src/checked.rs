//! Bytes that are known to be valid, for engines that rely on it.
//!
//! wasm3 checks a function when it first runs it, WAMR's loader is known to let some invalid modules pass, and
//! what stitch and toywasm take for valid is theirs to know, so none of them gets bytes the seam's validator has not seen: that is a safety rule, not a phase of the engine.
//! The runtime remembers what it validated last. [`runoff_runtime::Runtime::compile`] of the same bytes then
//! costs a comparison on top of the engine's work; of other bytes it costs the validation as well. Whoever
//! measures `compile` calls `validate` before, as the phases have it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use runoff_runtime::{Feature, FuncType, ModuleDescriptor, RuntimeError, ValueType, check};
use wasmparser::{ExternalKind, Parser, Payload, RefType, ValType};

/// A valid module within the features of the runtime it was checked for, and what it says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// The module.
    pub(crate) bytes: Rc<Vec<u8>>,
    /// Imports, exports and sizes.
    pub(crate) descriptor: ModuleDescriptor,
    /// Number of its own tables.
    pub(crate) tables: u32,
    /// Elements the largest of them starts with.
    pub(crate) table_min: u64,
    /// Whether it has a memory of its own.
    pub(crate) has_memory: bool,
    /// Index of each exported function.
    exports: Vec<(String, u32)>,
    /// Index and type of each exported global whose type crosses the seam.
    globals: Vec<(String, u32, ValueType)>,
}

impl Checked {
    fn new(wasm: &[u8], features: &BTreeSet<Feature>) -> Result<Self, RuntimeError> {
        check(wasm, features)?;
        Self::parse(wasm)
    }

    /// Reads a module without asking which features it needs.
    pub(crate) fn parse(wasm: &[u8]) -> Result<Self, RuntimeError> {
        let descriptor = ModuleDescriptor::parse(wasm)?;
        let mut this = Self {
            bytes: Rc::new(wasm.to_vec()),
            descriptor,
            tables: 0,
            table_min: 0,
            has_memory: false,
            exports: Vec::new(),
            globals: Vec::new(),
        };
        this.read(wasm).map_err(|e| RuntimeError::Malformed {
            message: e.message().to_owned(),
            offset: Some(e.offset()),
        })?;
        Ok(this)
    }

    fn read(&mut self, wasm: &[u8]) -> Result<(), wasmparser::BinaryReaderError> {
        let mut globals = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TableSection(tables) => {
                    self.tables = tables.count();
                    for table in tables {
                        self.table_min = self.table_min.max(table?.ty.initial);
                    }
                }
                Payload::MemorySection(memories) => self.has_memory = memories.count() > 0,
                Payload::GlobalSection(all) => {
                    // No imported ones come before them: what imports globals is not linked.
                    for global in all {
                        globals.push(value_type(global?.ty.content_type));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Global
                            && let Some(Some(ty)) = globals.get(export.index as usize)
                        {
                            self.globals.push((export.name.to_owned(), export.index, *ty));
                        }
                        if export.kind == ExternalKind::Func {
                            self.exports.push((export.name.to_owned(), export.index));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The same module with other limits in its bytes.
    pub(crate) fn with_bytes(&self, bytes: Vec<u8>) -> Self {
        Self { bytes: Rc::new(bytes), ..self.clone() }
    }

    /// Index and type of an exported global whose type crosses the seam.
    pub(crate) fn global(&self, export: &str) -> Option<(u32, ValueType)> {
        self.globals.iter().find(|(name, ..)| name == export).map(|(_, index, ty)| (*index, *ty))
    }

    /// Index and type of an exported function whose type crosses the seam.
    pub(crate) fn func(&self, export: &str) -> Option<(u32, FuncType)> {
        let index = self.exports.iter().find(|(name, _)| name == export)?.1;
        Some((index, self.descriptor.func(export)?.clone()))
    }
}

fn value_type(ty: ValType) -> Option<ValueType> {
    match ty {
        ValType::I32 => Some(ValueType::I32),
        ValType::I64 => Some(ValueType::I64),
        ValType::F32 => Some(ValueType::F32),
        ValType::F64 => Some(ValueType::F64),
        ValType::V128 => Some(ValueType::V128),
        ValType::Ref(ty) if ty == RefType::FUNCREF => Some(ValueType::FuncRef),
        ValType::Ref(ty) if ty == RefType::EXTERNREF => Some(ValueType::ExternRef),
        ValType::Ref(_) => None,
    }
}

/// What a runtime validated last.
#[derive(Debug, Default)]
pub(crate) struct Validated(RefCell<Option<Rc<Checked>>>);

impl Validated {
    /// Validates, and remembers.
    pub(crate) fn validate(
        &self,
        wasm: &[u8],
        features: &BTreeSet<Feature>,
    ) -> Result<Rc<Checked>, RuntimeError> {
        let checked = Rc::new(Checked::new(wasm, features)?);
        *self.0.borrow_mut() = Some(Rc::clone(&checked));
        Ok(checked)
    }

    /// The remembered module when it is this one; validates otherwise.
    pub(crate) fn get(&self, wasm: &[u8], features: &BTreeSet<Feature>) -> Result<Rc<Checked>, RuntimeError> {
        match &*self.0.borrow() {
            Some(checked) if checked.bytes.as_slice() == wasm => return Ok(Rc::clone(checked)),
            _ => {}
        }
        self.validate(wasm, features)
    }
}
