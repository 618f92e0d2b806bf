//! Compiled modules.

use std::sync::{Arc, OnceLock};

use runoff_runtime::{
    Artifact, ArtifactKey, ExportType, FunctionCode, HostState, ImportType, Imports, Instance, Limits,
    MachineCode, Module, RuntimeError, SharedModule,
};

use super::convert::extern_kind;
use super::instance::WasmtimeInstance;
use crate::support::{check_memory_cap, check_table_cap};

pub(super) struct WasmtimeModule {
    module: wasmtime::Module,
    key: ArtifactKey,
    sha256: [u8; 32],
    interruptible: bool,
    /// Looked up at the first instantiation: types cost more to build than an instance.
    shape: OnceLock<Shape>,
}

/// What every instantiation needs to know of the module.
pub(super) struct Shape {
    /// Each import with its type in the engine's terms, where it is a function.
    pub(super) imports: Vec<(ImportType, Option<wasmtime::FuncType>)>,
    /// The memory host functions see: `memory`, or else the first one exported.
    pub(super) memory: Option<Arc<str>>,
}

impl WasmtimeModule {
    pub(super) fn new(
        module: wasmtime::Module,
        key: ArtifactKey,
        sha256: [u8; 32],
        interruptible: bool,
    ) -> Self {
        Self { module, key, sha256, interruptible, shape: OnceLock::new() }
    }

    fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| Shape {
            imports: self.module.imports().map(|i| (import_type(&i), i.ty().func().cloned())).collect(),
            memory: memory_name(&self.module).map(Arc::from),
        })
    }
}

fn import_type(import: &wasmtime::ImportType<'_>) -> ImportType {
    ImportType {
        module: import.module().to_owned(),
        name: import.name().to_owned(),
        kind: extern_kind(&import.ty()),
    }
}

fn memory_name(module: &wasmtime::Module) -> Option<&str> {
    let memories = || module.exports().filter(|e| e.ty().memory().is_some()).map(|e| e.name());
    memories().find(|name| *name == "memory").or_else(|| memories().next())
}

impl Module for WasmtimeModule {
    fn imports(&self) -> Vec<ImportType> {
        self.module.imports().map(|i| import_type(&i)).collect()
    }

    fn exports(&self) -> Vec<ExportType> {
        let export =
            |e: wasmtime::ExportType<'_>| ExportType { name: e.name().into(), kind: extern_kind(&e.ty()) };
        self.module.exports().map(export).collect()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        let payload = self.module.serialize().map_err(|e| RuntimeError::Engine(format!("{e:#}")))?;
        Ok(Artifact::new(&self.key, self.sha256, &payload))
    }

    fn code_size(&self) -> Option<u64> {
        Some(self.module.text().len() as u64)
    }

    fn machine_code(&self) -> Result<MachineCode, RuntimeError> {
        if self.module.engine().is_pulley() {
            return Err(RuntimeError::Unsupported("its code is bytecode that is interpreted".into()));
        }
        let text = self.module.text();
        let base = text.as_ptr() as u64;
        let function = |f: wasmtime::ModuleFunction| {
            let bytes = text.get(f.offset..f.offset + f.len)?.to_vec();
            Some(FunctionCode { index: f.index.as_u32(), address: base + f.offset as u64, bytes })
        };
        Ok(MachineCode { functions: self.module.functions().filter_map(function).collect() })
    }

    fn share(&self) -> Option<SharedModule> {
        let (module, key) = (self.module.clone(), self.key.clone());
        Some(Arc::new(Self::new(module, key, self.sha256, self.interruptible)))
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        if limits.memory_bytes.is_some() || limits.table_elements.is_some() {
            let needs = self.module.resources_required();
            let pages = needs.max_initial_memory_size.unwrap_or(0);
            check_memory_cap(pages.saturating_mul(65_536), limits.memory_bytes)?;
            check_table_cap(needs.max_initial_table_size.unwrap_or(0), limits.table_elements)?;
        }
        let instance =
            WasmtimeInstance::new(&self.module, self.shape(), imports, state, limits, self.interruptible)?;
        Ok(Box::new(instance))
    }
}
