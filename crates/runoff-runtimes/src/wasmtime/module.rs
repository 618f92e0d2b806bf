//! Compiled modules.

use runoff_runtime::{
    Artifact, ArtifactKey, ExportType, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError,
};
use sha2::{Digest, Sha256};

use super::convert::extern_kind;
use super::instance::WasmtimeInstance;
use crate::support::{check_memory_cap, check_table_cap};

pub(super) struct WasmtimeModule {
    module: wasmtime::Module,
    key: ArtifactKey,
    interruptible: bool,
}

impl WasmtimeModule {
    pub(super) fn new(module: wasmtime::Module, key: ArtifactKey, interruptible: bool) -> Self {
        Self { module, key, interruptible }
    }
}

impl Module for WasmtimeModule {
    fn imports(&self) -> Vec<ImportType> {
        let import = |i: wasmtime::ImportType<'_>| ImportType {
            module: i.module().to_owned(),
            name: i.name().to_owned(),
            kind: extern_kind(&i.ty()),
        };
        self.module.imports().map(import).collect()
    }

    fn exports(&self) -> Vec<ExportType> {
        let export =
            |e: wasmtime::ExportType<'_>| ExportType { name: e.name().into(), kind: extern_kind(&e.ty()) };
        self.module.exports().map(export).collect()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        let payload = self.module.serialize().map_err(|e| RuntimeError::Engine(format!("{e:#}")))?;
        // The module's own bytes are gone; the digest of the code names it as well.
        Ok(Artifact::new(&self.key, Sha256::digest(&payload).into(), &payload))
    }

    fn code_size(&self) -> Option<u64> {
        Some(self.module.text().len() as u64)
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        let needs = self.module.resources_required();
        let pages = needs.max_initial_memory_size.unwrap_or(0);
        check_memory_cap(pages.saturating_mul(65_536), limits.memory_bytes)?;
        check_table_cap(needs.max_initial_table_size.unwrap_or(0), limits.table_elements)?;
        Ok(Box::new(WasmtimeInstance::new(&self.module, imports, state, limits, self.interruptible)?))
    }
}
