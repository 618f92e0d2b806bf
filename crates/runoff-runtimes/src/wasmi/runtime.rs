//! Engine configurations.

use std::collections::{BTreeMap, BTreeSet};

use runoff_runtime::{
    BoundsChecks, Capabilities, DeadlineSupport, Feature, Identity, Info, MemoryCap, Module, Runtime,
    RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};
use wasmi::{CompilationMode, Config, CustomFuelCosts, Engine};

use super::module::WasmiModule;
use crate::support::explain_refusal;

/// A configuration of wasmi.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    /// Everything is translated when the module is compiled.
    Eager,
    /// Validated at once, each function translated at its first call. (The engine's third mode also validates
    /// lazily; Runoff keeps validation on everywhere.)
    Lazy,
}

/// Proposals the engine runs with the cargo features of this build.
const FEATURES: [Feature; 13] = [
    Feature::MutableGlobals,
    Feature::SaturatingFloatToInt,
    Feature::SignExtension,
    Feature::MultiValue,
    Feature::BulkMemory,
    Feature::ReferenceTypes,
    Feature::Simd,
    Feature::RelaxedSimd,
    Feature::TailCall,
    Feature::MultiMemory,
    Feature::Memory64,
    Feature::ExtendedConst,
    Feature::WideArithmetic,
];

/// Deepest recursion; the height of its stack (8 MB) is the other bound. wasmi's own default of 1000 is a small part of
/// what compiled code has room for, and a module must not fail here that runs elsewhere.
const MOST_CALLS: usize = 100_000;

struct WasmiRuntime {
    info: Info,
    engine: Engine,
    interruptible: bool,
}

/// Makes a wasmi runtime.
#[expect(clippy::unnecessary_wraps, reason = "factories of the registry may fail")]
pub(crate) fn make(variant: Variant, options: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    let info = Info { identity: identity(variant, options), capabilities: capabilities(variant) };
    Ok(Box::new(WasmiRuntime {
        info,
        engine: engine(variant, options),
        interruptible: options.interruptible,
    }))
}

pub(super) fn engine(variant: Variant, options: &RuntimeOptions) -> Engine {
    let mut config = Config::default();
    config.compilation_mode(match variant {
        Variant::Eager => CompilationMode::Eager,
        Variant::Lazy => CompilationMode::LazyTranslation,
    });
    config.wasm_wide_arithmetic(true);
    config.consume_fuel(options.interruptible);
    // A function that is translated when it is first called cannot be paused there: what fuel is short of then ends the call
    // for good. Translating takes as long as the module allows, and no longer.
    config.fuel_cost(CustomFuelCosts {
        bytes_copied_per_fuel: 64,
        fuel_per_bytes_translated: 0,
        fuel_per_bytes_validated: 0,
    });
    config.set_max_recursion_depth(MOST_CALLS);
    Engine::new(&config)
}

fn identity(variant: Variant, options: &RuntimeOptions) -> Identity {
    let (id, mode) = match variant {
        Variant::Eager => ("wasmi/eager", "eager"),
        Variant::Lazy => ("wasmi/lazy", "lazy-translation"),
    };
    let flag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    Identity {
        id: RuntimeId::new(id),
        version: env!("RUNOFF_WASMI_VERSION").into(),
        technique: "register interpreter".into(),
        features: "stable std validate memory64 simd auto-dispatch".split(' ').map(Into::into).collect(),
        flags: BTreeMap::from([
            flag("translation", mode),
            flag("validation", "eager"),
            flag("fuel", if options.interruptible { "on" } else { "off" }),
        ]),
        compile_threads: 1,
        bounds_checks: BoundsChecks::Explicit,
        cpu_features: "baseline".into(),
        restriction: None,
    }
}

fn capabilities(variant: Variant) -> Capabilities {
    Capabilities {
        features: BTreeSet::from(FEATURES),
        compiles: true,
        separate_validate: true,
        save_load: false,
        lazy: variant == Variant::Lazy,
        deadline: DeadlineSupport::Fuel,
        memory_cap: MemoryCap::Exact,
        thread_safe_module: true,
        stack_trap: true,
        max_host_results: None,
        code_size: false,
        trust: TrustClass::InProcess,
    }
}

impl Runtime for WasmiRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        wasmi::Module::validate(&self.engine, wasm).map_err(|e| self.refusal(wasm, &e))
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let module = wasmi::Module::new(&self.engine, wasm).map_err(|e| self.refusal(wasm, &e))?;
        Ok(Box::new(WasmiModule::new(module, self.interruptible)))
    }
}

impl WasmiRuntime {
    fn refusal(&self, wasm: &[u8], error: &wasmi::Error) -> RuntimeError {
        explain_refusal(wasm, &self.info.capabilities.features, error.to_string())
    }
}
