//! An engine in one configuration.

use crate::{Artifact, Capabilities, Identity, Module, RuntimeError};

/// Choices made when a runtime is created, since engines compile them into the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuntimeOptions {
    /// Make calls stoppable ([`crate::Instance::interrupter`]). Off for measuring: check points cost time,
    /// and a worker process can be killed instead.
    pub interruptible: bool,
    /// Take instances from a pool of so many, where the engine has one; 0 is none. Engines of one process share the
    /// pool. Off for measuring: a pool's instances are warm.
    pub pooled_instances: u32,
}

/// Who a runtime is and what it can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Who it is.
    pub identity: Identity,
    /// What it can do.
    pub capabilities: Capabilities,
}

/// An engine in one configuration. Not `Send`: made and used on one thread, cheap enough to make per thread.
pub trait Runtime {
    /// Who it is and what it can do.
    fn info(&self) -> &Info;

    /// Checks that bytes are a module this runtime can run, without generating code.
    ///
    /// Where [`Capabilities::separate_validate`] is false this is done by the seam's own validator, and its
    /// cost is not a phase of the engine.
    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError>;

    /// Turns bytes into code.
    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError>;

    /// Turns an artifact into code. `artifact` has been authenticated by the caller if it came from
    /// outside: loading one is running native code. Adapters check its key and its integrity.
    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        let _ = artifact;
        Err(RuntimeError::Unsupported("this runtime does not load compiled code".into()))
    }
}
