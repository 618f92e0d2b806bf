//! Translated modules.

use runoff_runtime::{
    Artifact, ExportType, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError,
};

use super::convert::extern_kind;
use super::instance::WasmiInstance;

pub(super) struct WasmiModule {
    module: wasmi::Module,
    interruptible: bool,
}

impl WasmiModule {
    pub(super) fn new(module: wasmi::Module, interruptible: bool) -> Self {
        Self { module, interruptible }
    }
}

impl Module for WasmiModule {
    fn imports(&self) -> Vec<ImportType> {
        let import = |i: wasmi::ImportType<'_>| ImportType {
            module: i.module().to_owned(),
            name: i.name().to_owned(),
            kind: extern_kind(i.ty()),
        };
        self.module.imports().map(import).collect()
    }

    fn exports(&self) -> Vec<ExportType> {
        let export =
            |e: wasmi::ExportType<'_>| ExportType { name: e.name().to_owned(), kind: extern_kind(e.ty()) };
        self.module.exports().map(export).collect()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        Err(RuntimeError::Unsupported("wasmi cannot save its translated code".into()))
    }

    fn code_size(&self) -> Option<u64> {
        None
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        Ok(Box::new(WasmiInstance::new(&self.module, imports, state, limits, self.interruptible)?))
    }
}
