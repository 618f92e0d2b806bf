//! The runtime: a process that said hello.

use std::cell::RefCell;
use std::rc::Rc;

use runoff_runtime::{
    Artifact, ArtifactKey, Capabilities, DeadlineSupport, Identity, Info, MemoryCap, Module, Runtime,
    RuntimeError,
};
use serde::Deserialize;

use super::DriverCommand;
use super::messages::{Request, Response};
use super::module::DriverModule;
use super::pipe::{Broken, Pipe};
use crate::checked::Validated;
use crate::support::refuse_artifact;

/// What a session needs of a driver's first line; the measuring side reads more of it.
#[derive(Clone, Debug, Deserialize)]
pub struct DriverHello {
    /// Version of the protocol.
    pub protocol: u32,
    /// Who it is.
    pub identity: Identity,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Whether it understands session requests.
    #[serde(default)]
    pub sessions: bool,
}

struct DriverRuntime {
    info: Info,
    pipe: Rc<RefCell<Pipe>>,
    validated: Validated,
}

/// Starts a driver that speaks this version of the protocol.
pub fn make(command: &DriverCommand, protocol: u32) -> Result<Box<dyn Runtime>, RuntimeError> {
    let mut pipe = Pipe::start(command)?;
    let line = pipe.line()?;
    let hello: DriverHello = serde_json::from_str(&line)
        .map_err(|e| Broken(format!("the driver did not begin with a hello ({e})")))?;
    if hello.protocol != protocol {
        return Err(RuntimeError::Engine(format!(
            "the driver speaks protocol {}, this is {protocol}",
            hello.protocol
        )));
    }
    if !hello.sessions {
        return Err(RuntimeError::Unsupported(
            "this driver can be measured, but offers no sessions to run anything else in".into(),
        ));
    }
    let capabilities = Capabilities {
        // What the seam does for every driver: checked bytes, and a memory's maximum written into them.
        separate_validate: false,
        memory_cap: MemoryCap::Exact,
        deadline: DeadlineSupport::KillOnly,
        // Told in a measured block's outcome, if at all.
        code_size: false,
        ..hello.capabilities
    };
    let info = Info { identity: hello.identity, capabilities };
    Ok(Box::new(DriverRuntime { info, pipe: Rc::new(RefCell::new(pipe)), validated: Validated::default() }))
}

impl Runtime for DriverRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        self.validated.validate(wasm, &self.info.capabilities.features).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let checked = self.validated.get(wasm, &self.info.capabilities.features)?;
        let key = ArtifactKey::of(&self.info.identity);
        Ok(Box::new(DriverModule::compile(Rc::clone(&self.pipe), checked, key)?))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        if !self.info.capabilities.save_load {
            return Err(RuntimeError::Unsupported("this runtime does not load compiled code".into()));
        }
        let key = ArtifactKey::of(&self.info.identity);
        let payload = artifact.payload(&key)?;
        let (wasm, code) = split(payload).ok_or_else(|| refuse_artifact("it holds no module".into()))?;
        let checked = self.validated.get(wasm, &self.info.capabilities.features)?;
        let mut pipe = self.pipe.borrow_mut();
        let number = pipe.number();
        let path = pipe.file(number);
        std::fs::write(&path, code).map_err(|e| RuntimeError::Io(e.to_string()))?;
        let request = Request::Load { module: number, path: path.display().to_string() };
        match pipe.ask(&request)? {
            Response::Done => {}
            Response::Refused { reason } => return Err(refuse_artifact(reason)),
            other => return Err(unexpected(other)),
        }
        drop(pipe);
        Ok(Box::new(DriverModule::loaded(Rc::clone(&self.pipe), checked, key, number)?))
    }
}

/// An artifact's content: the module's bytes, which name imports and exports, before the engine's own.
pub(super) fn join(wasm: &[u8], code: &[u8]) -> Vec<u8> {
    [&(wasm.len() as u64).to_le_bytes(), wasm, code].concat()
}

fn split(payload: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = payload.split_first_chunk::<8>()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

/// The error an answer stands for when it is not the one hoped for.
pub(super) fn unexpected(response: Response) -> RuntimeError {
    match response {
        Response::Refused { reason } => RuntimeError::Engine(reason),
        Response::Unsupported { reason } => RuntimeError::Unsupported(reason),
        Response::Failure { failure } => RuntimeError::Start(failure),
        other => RuntimeError::Engine(format!("the driver gave an answer that does not fit: {other:?}")),
    }
}
