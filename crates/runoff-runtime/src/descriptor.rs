//! What a module says of itself, read once for every engine.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use wasmparser::{CompositeInnerType, ExternalKind, Parser, Payload, TypeRef, Validator, WasmFeatures};

use crate::{Feature, FuncType, RuntimeError, ValueType};

/// The kind and type of something imported or exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExternKind {
    /// A function; `None` when its type has values that do not cross the seam.
    Func(Option<FuncType>),
    /// A table.
    Table,
    /// A memory.
    Memory,
    /// A global.
    Global,
    /// An exception tag.
    Tag,
}

impl fmt::Display for ExternKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Func(_) => "function",
            Self::Table => "table",
            Self::Memory => "memory",
            Self::Global => "global",
            Self::Tag => "tag",
        })
    }
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportType {
    /// Module name.
    pub module: String,
    /// Field name.
    pub name: String,
    /// What is imported.
    pub kind: ExternKind,
}

/// One export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportType {
    /// Its name.
    pub name: String,
    /// What is exported.
    pub kind: ExternKind,
}

/// What a module says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleDescriptor {
    /// Imports in order.
    pub imports: Vec<ImportType>,
    /// Exports in order.
    pub exports: Vec<ExportType>,
    /// Functions defined in the module.
    pub functions: u32,
    /// Bytes of function bodies.
    pub code_bytes: u64,
    /// Smallest size of the first memory in bytes, when it has one.
    pub memory_min: Option<u64>,
    /// Whether it has a start function.
    pub has_start: bool,
}

impl ModuleDescriptor {
    /// Validates bytes with every proposal on, then reads what they say of themselves.
    pub fn parse(wasm: &[u8]) -> Result<Self, RuntimeError> {
        validate(wasm, WasmFeatures::all())?;
        Self::read(wasm).map_err(|e| malformed(&e))
    }

    /// The type of an exported function.
    pub fn func(&self, export: &str) -> Option<&FuncType> {
        self.exports.iter().find_map(|e| match &e.kind {
            ExternKind::Func(Some(ty)) if e.name == export => Some(ty),
            _ => None,
        })
    }

    /// Its exported functions for people: "it exports a, b".
    pub fn exported_functions(&self) -> String {
        let names: Vec<_> = self
            .exports
            .iter()
            .filter(|e| matches!(e.kind, ExternKind::Func(_)))
            .map(|e| e.name.as_str())
            .collect();
        if names.is_empty() {
            "it exports no function".to_owned()
        } else {
            format!("it exports {}", names.join(", "))
        }
    }

    /// The first import that no host function can satisfy because it is not a function.
    pub fn unlinkable(&self) -> Option<&ImportType> {
        self.imports.iter().find(|i| !matches!(i.kind, ExternKind::Func(_)))
    }

