//! Engine configurations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use runoff_runtime::{
    Artifact, ArtifactKey, BoundsChecks, Capabilities, DeadlineSupport, Feature, Identity, Info, MemoryCap,
    Module, Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};
use wasmer::sys::{CompilerConfig, EngineBuilder, Features};
use wasmer::{AsEngineRef, Engine};

use super::interrupt::CheckPoints;
use super::module::WasmerModule;
use crate::support::{cpu_features, explain_refusal, refuse_artifact};

/// A configuration of Wasmer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    #[cfg(feature = "wasmer-cranelift")]
    Cranelift,
    #[cfg(feature = "wasmer-singlepass")]
    Singlepass,
}

impl Variant {
    fn is_optimising(self) -> bool {
        match self {
            #[cfg(feature = "wasmer-cranelift")]
            Self::Cranelift => true,
            #[cfg(feature = "wasmer-singlepass")]
            Self::Singlepass => false,
        }
    }

    fn compiler(self) -> Box<dyn CompilerConfig> {
        match self {
            #[cfg(feature = "wasmer-cranelift")]
            Self::Cranelift => Box::new(wasmer::sys::Cranelift::new()),
            #[cfg(feature = "wasmer-singlepass")]
            Self::Singlepass => Box::new(wasmer::sys::Singlepass::new()),
        }
    }
}

struct WasmerRuntime {
    info: Info,
    engine: Engine,
    interruptible: bool,
}

/// Makes a Wasmer runtime.
#[expect(clippy::unnecessary_wraps, reason = "factories of the registry may fail")]
pub(crate) fn make(variant: Variant, options: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    let info =
        Info { identity: identity(variant, options), capabilities: capabilities(&engine_features(variant)) };
    let engine = engine(variant, options);
    Ok(Box::new(WasmerRuntime { info, engine, interruptible: options.interruptible }))
}

pub(super) fn engine(variant: Variant, options: &RuntimeOptions) -> Engine {
    let mut compiler = variant.compiler();
    if options.interruptible {
        compiler.push_middleware(Arc::new(CheckPoints::default()));
    }
    EngineBuilder::new(compiler).set_features(Some(engine_features(variant))).engine().into()
}

/// The compiler's defaults, less what it then fails to compile: Singlepass accepts vectors but has none.
fn engine_features(variant: Variant) -> Features {
    let mut features = variant.compiler().default_features_for_target(&wasmer::sys::Target::default());
    if !variant.is_optimising() {
        features.simd(false);
    }
    features
}

fn identity(variant: Variant, options: &RuntimeOptions) -> Identity {
    let optimising = variant.is_optimising();
    let flag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    let mut flags = BTreeMap::from([
        flag("compiler", if optimising { "cranelift" } else { "singlepass" }),
        flag("check-points", if options.interruptible { "on" } else { "off" }),
    ]);
    if optimising {
        flags.insert("opt-level".into(), "speed".into());
    }
    let features = ["sys", if optimising { "cranelift" } else { "singlepass" }];
    Identity {
        id: RuntimeId::new(if optimising { "wasmer/cranelift" } else { "wasmer/singlepass" }),
        version: env!("RUNOFF_WASMER_VERSION").into(),
        technique: if optimising { "optimising compiler" } else { "baseline compiler" }.into(),
        features: features.map(Into::into).to_vec(),
        flags,
        // Both compilers take one thread per core by default.
        compile_threads: std::thread::available_parallelism().map_or(1, usize::from),
        bounds_checks: BoundsChecks::GuardPages,
        cpu_features: cpu_features(),
    }
}

fn capabilities(engine: &Features) -> Capabilities {
    let mut features =
        BTreeSet::from([Feature::MutableGlobals, Feature::SaturatingFloatToInt, Feature::SignExtension]);
    let optional = [
        (engine.multi_value, Feature::MultiValue),
        (engine.bulk_memory, Feature::BulkMemory),
        (engine.reference_types, Feature::ReferenceTypes),
        (engine.simd, Feature::Simd),
        (engine.relaxed_simd, Feature::RelaxedSimd),
        (engine.threads, Feature::Threads),
        (engine.tail_call, Feature::TailCall),
        (engine.multi_memory, Feature::MultiMemory),
        (engine.memory64, Feature::Memory64),
        (engine.exceptions, Feature::Exceptions),
        (engine.extended_const, Feature::ExtendedConst),
        (engine.wide_arithmetic, Feature::WideArithmetic),
    ];
    features.extend(optional.into_iter().filter_map(|(on, feature)| on.then_some(feature)));
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
        trust: TrustClass::OwnProcess,
    }
}

impl Runtime for WasmerRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        wasmer::Module::validate(&self.engine.as_engine_ref(), wasm)
            .map_err(|e| explain_refusal(wasm, &self.info.capabilities.features, e.to_string()))
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let module = wasmer::Module::from_binary(&self.engine, wasm)
            .map_err(|e| explain_refusal(wasm, &self.info.capabilities.features, e.to_string()))?;
        Ok(self.module(module))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        let payload = artifact.payload(&self.key())?;
        #[expect(unsafe_code, reason = "the engine offers no checked way to load code")]
        // SAFETY: the envelope's checksum and key were verified, so these are bytes `save` of this very
        // configuration wrote; that nobody forged them is the caller's duty by the contract of `load`.
        let module = unsafe { wasmer::Module::deserialize(&self.engine, payload) };
        Ok(self.module(module.map_err(|e| refuse_artifact(e.to_string()))?))
    }
}

impl WasmerRuntime {
    fn key(&self) -> ArtifactKey {
        ArtifactKey::of(&self.info.identity)
    }

    fn module(&self, module: wasmer::Module) -> Box<dyn Module> {
        Box::new(WasmerModule::new(module, self.engine.clone(), self.key(), self.interruptible))
    }
}
