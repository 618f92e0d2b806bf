//! Translated modules.

use std::sync::{Arc, OnceLock};

use runoff_runtime::{
    ExportType, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError, SharedModule,
};

use super::convert::extern_kind;
use super::instance::WasmiInstance;

pub(super) struct WasmiModule {
    module: wasmi::Module,
    interruptible: bool,
    /// Looked up at the first instantiation.
    shape: OnceLock<Shape>,
}

/// What every instantiation needs to know of the module.
pub(super) struct Shape {
    pub(super) imports: Vec<ImportType>,
    /// The memory host functions see: `memory`, or else the first one exported.
    pub(super) memory: Option<Arc<str>>,
}

impl WasmiModule {
    pub(super) fn new(module: wasmi::Module, interruptible: bool) -> Self {
        Self { module, interruptible, shape: OnceLock::new() }
    }

    fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| Shape {
            imports: self.imports(),
            memory: memory_name(&self.module).map(Arc::from),
        })
    }
}

fn memory_name(module: &wasmi::Module) -> Option<&str> {
    let memories = || module.exports().filter(|e| e.ty().memory().is_some()).map(|e| e.name());
    memories().find(|name| *name == "memory").or_else(|| memories().next())
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

    fn share(&self) -> Option<SharedModule> {
        Some(Arc::new(Self::new(self.module.clone(), self.interruptible)))
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        Ok(Box::new(WasmiInstance::new(
            &self.module,
            self.shape(),
            imports,
            state,
            limits,
            self.interruptible,
        )?))
    }
}