    fn read(wasm: &[u8]) -> Result<Self, wasmparser::BinaryReaderError> {
        let mut this = Self::default();
        let mut types: Vec<Option<FuncType>> = Vec::new();
        // Index spaces: imported functions first, then defined ones.
        let mut funcs: Vec<u32> = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(reader) => {
                    for group in reader {
                        for ty in group?.into_types() {
                            types.push(match ty.composite_type.inner {
                                CompositeInnerType::Func(f) => func_type(&f),
                                _ => None,
                            });
                        }
                    }
                }
                Payload::ImportSection(reader) => {
                    for import in reader.into_imports() {
                        let import = import?;
                        let kind = match import.ty {
                            TypeRef::Func(i) | TypeRef::FuncExact(i) => {
                                funcs.push(i);
                                ExternKind::Func(types.get(i as usize).cloned().flatten())
                            }
                            TypeRef::Table(_) => ExternKind::Table,
                            TypeRef::Memory(m) => {
                                this.memory_min.get_or_insert(memory_bytes(&m));
                                ExternKind::Memory
                            }
                            TypeRef::Global(_) => ExternKind::Global,
                            TypeRef::Tag(_) => ExternKind::Tag,
                        };
                        this.imports.push(ImportType {
                            module: import.module.to_owned(),
                            name: import.name.to_owned(),
                            kind,
                        });
                    }
                }
                Payload::FunctionSection(reader) => {
                    this.functions = reader.count();
                    for ty in reader {
                        funcs.push(ty?);
                    }
                }
                Payload::MemorySection(reader) => {
                    for memory in reader {
                        this.memory_min.get_or_insert(memory_bytes(&memory?));
                    }
                }
                Payload::ExportSection(reader) => {
                    for export in reader {
                        let export = export?;
                        let kind = match export.kind {
                            ExternalKind::Func | ExternalKind::FuncExact => ExternKind::Func(
                                funcs
                                    .get(export.index as usize)
                                    .and_then(|&ty| types.get(ty as usize).cloned())
                                    .flatten(),
                            ),
                            ExternalKind::Table => ExternKind::Table,
                            ExternalKind::Memory => ExternKind::Memory,
                            ExternalKind::Global => ExternKind::Global,
                            ExternalKind::Tag => ExternKind::Tag,
                        };
                        this.exports.push(ExportType { name: export.name.to_owned(), kind });
                    }
                }
                Payload::StartSection { .. } => this.has_start = true,
                Payload::CodeSectionStart { size, .. } => this.code_bytes = u64::from(size),
                _ => {}
            }
        }
        Ok(this)
    }
}

/// Checks a module for a runtime that runs `features`: malformed (with position) and unsupported (with the
/// proposals it needs) are told apart.
pub fn check(wasm: &[u8], features: &BTreeSet<Feature>) -> Result<(), RuntimeError> {
    if validate(wasm, flags(features)).is_ok() {
        return Ok(());
    }
    validate(wasm, WasmFeatures::all())?;
    let missing: Vec<_> =
        required_features(wasm).into_iter().filter(|f| !features.contains(f)).map(Feature::name).collect();
    Err(RuntimeError::Unsupported(if missing.is_empty() {
        "needs a combination of proposals this runtime does not have".into()
    } else {
        format!("needs {}", missing.join(", "))
    }))
}

/// The proposals without which a valid module would not be valid.
pub fn required_features(wasm: &[u8]) -> BTreeSet<Feature> {
    let all: BTreeSet<_> = Feature::ALL.into_iter().collect();
    let mut needed = BTreeSet::new();
    for feature in Feature::ALL {
        let mut without = all.clone();
        without.remove(&feature);
        if validate(wasm, flags(&without)).is_err() {
            needed.insert(feature);
        }
    }
    needed
}

fn validate(wasm: &[u8], features: WasmFeatures) -> Result<(), RuntimeError> {
    let mut features = features;
    // Components have the same magic; Runoff runs core modules.
    features.set(WasmFeatures::COMPONENT_MODEL, false);
    if wasm.len() >= 8 && wasm.starts_with(b"\0asm") && wasm[6..8] == [1, 0] {
        return Err(RuntimeError::Unsupported(
            "needs component-model: this is a component, not a core module".into(),
        ));
    }
    if !wasm.starts_with(b"\0asm") {
        // What it holds is not said: it may be any file whose path somebody gave.
        let message = match wasm.get(..4) {
            Some(_) => "not WebAssembly: it does not begin with `\\0asm`".to_owned(),
            None => "not WebAssembly: it is shorter than a header".to_owned(),
        };
        return Err(RuntimeError::Malformed { message, offset: Some(0) });
    }
    Validator::new_with_features(features).validate_all(wasm).map(drop).map_err(|e| malformed(&e))
}

fn malformed(error: &wasmparser::BinaryReaderError) -> RuntimeError {
    RuntimeError::Malformed { message: error.message().to_owned(), offset: Some(error.offset()) }
}

