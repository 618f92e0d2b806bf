//! The engine's configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use runoff_runtime::{
    BoundsChecks, Capabilities, DeadlineSupport, Feature, HostState, Identity, Info, MemoryCap, Module,
    Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};

use super::ffi::{Context, Parsed};
use super::host::{Data, zero};
use super::machine::Machine;
use super::module::ToywasmModule;
use crate::checked::Validated;
use crate::hosted::{Host, Shared};
use crate::overhead::{OwnCalls, time_calls};

/// Proposals the engine runs with the cargo features of this build.
const FEATURES: [Feature; 10] = [
    Feature::MutableGlobals,
    Feature::SaturatingFloatToInt,
    Feature::SignExtension,
    Feature::MultiValue,
    Feature::BulkMemory,
    Feature::ReferenceTypes,
    Feature::Simd,
    Feature::TailCall,
    Feature::MultiMemory,
    Feature::ExtendedConst,
];

struct ToywasmRuntime {
    info: Info,
    context: Rc<Context>,
    validated: Validated,
    interruptible: bool,
}

/// Makes the toywasm runtime.
#[expect(clippy::unnecessary_wraps, reason = "factories of the registry may fail")]
pub(crate) fn make(options: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    Ok(Box::new(ToywasmRuntime {
        info: Info { identity: identity(), capabilities: capabilities() },
        context: Context::new(),
        validated: Validated::default(),
        interruptible: options.interruptible,
    }))
}

fn identity() -> Identity {
    Identity {
        id: RuntimeId::new("toywasm"),
        version: format!("toywasmx-sys {}", env!("RUNOFF_TOYWASM_VERSION")),
        technique: "interpreter of the module's own bytes".into(),
        features:
            "the engine's defaults without wasi and heap-tracking; tail-call extended-const multi-memory"
                .split("; ")
                .map(Into::into)
                .collect(),
        flags: BTreeMap::from([("call-stack".into(), "65536 frames".into())]),
        compile_threads: 1,
        bounds_checks: BoundsChecks::Explicit,
        cpu_features: "baseline".into(),
        restriction: None,
    }
}

fn capabilities() -> Capabilities {
    Capabilities {
        features: BTreeSet::from(FEATURES),
        compiles: true,
        separate_validate: false,
        save_load: false,
        lazy: false,
        deadline: DeadlineSupport::Terminate,
        memory_cap: MemoryCap::Exact,
        thread_safe_module: false,
        stack_trap: true,
        max_host_results: None,
        code_size: false,
        trust: TrustClass::KillableChild,
    }
}

impl Runtime for ToywasmRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        self.validated.validate(wasm, &self.info.capabilities.features).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let checked = self.validated.get(wasm, &self.info.capabilities.features)?;
        Ok(Box::new(ToywasmModule::new(&self.context, checked, self.interruptible)?))
    }
}

/// The engine's side of [`crate::overhead`]: the calls an embedder in C would make.
pub(crate) fn own_calls(wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    let checked = Validated::default().validate(wasm, &capabilities().features)?;
    let parsed = Parsed::new(&Context::new(), Rc::clone(&checked.bytes)).map_err(RuntimeError::Engine)?;
    let data = Shared::new(Data { host: Host::new(HostState::new()), memory: None });
    let mut machine = Machine::new(Rc::new(parsed), data, Vec::new(), None)?;
    machine.start().map_err(RuntimeError::Start)?;
    let (index, _) = checked.func("mul").ok_or_else(|| RuntimeError::Engine("no `mul`".into()))?;
    let func = machine.func(index);
    Ok(Box::new(move |calls| {
        time_calls(calls, |a, b| {
            let (mut args, mut result) = ([zero(); 2], [zero(); 1]);
            args[0].u.i32_ = a.cast_unsigned();
            args[1].u.i32_ = b.cast_unsigned();
            match machine.call(func, &args, &mut result) {
                #[expect(unsafe_code, reason = "toywasm's values know no type")]
                // SAFETY: the function answers with an `i32`.
                Ok(()) => unsafe { result[0].u.i32_ }.cast_signed(),
                Err(_) => 0,
            }
        })
    }))
}
