//! A compiled module.

use std::sync::Arc;

use crate::{
    Artifact, ExportType, HostState, ImportType, Imports, Instance, Limits, MachineCode, RuntimeError,
};

/// A module several threads may instantiate at once.
pub type SharedModule = Arc<dyn Module + Send + Sync>;

/// Code ready to be instantiated, any number of times.
pub trait Module {
    /// What it imports, in order.
    fn imports(&self) -> Vec<ImportType>;

    /// What it exports, in order.
    fn exports(&self) -> Vec<ExportType>;

    /// The compiled code as bytes that [`crate::Runtime::load`] of the same runtime accepts.
    fn save(&self) -> Result<Artifact, RuntimeError> {
        Err(RuntimeError::Unsupported("this runtime does not save compiled code".into()))
    }

    /// Bytes of generated machine code or interpreter code, where the engine tells.
    fn code_size(&self) -> Option<u64> {
        None
    }

    /// The machine code of its functions, for this machine's processor.
    fn machine_code(&self) -> Result<MachineCode, RuntimeError> {
        Err(RuntimeError::Unsupported("this runtime does not expose its machine code".into()))
    }

    /// The same code for other threads, compiled once; `None` where the engine or its adapter keeps a module to
    /// one thread.
    fn share(&self) -> Option<SharedModule> {
        None
    }

    /// Creates an instance and runs its start function. `imports` may hold more than the module needs.
    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError>;
}
