//! The engine's configuration.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use runoff_runtime::{
    Artifact, ArtifactKey, BoundsChecks, Capabilities, DeadlineSupport, Feature, Identity, Info, MemoryCap,
    Module, Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass, check,
};

use crate::ffi;
use crate::module::{Parsed, WavmModule};

/// The package that carries the source.
const SOURCE: &str = "wavm-sys 0.1.0";

struct WavmRuntime {
    info: Info,
    /// What was validated last: compiling it does not parse it again.
    parsed: RefCell<Option<Rc<Parsed>>>,
}

/// Makes the WAVM runtime; fails on processors WAVM does not know.
pub(crate) fn make(_: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    if !ffi::init() {
        return Err(RuntimeError::Unsupported("WAVM makes no code for this processor".into()));
    }
    let info = Info { identity: identity(), capabilities: capabilities() };
    Ok(Box::new(WavmRuntime { info, parsed: RefCell::default() }))
}

fn identity() -> Identity {
    let flag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    Identity {
        id: RuntimeId::new(crate::ID),
        version: format!("2019 ({SOURCE}), LLVM {}", ffi::llvm_version()),
        technique: "optimising compiler".into(),
        features: Vec::new(),
        flags: BTreeMap::from([
            // Ours: LLVM 13, checks before bulk operations, traps told apart, imports through one function.
            flag("port", "1"),
            flag("imports", "compiled with the module"),
        ]),
        compile_threads: 1,
        bounds_checks: BoundsChecks::GuardPages,
        // WAVM turns AVX-512 off, for a bug of the LLVM of its time.
        cpu_features: format!("{} -avx512f", ffi::cpu()),
        restriction: None,
    }
}

fn capabilities() -> Capabilities {
    Capabilities {
        features: BTreeSet::from(Feature::BASELINE),
        compiles: true,
        separate_validate: true,
        save_load: true,
        lazy: false,
        deadline: DeadlineSupport::KillOnly,
        memory_cap: MemoryCap::Exact,
        thread_safe_module: false,
        stack_trap: true,
        max_host_results: None,
        code_size: false,
        trust: TrustClass::KillableChild,
    }
}

impl WavmRuntime {
    /// Parses and validates, and remembers.
    fn parse(&self, wasm: &[u8]) -> Result<Rc<Parsed>, RuntimeError> {
        let parsed = Rc::new(Parsed::new(wasm).map_err(|words| self.refused(wasm, &words))?);
        *self.parsed.borrow_mut() = Some(Rc::clone(&parsed));
        Ok(parsed)
    }

    /// Malformed with its position, or beyond what WAVM can do.
    fn refused(&self, wasm: &[u8], words: &str) -> RuntimeError {
        let unsupported = |()| RuntimeError::Unsupported(format!("WAVM refuses this valid module: {words}"));
        check(wasm, &self.info.capabilities.features).map_or_else(|error| error, unsupported)
    }

    fn key(&self) -> ArtifactKey {
        ArtifactKey::of(&self.info.identity)
    }
}

impl Runtime for WavmRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        self.parse(wasm).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let known = self.parsed.borrow().as_ref().filter(|p| p.bytes == wasm).cloned();
        let parsed = known.map_or_else(|| self.parse(wasm), Ok)?;
        Ok(Box::new(WavmModule::compile(parsed, self.key())?))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        let payload = artifact.payload(&self.key())?;
        Ok(Box::new(WavmModule::load(payload, self.key())?))
    }
}
