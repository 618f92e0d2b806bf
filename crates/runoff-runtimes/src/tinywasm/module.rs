//! Translated modules.

use std::rc::Rc;

use runoff_runtime::{
    Artifact, ArtifactKey, ExportType, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError,
};
use tinywasm::types::ModuleInner;

use super::convert::{export_kind, import_kind};
use super::instance::TinywasmInstance;
use crate::support::{Origin, check_memory_cap, check_table_cap};

pub(super) struct TinywasmModule {
    module: tinywasm::Module,
    key: Rc<ArtifactKey>,
    origin: Origin,
    interruptible: bool,
}

impl TinywasmModule {
    pub(super) fn new(
        module: tinywasm::Module,
        key: Rc<ArtifactKey>,
        origin: Origin,
        interruptible: bool,
    ) -> Self {
        Self { module, key, origin, interruptible }
    }

    /// The module with the tables it may have under `limits`. (Memories are capped where they are made.)
    fn capped(&self, limits: &Limits) -> tinywasm::Module {
        let Some(cap) = limits.table_elements.map(u64::from) else { return self.module.clone() };
        let mut inner: ModuleInner = (*self.module).clone();
        for table in &mut inner.table_types {
            table.size_max = Some(table.size_max.map_or(cap, |max| max.min(cap)));
        }
        inner.into()
    }
}

impl Module for TinywasmModule {
    fn imports(&self) -> Vec<ImportType> {
        let import = |i: tinywasm::types::ModuleImport<'_>| ImportType {
            module: i.module.to_owned(),
            name: i.name.to_owned(),
            kind: import_kind(&i.ty),
        };
        self.module.imports().map(import).collect()
    }

    fn exports(&self) -> Vec<ExportType> {
        let export = |e: tinywasm::types::ModuleExport<'_>| ExportType {
            name: e.name.to_owned(),
            kind: export_kind(&e.ty),
        };
        self.module.exports().map(export).collect()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        let payload = self.module.serialize_twasm().map_err(|e| RuntimeError::Engine(e.to_string()))?;
        Ok(Artifact::new(&self.key, self.origin.sha256(), &payload))
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        for memory in &self.module.memory_types {
            check_memory_cap(memory.initial_size(), limits.memory_bytes)?;
        }
        for table in &self.module.table_types {
            check_table_cap(table.size_initial, limits.table_elements)?;
        }
        let wanted = self.imports();
        let module = self.capped(limits);
        Ok(Box::new(TinywasmInstance::new(module, &wanted, imports, state, limits, self.interruptible)?))
    }
}
