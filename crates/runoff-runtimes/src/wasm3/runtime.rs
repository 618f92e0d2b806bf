//! The engine's configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use runoff_runtime::{
    BoundsChecks, Capabilities, DeadlineSupport, Feature, HostState, Identity, Info, MemoryCap, Module,
    Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};

use super::ffi::{self, Environment, Machine, Parsed};
use super::host::HostData;
use super::module::Wasm3Module;
use crate::checked::Validated;
use crate::overhead::{OwnCalls, time_calls};
use crate::stack::stack_left;

/// Native stack a guest may use before wasm3 traps (`d_m3MaxNativeStack`), and as much again for host
/// functions and for us.
const STACK_NEEDED: usize = 16 << 20;

struct Wasm3Runtime {
    info: Info,
    environment: Rc<Environment>,
    validated: Validated,
}

/// Makes the wasm3 runtime; fails on a thread whose stack a guest could overflow.
pub(crate) fn make(_: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    if stack_left().is_some_and(|left| left < STACK_NEEDED) {
        return Err(RuntimeError::Unsupported(format!(
            "wasm3 runs guests on the native stack and needs {} MiB of it: use an engine thread",
            STACK_NEEDED >> 20
        )));
    }
    let environment = Environment::new().ok_or_else(|| RuntimeError::Engine("out of memory".into()))?;
    let info = Info { identity: identity(), capabilities: capabilities() };
    Ok(Box::new(Wasm3Runtime { info, environment, validated: Validated::default() }))
}

fn identity() -> Identity {
    Identity {
        id: RuntimeId::new("wasm3"),
        version: format!("{} (wasm3x-sys {})", ffi::version(), env!("RUNOFF_WASM3X_VERSION")),
        technique: "threaded interpreter, translates at first call".into(),
        features: Vec::new(),
        flags: BTreeMap::from([
            ("compilation".into(), "lazy".into()),
            ("value-stack".into(), ffi::VALUE_STACK.to_string()),
        ]),
        compile_threads: 1,
        bounds_checks: BoundsChecks::Explicit,
        cpu_features: "baseline".into(),
        restriction: None,
    }
}

fn capabilities() -> Capabilities {
    let mut features: BTreeSet<_> = Feature::BASELINE.into_iter().collect();
    features.insert(Feature::ExtendedConst);
    // Without help of the C compiler a tail call grows the stack like any other.
    if ffi::has_tail_calls() {
        features.insert(Feature::TailCall);
    }
    Capabilities {
        features,
        compiles: true,
        separate_validate: false,
        save_load: false,
        lazy: true,
        deadline: DeadlineSupport::KillOnly,
        memory_cap: MemoryCap::Exact,
        thread_safe_module: false,
        stack_trap: true,
        max_host_results: None,
        code_size: false,
        trust: TrustClass::KillableChild,
    }
}

impl Runtime for Wasm3Runtime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        self.validated.validate(wasm, &self.info.capabilities.features).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let checked = self.validated.get(wasm, &self.info.capabilities.features)?;
        Ok(Box::new(Wasm3Module::new(Rc::clone(&self.environment), checked)?))
    }
}

/// The engine's side of [`crate::overhead`].
pub(crate) fn own_calls(wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    let environment = Environment::new().ok_or_else(|| RuntimeError::Engine("out of memory".into()))?;
    let checked = Validated::default().validate(wasm, &capabilities().features)?;
    let prepare = || {
        let parsed = Parsed::new(&environment, Rc::clone(&checked.bytes))?;
        let host = HostData { state: HostState::new(), stopped: None, panic: None };
        let mut machine = Machine::load(parsed, host)?;
        let func = checked.func("mul").and_then(|(index, _)| machine.func(index));
        let func = func.ok_or_else(|| "no `mul`".to_owned())?;
        // The first call translates the function.
        machine.call(func, &[1, 1], &mut [0]).map_err(|f| f.to_string())?;
        Ok(machine.own_mul(func))
    };
    let mut mul = prepare().map_err(RuntimeError::Engine)?;
    Ok(Box::new(move |calls| time_calls(calls, &mut mul)))
}
