//! Compiled modules.

use std::sync::Arc;

use runoff_runtime::{
    Artifact, ArtifactKey, ExportType, FunctionCode, HostState, ImportType, Imports, Instance, Limits,
    MachineCode, Module, RuntimeError, SharedModule,
};
use wasmer::{Engine, WASM_PAGE_SIZE};

use super::convert::extern_kind;
use super::instance::WasmerInstance;
use crate::support::{Origin, check_memory_cap, check_table_cap};

pub(super) struct WasmerModule {
    module: wasmer::Module,
    engine: Engine,
    key: ArtifactKey,
    origin: Origin,
    interruptible: bool,
}

impl WasmerModule {
    pub(super) fn new(
        module: wasmer::Module,
        engine: Engine,
        key: ArtifactKey,
        origin: Origin,
        interruptible: bool,
    ) -> Self {
        Self { module, engine, key, origin, interruptible }
    }
}

impl Module for WasmerModule {
    fn imports(&self) -> Vec<ImportType> {
        imports(&self.module)
    }

    fn exports(&self) -> Vec<ExportType> {
        let export =
            |e: wasmer::ExportType| ExportType { name: e.name().to_owned(), kind: extern_kind(e.ty()) };
        self.module.exports().map(export).collect()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        let payload = self.module.serialize().map_err(|e| RuntimeError::Engine(e.to_string()))?;
        Ok(Artifact::new(&self.key, self.origin.sha256(), &payload))
    }

    fn code_size(&self) -> Option<u64> {
        let extents = self.module.sys_artifact()?.finished_function_extents()?;
        Some(extents.iter().map(|(_, extent)| extent.length as u64).sum())
    }

    fn machine_code(&self) -> Result<MachineCode, RuntimeError> {
        let extents = self.module.sys_artifact().and_then(wasmer::sys::Artifact::finished_function_extents);
        let extents = extents.ok_or_else(|| RuntimeError::Unsupported("its code is not in memory".into()))?;
        let imported = self.module.info().num_imported_functions as u32;
        let function = |(index, address, length): (u32, *const u8, usize)| {
            #[expect(unsafe_code, reason = "the engine says where code is, not what it is")]
            // SAFETY: the extents are those of functions this artifact has in memory, which stays readable and is not
            // written to as long as the module lives.
            let bytes = unsafe { std::slice::from_raw_parts(address, length) };
            FunctionCode { index, address: address as u64, bytes: bytes.to_vec() }
        };
        let extents = extents
            .into_iter()
            .map(|(local, extent)| (imported + local.as_u32(), extent.ptr.0.cast::<u8>(), extent.length));
        Ok(MachineCode { functions: extents.map(function).collect() })
    }

    fn share(&self) -> Option<SharedModule> {
        let (module, engine) = (self.module.clone(), self.engine.clone());
        let (key, origin) = (self.key.clone(), self.origin.clone());
        Some(Arc::new(Self::new(module, engine, key, origin, self.interruptible)))
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        let info = self.module.info();
        for memory in info.memories.values() {
            let start = u64::from(memory.minimum.0) * WASM_PAGE_SIZE as u64;
            check_memory_cap(start, limits.memory_bytes)?;
        }
        for table in info.tables.values() {
            check_table_cap(u64::from(table.minimum), limits.table_elements)?;
        }
        let instance = WasmerInstance::new(
            &self.module,
            self.engine.clone(),
            imports,
            state,
            limits,
            self.interruptible,
        )?;
        Ok(Box::new(instance))
    }
}

/// What a module imports, in order.
pub(super) fn imports(module: &wasmer::Module) -> Vec<ImportType> {
    let import = |i: wasmer::ImportType| ImportType {
        module: i.module().to_owned(),
        name: i.name().to_owned(),
        kind: extern_kind(i.ty()),
    };
    module.imports().map(import).collect()
}
