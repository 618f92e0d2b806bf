//! Engine configurations.

use std::collections::{BTreeMap, BTreeSet};

use runoff_runtime::{
    Artifact, ArtifactKey, BoundsChecks, Capabilities, DeadlineSupport, Feature, Identity, Info, MemoryCap,
    Module, Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};
use sha2::{Digest, Sha256};
use wasmtime::{Config, Engine, Strategy};

use super::module::WasmtimeModule;
use super::pooled;
use crate::support::{cpu_features, explain_refusal, pool_threads, refuse_artifact};

/// A configuration of Wasmtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Variant {
    Cranelift,
    Winch,
    Pulley,
}

/// Proposals of the third WebAssembly edition that all variants run.
const COMMON: [Feature; 11] = [
    Feature::MutableGlobals,
    Feature::SaturatingFloatToInt,
    Feature::SignExtension,
    Feature::MultiValue,
    Feature::BulkMemory,
    Feature::ReferenceTypes,
    Feature::Simd,
    Feature::MultiMemory,
    Feature::Memory64,
    Feature::ExtendedConst,
    Feature::WideArithmetic,
];

/// What Cranelift adds, also when it compiles for Pulley.
const CRANELIFT: [Feature; 5] =
    [Feature::RelaxedSimd, Feature::TailCall, Feature::FunctionReferences, Feature::Gc, Feature::Exceptions];

struct WasmtimeRuntime {
    info: Info,
    engine: Engine,
    /// The same with a pool, for the modules that fit its slots.
    pooled: Option<Engine>,
    interruptible: bool,
}

/// Makes a Wasmtime runtime.
pub(crate) fn make(variant: Variant, options: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    let engine = engine(variant, options).map_err(|e| RuntimeError::Engine(format!("{e:#}")))?;
    let info = Info { identity: identity(variant, options), capabilities: capabilities(variant) };
    let pooled = pooled::engine(variant, options);
    Ok(Box::new(WasmtimeRuntime { info, engine, pooled, interruptible: options.interruptible }))
}

pub(super) fn engine(variant: Variant, options: &RuntimeOptions) -> wasmtime::Result<Engine> {
    Engine::new(&config(variant, options)?)
}

pub(super) fn config(variant: Variant, options: &RuntimeOptions) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    config.epoch_interruption(options.interruptible);
    config.wasm_wide_arithmetic(true);
    // The engine itself holds shared memories back as not finished; without them atomics are of no use.
    config.wasm_threads(false);
    match variant {
        Variant::Cranelift => config.strategy(Strategy::Cranelift),
        Variant::Winch => config.strategy(Strategy::Winch),
        Variant::Pulley => config.strategy(Strategy::Cranelift).target("pulley64")?,
    };
    Ok(config)
}

fn identity(variant: Variant, options: &RuntimeOptions) -> Identity {
    let (id, technique) = match variant {
        Variant::Cranelift => ("wasmtime/cranelift", "optimising compiler"),
        Variant::Winch => ("wasmtime/winch", "baseline compiler"),
        Variant::Pulley => ("wasmtime/pulley", "portable bytecode, interpreted"),
    };
    let flag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    let mut flags = BTreeMap::from([
        flag("strategy", if variant == Variant::Winch { "winch" } else { "cranelift" }),
        flag("epochs", if options.interruptible { "on" } else { "off" }),
        // As it is measured; with a pool the code is the same, and this is what code is filed under.
        flag("allocation", "on-demand"),
    ]);
    if variant != Variant::Winch {
        flags.insert("opt-level".into(), "speed".into());
    }
    if variant == Variant::Pulley {
        flags.insert("target".into(), "pulley64".into());
    }
    let features = "std runtime cranelift winch pulley pooling-allocator parallel-compilation threads gc gc-drc gc-null demangle";
    Identity {
        id: RuntimeId::new(id),
        version: env!("RUNOFF_WASMTIME_VERSION").into(),
        technique: technique.into(),
        features: features.split(' ').map(Into::into).collect(),
        flags,
        compile_threads: pool_threads(),
        bounds_checks: if variant == Variant::Pulley {
            BoundsChecks::Explicit
        } else {
            BoundsChecks::GuardPages
        },
        cpu_features: if variant == Variant::Pulley { "baseline".into() } else { cpu_features() },
        restriction: None,
    }
}

/// Winch compiles vectors to AVX instructions only.
fn winch_has_simd() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

fn capabilities(variant: Variant) -> Capabilities {
    let mut features: BTreeSet<_> = COMMON.into_iter().collect();
    if variant != Variant::Winch {
        features.extend(CRANELIFT);
    }
    if variant == Variant::Winch && !winch_has_simd() {
        features.remove(&Feature::Simd);
    }
    Capabilities {
        features,
        compiles: true,
        separate_validate: true,
        save_load: true,
        lazy: false,
        deadline: DeadlineSupport::Epoch,
        memory_cap: MemoryCap::Exact,
        thread_safe_module: true,
        stack_trap: true,
        max_host_results: None,
        code_size: true,
        trust: if variant == Variant::Pulley { TrustClass::OwnProcess } else { TrustClass::InProcess },
    }
}

impl Runtime for WasmtimeRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        wasmtime::Module::validate(&self.engine, wasm).map_err(|e| self.refusal(wasm, &e))
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let pooled = self.pooled.as_ref().and_then(|e| wasmtime::Module::from_binary(e, wasm).ok());
        let module = match pooled {
            Some(module) => module,
            None => wasmtime::Module::from_binary(&self.engine, wasm).map_err(|e| self.refusal(wasm, &e))?,
        };
        // An artifact names the module it was made from; the bytes are gone when it is saved.
        let sha256 = Sha256::digest(wasm).into();
        Ok(Box::new(WasmtimeModule::new(module, self.key(), sha256, self.interruptible)))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        let payload = artifact.payload(&self.key())?;
        let deserialize = |engine: &Engine| {
            #[expect(unsafe_code, reason = "the engine offers no checked way to load code")]
            // SAFETY: the envelope's checksum and key were verified, so these are bytes `save` of this very
            // configuration wrote (how instances are allocated is no part of the code); that nobody forged them is the
            // caller's duty by the contract of `load`.
            unsafe {
                wasmtime::Module::deserialize(engine, payload)
            }
        };
        let module = match self.pooled.as_ref().and_then(|e| deserialize(e).ok()) {
            Some(module) => module,
            None => deserialize(&self.engine).map_err(|e| refuse_artifact(format!("{e:#}")))?,
        };
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(artifact.module_sha256());
        Ok(Box::new(WasmtimeModule::new(module, self.key(), sha256, self.interruptible)))
    }
}

impl WasmtimeRuntime {
    fn key(&self) -> ArtifactKey {
        ArtifactKey::of(&self.info.identity)
    }

    /// A valid module that the engine refuses uses something this variant does not compile (Winch: host
    /// references; all: the older exceptions), in the engine's words.
    fn refusal(&self, wasm: &[u8], error: &wasmtime::Error) -> RuntimeError {
        match explain_refusal(wasm, &self.info.capabilities.features, format!("{error:#}")) {
            RuntimeError::Engine(words) => RuntimeError::Unsupported(words),
            explained => explained,
        }
    }
}
