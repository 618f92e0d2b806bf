//! The engine's configuration.

use std::collections::BTreeSet;

use runoff_runtime::{
    Artifact, ArtifactKey, Capabilities, DeadlineSupport, Feature, HostState, Identity, Info, MemoryCap,
    Module, Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};

use super::ffi::{self, Loaded, Machine, Ready};
use super::host::HostData;
use super::mode::Mode;
use super::module::{Maker, WamrModule};
use super::saved::Saved;
use crate::checked::{Checked, Validated};
use crate::overhead::{OwnCalls, time_calls};
use crate::support::refuse_artifact;

struct WamrRuntime {
    info: Info,
    maker: Maker,
    validated: Validated,
}

/// Makes a WAMR runtime. Its library must be one that was built for the mode, and all of a process must agree on
/// the mode.
pub fn make(mode: &Mode, options: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    // Compiled code does read the register; there Valgrind's refusal is the answer.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    if matches!(mode, Mode::FastInterp | Mode::Classic) {
        super::gs::pass_over_under_valgrind();
    }
    let ready = Ready::new(mode).map_err(RuntimeError::Engine)?;
    let info = Info { identity: identity(mode), capabilities: capabilities(mode) };
    let maker = Maker {
        ready,
        compiler: mode.compiler(),
        key: ArtifactKey::of(&info.identity),
        interruptible: options.interruptible && mode.deadline() != DeadlineSupport::KillOnly,
    };
    Ok(Box::new(WamrRuntime { info, maker, validated: Validated::default() }))
}

fn identity(mode: &Mode) -> Identity {
    let features = "bulk-memory reference-types tail-call extended-const custom-name-section thread-mgr";
    let common = [
        ("stack", ffi::STACK.to_string()),
        ("allocator", "system".into()),
        ("linker-hints", "hidden".into()),
        // Check points are compiled in with `thread-mgr`, whether anybody uses them or not.
        ("check-points", if mode.deadline() == DeadlineSupport::KillOnly { "off" } else { "on" }.into()),
    ];
    let flags = common.into_iter().chain(mode.flags());
    Identity {
        id: RuntimeId::new(mode.id()),
        version: format!("{} (wamrx-sys {})", ffi::version(), env!("RUNOFF_WAMRX_VERSION")),
        technique: mode.technique().into(),
        features: features.split(' ').map(Into::into).collect(),
        flags: flags.map(|(k, v)| (k.to_owned(), v)).collect(),
        compile_threads: mode.compile_threads(),
        bounds_checks: mode.bounds_checks(),
        cpu_features: mode.cpu_features(),
        restriction: None,
    }
}

fn capabilities(mode: &Mode) -> Capabilities {
    let mut features: BTreeSet<_> = Feature::BASELINE.into_iter().collect();
    features.extend(mode.proposals());
    Capabilities {
        features,
        compiles: true,
        separate_validate: false,
        save_load: mode.compiler().is_some(),
        lazy: false,
        deadline: mode.deadline(),
        memory_cap: MemoryCap::Exact,
        thread_safe_module: false,
        stack_trap: true,
        max_host_results: Some(1),
        code_size: false,
        trust: TrustClass::KillableChild,
    }
}

impl Runtime for WamrRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        self.validated.validate(wasm, &self.info.capabilities.features).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let checked = self.validated.get(wasm, &self.info.capabilities.features)?;
        Ok(Box::new(WamrModule::new(self.maker.clone(), checked)?))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        if self.maker.compiler.is_none() {
            return Err(RuntimeError::Unsupported("this mode of WAMR does not load compiled code".into()));
        }
        let payload = artifact.payload(&self.maker.key)?;
        let saved = Saved::unpack(payload)
            .ok_or_else(|| refuse_artifact("these bytes are not what this runtime saves".into()))?;
        let outline = Checked::parse(saved.outline).map_err(|e| refuse_artifact(e.to_string()))?;
        let sha256 = artifact.module_sha256().try_into().unwrap_or_default();
        Ok(Box::new(WamrModule::load(self.maker.clone(), outline, &saved, sha256)?))
    }
}

/// The engine's side of [`crate::overhead`].
pub(crate) fn own_calls(wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    let ready = Ready::new(&Mode::FastInterp).map_err(RuntimeError::Engine)?;
    let loaded = Loaded::new(ready, wasm.into(), &[]).map_err(RuntimeError::Engine)?;
    let host = HostData { state: HostState::new(), funcs: Vec::new(), stopped: None, panic: None };
    let machine = Machine::new(&loaded, host, 0).map_err(|f| RuntimeError::Engine(f.words))?;
    let func = machine.func("mul", 2, 1).ok_or_else(|| RuntimeError::Engine("no `mul`".into()))?;
    let mut mul = machine.own_mul(func);
    Ok(Box::new(move |calls| time_calls(calls, &mut mul)))
}