/// `features` in the validator's terms.
fn flags(features: &BTreeSet<Feature>) -> WasmFeatures {
    let mut flags = WasmFeatures::empty() | WasmFeatures::FLOATS | WasmFeatures::GC_TYPES;
    for feature in features {
        flags |= match feature {
            Feature::MutableGlobals => WasmFeatures::MUTABLE_GLOBAL,
            Feature::SaturatingFloatToInt => WasmFeatures::SATURATING_FLOAT_TO_INT,
            Feature::SignExtension => WasmFeatures::SIGN_EXTENSION,
            Feature::MultiValue => WasmFeatures::MULTI_VALUE,
            Feature::BulkMemory => WasmFeatures::BULK_MEMORY | WasmFeatures::BULK_MEMORY_OPT,
            Feature::ReferenceTypes => WasmFeatures::REFERENCE_TYPES | WasmFeatures::CALL_INDIRECT_OVERLONG,
            Feature::Simd => WasmFeatures::SIMD,
            Feature::RelaxedSimd => WasmFeatures::RELAXED_SIMD,
            Feature::Threads => WasmFeatures::THREADS,
            Feature::TailCall => WasmFeatures::TAIL_CALL,
            Feature::MultiMemory => WasmFeatures::MULTI_MEMORY,
            Feature::Memory64 => WasmFeatures::MEMORY64,
            Feature::Exceptions => WasmFeatures::EXCEPTIONS | WasmFeatures::LEGACY_EXCEPTIONS,
            Feature::ExtendedConst => WasmFeatures::EXTENDED_CONST,
            Feature::FunctionReferences => WasmFeatures::FUNCTION_REFERENCES,
            Feature::Gc => WasmFeatures::GC,
            Feature::WideArithmetic => WasmFeatures::WIDE_ARITHMETIC,
            Feature::ComponentModel => WasmFeatures::empty(),
        };
    }
    flags
}

fn memory_bytes(memory: &wasmparser::MemoryType) -> u64 {
    memory.initial.saturating_mul(1 << memory.page_size_log2.unwrap_or(16))
}

fn func_type(ty: &wasmparser::FuncType) -> Option<FuncType> {
    let list =
        |types: &[wasmparser::ValType]| types.iter().copied().map(value_type).collect::<Option<Vec<_>>>();
    Some(FuncType { params: list(ty.params())?, results: list(ty.results())? })
}

fn value_type(ty: wasmparser::ValType) -> Option<ValueType> {
    use wasmparser::ValType;
    Some(match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::Ref(r) if r == wasmparser::RefType::FUNCREF => ValueType::FuncRef,
        ValType::Ref(r) if r == wasmparser::RefType::EXTERNREF => ValueType::ExternRef,
        ValType::Ref(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wasm(text: &str) -> Vec<u8> {
        wat::parse_str(text).expect("test module")
    }

    #[test]
    fn reads_imports_exports_and_memory() {
        let bytes = wasm(
            r#"(module (import "env" "log" (func (param i32)))
                 (memory (export "memory") 2)
                 (func (export "add") (param i32 i64) (result f64) f64.const 0))"#,
        );
        let d = ModuleDescriptor::parse(&bytes).unwrap();
        assert_eq!(d.imports[0].name, "log");
        assert_eq!(d.memory_min, Some(131_072));
        assert_eq!(d.func("add"), Some(&FuncType::new([ValueType::I32, ValueType::I64], [ValueType::F64])));
    }

    #[test]
    fn malformed_has_a_position() {
        let mut bytes = wasm("(module (func (result i32) i32.const 1))");
        let last = bytes.len() - 2;
        bytes[last] = 0xff;
        let error = ModuleDescriptor::parse(&bytes).unwrap_err();
        assert!(matches!(error, RuntimeError::Malformed { offset: Some(_), .. }), "{error}");
    }

    #[test]
    fn needed_proposals_are_named() {
        let bytes = wasm("(module (func (result v128) v128.const i64x2 0 0))");
        assert_eq!(required_features(&bytes), BTreeSet::from([Feature::Simd]));
        let error = check(&bytes, &Feature::BASELINE.into_iter().collect()).unwrap_err();
        assert_eq!(error, RuntimeError::Unsupported("needs simd".into()));
    }

    #[test]
    fn components_are_unsupported_not_malformed() {
        let bytes = wasm("(component)");
        assert!(matches!(ModuleDescriptor::parse(&bytes), Err(RuntimeError::Unsupported(_))));
    }
}
