//! The engine's configuration.

use std::collections::{BTreeMap, BTreeSet};

use runoff_runtime::{
    BoundsChecks, Capabilities, DeadlineSupport, Feature, HostState, Identity, Info, MemoryCap, Module,
    Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};

use super::ffi::{self, Loaded, Machine, Ready};
use super::host::HostData;
use super::module::WamrModule;
use crate::checked::Validated;
use crate::overhead::{OwnCalls, time_calls};

struct WamrRuntime {
    info: Info,
    ready: Ready,
    validated: Validated,
    interruptible: bool,
}

/// Makes the WAMR runtime.
pub(crate) fn make(options: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    let ready = Ready::new().map_err(RuntimeError::Engine)?;
    let info = Info { identity: identity(), capabilities: capabilities() };
    let interruptible = options.interruptible;
    Ok(Box::new(WamrRuntime { info, ready, validated: Validated::default(), interruptible }))
}

fn identity() -> Identity {
    let features = "bulk-memory reference-types tail-call extended-const custom-name-section thread-mgr";
    let flag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    Identity {
        id: RuntimeId::new("wamr/fast-interp"),
        version: format!("{} (wamrx-sys {})", ffi::version(), env!("RUNOFF_WAMRX_VERSION")),
        technique: "interpreter of a translated register code".into(),
        features: features.split(' ').map(Into::into).collect(),
        flags: BTreeMap::from([
            flag("stack", &ffi::STACK.to_string()),
            flag("allocator", "system"),
            flag("linker-hints", "hidden"),
            // Check points are compiled in with `thread-mgr`, whether anybody uses them or not.
            flag("check-points", "on"),
        ]),
        compile_threads: 1,
        bounds_checks: BoundsChecks::Explicit,
        cpu_features: "baseline".into(),
        restriction: None,
    }
}

fn capabilities() -> Capabilities {
    let mut features: BTreeSet<_> = Feature::BASELINE.into_iter().collect();
    features.extend([Feature::TailCall, Feature::ExtendedConst]);
    Capabilities {
        features,
        compiles: true,
        separate_validate: false,
        save_load: false,
        lazy: false,
        deadline: DeadlineSupport::Terminate,
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
        Ok(Box::new(WamrModule::new(self.ready, checked, self.interruptible)?))
    }
}

/// The engine's side of [`crate::overhead`].
pub(crate) fn own_calls(wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    let ready = Ready::new().map_err(RuntimeError::Engine)?;
    let loaded = Loaded::new(ready, wasm, &[]).map_err(RuntimeError::Engine)?;
    let host = HostData { state: HostState::new(), funcs: Vec::new(), stopped: None, panic: None };
    let machine = Machine::new(&loaded, host, 0).map_err(|f| RuntimeError::Engine(f.words))?;
    let func = machine.func("mul", 2, 1).ok_or_else(|| RuntimeError::Engine("no `mul`".into()))?;
    let mut mul = machine.own_mul(func);
    Ok(Box::new(move |calls| time_calls(calls, &mut mul)))
}
