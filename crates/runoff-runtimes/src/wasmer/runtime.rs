//! Engine configurations.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use runoff_runtime::{
    Artifact, ArtifactKey, BoundsChecks, Capabilities, DeadlineSupport, Feature, Identity, Info, MemoryCap,
    Module, Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};
use wasmer::sys::{CompilerConfig, EngineBuilder, Features};
use wasmer::{AsEngineRef, Engine};
use wasmparser::{Parser, Payload, TypeRef};

use super::interrupt::{CheckPoints, Look};
use super::module::WasmerModule;
use crate::support::{Origin, cpu_features, explain_refusal, refuse_artifact};

/// A configuration of Wasmer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    #[cfg(feature = "wasmer-cranelift")]
    Cranelift,
    #[cfg(feature = "llvm")]
    Llvm,
    #[cfg(feature = "wasmer-singlepass")]
    Singlepass,
}

impl Variant {
    /// The compiler, as the engine names it.
    fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "wasmer-cranelift")]
            Self::Cranelift => "cranelift",
            #[cfg(feature = "llvm")]
            Self::Llvm => "llvm",
            #[cfg(feature = "wasmer-singlepass")]
            Self::Singlepass => "singlepass",
        }
    }

    fn technique(self) -> &'static str {
        match self {
            #[cfg(feature = "wasmer-cranelift")]
            Self::Cranelift => "optimising compiler",
            #[cfg(feature = "llvm")]
            Self::Llvm => "optimising compiler (LLVM)",
            #[cfg(feature = "wasmer-singlepass")]
            Self::Singlepass => "baseline compiler",
        }
    }

    /// The compiler's default level of optimisation.
    fn opt_level(self) -> &'static str {
        match self {
            #[cfg(feature = "wasmer-cranelift")]
            Self::Cranelift => "speed",
            #[cfg(feature = "llvm")]
            Self::Llvm => "aggressive",
            #[cfg(feature = "wasmer-singlepass")]
            Self::Singlepass => "none",
        }
    }

    fn is_optimising(self) -> bool {
        self.opt_level() != "none"
    }

    /// How check points look so that they survive the compiler.
    fn look(self) -> Look {
        match self {
            #[cfg(feature = "wasmer-cranelift")]
            Self::Cranelift => Look::Always,
            #[cfg(feature = "llvm")]
            Self::Llvm => Look::AfterCall,
            #[cfg(feature = "wasmer-singlepass")]
            Self::Singlepass => Look::Always,
        }
    }

    fn compiler(self) -> Box<dyn CompilerConfig> {
        match self {
            #[cfg(feature = "wasmer-cranelift")]
            Self::Cranelift => Box::new(wasmer::sys::Cranelift::new()),
            #[cfg(feature = "llvm")]
            Self::Llvm => Box::new(wasmer::sys::LLVM::new()),
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
    let info = Info { identity: identity(variant, options), capabilities: capabilities(variant) };
    let engine = engine(variant, options);
    Ok(Box::new(WasmerRuntime { info, engine, interruptible: options.interruptible }))
}

pub(super) fn engine(variant: Variant, options: &RuntimeOptions) -> Engine {
    let mut compiler = variant.compiler();
    if options.interruptible {
        compiler.push_middleware(Arc::new(CheckPoints::new(variant.look())));
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
    let flag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    let mut flags = BTreeMap::from([
        flag("compiler", variant.name()),
        flag("check-points", if options.interruptible { "on" } else { "off" }),
    ]);
    if variant.is_optimising() {
        flags.insert("opt-level".into(), variant.opt_level().into());
    }
    let id = format!("wasmer/{}", variant.name());
    Identity {
        version: env!("RUNOFF_WASMER_VERSION").into(),
        technique: variant.technique().into(),
        features: vec!["sys".into(), variant.name().into()],
        flags,
        // All its compilers take one thread per core by default.
        compile_threads: std::thread::available_parallelism().map_or(1, usize::from),
        bounds_checks: BoundsChecks::GuardPages,
        cpu_features: cpu_features(),
        restriction: crate::restriction(&id).map(ToOwned::to_owned),
        id: RuntimeId::new(id),
    }
}

fn capabilities(variant: Variant) -> Capabilities {
    let engine = engine_features(variant);
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
        max_host_results: if variant.is_optimising() { None } else { Some(1) },
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
        if let Some(most) = self.info.capabilities.max_host_results {
            check_import_results(wasm, most)?;
        }
        // The compilers have assertions about what they do not support; a guest must not end the process.
        let compiled = catch_unwind(AssertUnwindSafe(|| wasmer::Module::from_binary(&self.engine, wasm)));
        let module = compiled
            .map_err(|_| RuntimeError::Engine("the compiler panicked".into()))?
            .map_err(|e| explain_refusal(wasm, &self.info.capabilities.features, e.to_string()))?;
        Ok(self.module(module, Origin::Module(wasm.into())))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        let payload = artifact.payload(&self.key())?;
        #[expect(unsafe_code, reason = "the engine offers no checked way to load code")]
        // SAFETY: the envelope's checksum and key were verified, so these are bytes `save` of this very
        // configuration wrote; that nobody forged them is the caller's duty by the contract of `load`.
        let module = unsafe { wasmer::Module::deserialize(&self.engine, payload) };
        let module = module.map_err(|e| refuse_artifact(e.to_string()))?;
        let sha256 = artifact.module_sha256().try_into().unwrap_or_default();
        Ok(self.module(module, Origin::Artifact(sha256)))
    }
}

impl WasmerRuntime {
    fn key(&self) -> ArtifactKey {
        ArtifactKey::of(&self.info.identity)
    }

    fn module(&self, module: wasmer::Module, origin: Origin) -> Box<dyn Module> {
        Box::new(WasmerModule::new(module, self.engine.clone(), self.key(), origin, self.interruptible))
    }
}

/// Refuses imported functions with more results than the compiler can call; it would panic. Bytes that are
/// not a module are left to the engine to refuse.
fn check_import_results(wasm: &[u8], most: usize) -> Result<(), RuntimeError> {
    let mut results: Vec<usize> = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload {
            Ok(Payload::TypeSection(types)) => {
                for ty in types.into_iter_err_on_gc_types() {
                    let Ok(ty) = ty else { return Ok(()) };
                    results.push(ty.results().len());
                }
            }
            Ok(Payload::ImportSection(imports)) => {
                for import in imports.into_imports() {
                    let Ok(import) = import else { return Ok(()) };
                    if let TypeRef::Func(index) = import.ty
                        && results.get(index as usize).is_some_and(|count| *count > most)
                    {
                        return Err(RuntimeError::Unsupported(format!(
                            "import `{}` `{}` has several results; Singlepass cannot call such imports",
                            import.module, import.name
                        )));
                    }
                }
                return Ok(());
            }
            Ok(Payload::FunctionSection(_) | Payload::CodeSectionStart { .. }) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
    Ok(())
}
