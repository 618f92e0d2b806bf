//! Compiled modules, and how they are saved.

use std::rc::Rc;

use runoff_runtime::{
    Artifact, ArtifactKey, ExportType, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError,
};
use sha2::{Digest, Sha256};

use crate::ffi::{Code, Ir};
use crate::host::HostData;
use crate::instance::WavmInstance;
use crate::listing::Listing;
use crate::machine::Machine;
use crate::support::{check_memory_cap, check_table_cap, refuse_artifact, resolve};

/// A module WAVM has accepted, with its bytes: saved code is nothing without them.
pub(crate) struct Parsed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) ir: Ir,
    listing: Rc<Listing>,
}

impl Parsed {
    /// WAVM's words when it does not accept the bytes.
    pub(crate) fn new(wasm: &[u8]) -> Result<Self, String> {
        let ir = Ir::parse(wasm)?;
        let listing = Rc::new(Listing::of(&ir));
        Ok(Self { bytes: wasm.to_vec(), ir, listing })
    }
}

pub(crate) struct WavmModule {
    parsed: Rc<Parsed>,
    code: Code,
    key: ArtifactKey,
}

impl WavmModule {
    pub(crate) fn compile(parsed: Rc<Parsed>, key: ArtifactKey) -> Result<Self, RuntimeError> {
        let code = Code::compile(&parsed.ir).map_err(RuntimeError::Engine)?;
        Ok(Self { parsed, code, key })
    }

    /// Parses the module again, as WAVM does, and takes the code as it is.
    pub(crate) fn load(payload: &[u8], key: ArtifactKey) -> Result<Self, RuntimeError> {
        let [wasm, object, links] =
            parts(payload).ok_or_else(|| refuse_artifact("cut short or too long".into()))?;
        let parsed = Parsed::new(wasm).map_err(refuse_artifact)?;
        let code = Code::load(&parsed.ir, object, links).map_err(refuse_artifact)?;
        Ok(Self { parsed: Rc::new(parsed), code, key })
    }
}

/// The module, its code, and the code of its imports, each with its length before it.
fn join(parts: [&[u8]; 3]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(parts.iter().map(|p| p.len() + 8).sum());
    for part in parts {
        payload.extend_from_slice(&(part.len() as u64).to_le_bytes());
        payload.extend_from_slice(part);
    }
    payload
}

fn parts(mut payload: &[u8]) -> Option<[&[u8]; 3]> {
    let mut parts = [&[][..]; 3];
    for part in &mut parts {
        let (length, rest) = payload.split_first_chunk()?;
        (*part, payload) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    }
    payload.is_empty().then_some(parts)
}

impl Module for WavmModule {
    fn imports(&self) -> Vec<ImportType> {
        self.parsed.listing.imports.clone()
    }

    fn exports(&self) -> Vec<ExportType> {
        self.parsed.listing.exports.clone()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        let (object, links) = (self.code.object(false), self.code.object(true));
        let payload = join([&self.parsed.bytes, &object, &links]);
        Ok(Artifact::new(&self.key, Sha256::digest(&self.parsed.bytes).into(), &payload))
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        check_memory_cap(self.parsed.ir.memory_min(), limits.memory_bytes)?;
        check_table_cap(self.parsed.ir.table_min(), limits.table_elements)?;
        let wanted = &self.parsed.listing.imports;
        let funcs = wanted.iter().map(|i| resolve(imports, i).cloned()).collect::<Result<_, _>>()?;
        let host = HostData { state, funcs, stopped: None, panic: None };
        let machine = Machine::new(&self.code, host, limits)?;
        Ok(Box::new(WavmInstance::new(machine, Rc::clone(&self.parsed.listing))))
    }
}
