//! The engine's configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use makepad_stitch::{Engine, Linker, Store, Val};
use runoff_runtime::{
    BoundsChecks, Capabilities, DeadlineSupport, Feature, Identity, Info, MemoryCap, Module, Runtime,
    RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};

use super::convert::words;
use super::module::StitchModule;
use crate::checked::Validated;
use crate::overhead::{OwnCalls, time_calls};

/// Proposals the engine runs. Of reference types its translator mixes some up (what `table.get` gives is a number
/// to it), so modules that need them are not let in.
const FEATURES: [Feature; 5] = [
    Feature::MutableGlobals,
    Feature::SaturatingFloatToInt,
    Feature::SignExtension,
    Feature::MultiValue,
    Feature::BulkMemory,
];

struct StitchRuntime {
    info: Info,
    engine: Engine,
    validated: Validated,
}

/// Makes the stitch runtime; fails in builds without optimisation.
pub(crate) fn make(_: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    if cfg!(debug_assertions) {
        let words = "stitch overflows the stack in builds without optimisation: build with --release";
        return Err(RuntimeError::Unsupported(words.into()));
    }
    let info = Info { identity: identity(), capabilities: capabilities() };
    Ok(Box::new(StitchRuntime { info, engine: Engine::new(), validated: Validated::default() }))
}

fn identity() -> Identity {
    let flag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    Identity {
        id: RuntimeId::new("stitch"),
        version: env!("RUNOFF_STITCH_VERSION").into(),
        technique: "threaded interpreter, translates at first call".into(),
        features: Vec::new(),
        flags: BTreeMap::from([
            flag("compilation", "lazy"),
            flag("host-calls", "shim module"),
            flag("value-stack", "8388608"),
        ]),
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

impl Runtime for StitchRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        self.validated.validate(wasm, &self.info.capabilities.features).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let checked = self.validated.get(wasm, &self.info.capabilities.features)?;
        // Its decoder has assertions; a guest must not end the process.
        let module = catch_unwind(AssertUnwindSafe(|| StitchModule::new(self.engine.clone(), &checked)));
        let module = module.map_err(|_| RuntimeError::Engine("the decoder panicked".into()))??;
        Ok(Box::new(module))
    }
}

/// The engine's side of [`crate::overhead`].
pub(crate) fn own_calls(wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    let engine = Engine::new();
    let prepare = || -> Result<OwnCalls, makepad_stitch::Error> {
        let module = makepad_stitch::Module::new(&engine, wasm)?;
        let mut store = Store::new(engine.clone());
        let instance = Linker::new().instantiate(&mut store, &module)?;
        let mul = instance.exported_func("mul");
        Ok(Box::new(move |calls| {
            time_calls(calls, |a, b| {
                let mut results = [Val::I32(0)];
                let Some(mul) = mul else { return 0 };
                match mul.call(&mut store, &[Val::I32(a), Val::I32(b)], &mut results) {
                    Ok(()) => results[0].to_i32().unwrap_or(0),
                    Err(_) => 0,
                }
            })
        }))
    };
    prepare().map_err(|e| RuntimeError::Engine(words(&e)))
}
