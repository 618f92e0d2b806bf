//! The engine's configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use runoff_runtime::{
    Artifact, ArtifactKey, BoundsChecks, Capabilities, DeadlineSupport, Feature, Identity, Info, MemoryCap,
    Module, Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass, check,
};
use tinywasm::engine::{Config, Engine, MemoryBackend, StackConfig};
use tinywasm::parser::{Parser, ParserOptions};
use tinywasm::{ModuleInstance, Store};

use super::module::TinywasmModule;
use crate::overhead::{OwnCalls, time_calls};
use crate::support::{Origin, explain_refusal, refuse_artifact};

/// Proposals the engine runs.
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

/// Frames of guest functions. The engine's default of 1024 is less than ordinary programs use.
const FRAMES: StackConfig = StackConfig::dynamic(1024, 64 * 1024);

struct TinywasmRuntime {
    info: Info,
    key: Rc<ArtifactKey>,
    interruptible: bool,
}

/// Makes the tinywasm runtime.
#[expect(clippy::unnecessary_wraps, reason = "factories of the registry may fail")]
pub(crate) fn make(options: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    let info = Info { identity: identity(options), capabilities: capabilities() };
    let key = Rc::new(ArtifactKey::of(&info.identity));
    Ok(Box::new(TinywasmRuntime { info, key, interruptible: options.interruptible }))
}

/// The engine with memories of this kind: its own sizes of stacks to begin with, but they may grow.
pub(super) fn engine(memory: MemoryBackend) -> Engine {
    let mut config = Config::new().with_memory_backend(memory).with_call_stack(FRAMES);
    for stack in [&mut config.value_stack_32, &mut config.value_stack_64, &mut config.value_stack_128] {
        *stack = StackConfig::dynamic(stack.initial_size, 32 * stack.initial_size);
    }
    Engine::new(config)
}

/// The engine's parser. Memories are made when an instance is, so that they can always be looked at.
fn parser() -> Parser {
    Parser::with_options(ParserOptions::default().with_local_memory_allocation_optimization(false))
}

fn identity(options: &RuntimeOptions) -> Identity {
    let flag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    Identity {
        id: RuntimeId::new("tinywasm"),
        version: env!("RUNOFF_TINYWASM_VERSION").into(),
        technique: "stack interpreter with fused instructions".into(),
        features: "std parser archive canonicalize-nans".split(' ').map(Into::into).collect(),
        flags: BTreeMap::from([
            flag("call-stack", "65536 frames"),
            flag("memory", "eager"),
            flag("fuel", if options.interruptible { "on" } else { "off" }),
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
        save_load: true,
        lazy: false,
        deadline: DeadlineSupport::Fuel,
        memory_cap: MemoryCap::Exact,
        thread_safe_module: true,
        stack_trap: true,
        max_host_results: None,
        code_size: false,
        trust: TrustClass::OwnProcess,
    }
}

impl Runtime for TinywasmRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        check(wasm, &self.info.capabilities.features)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        // The engine has assertions about what it does not support; a guest must not end the process.
        let parsed = catch_unwind(AssertUnwindSafe(|| parser().parse_module_bytes(wasm)));
        let module = parsed
            .map_err(|_| RuntimeError::Engine("the parser panicked".into()))?
            .map_err(|e| explain_refusal(wasm, &self.info.capabilities.features, e.to_string()))?;
        Ok(self.module(module, Origin::Module(wasm.into())))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        let payload = artifact.payload(&self.key)?;
        let module = tinywasm::Module::try_from_twasm(payload).map_err(|e| refuse_artifact(e.to_string()))?;
        Ok(self.module(module, Origin::Artifact(artifact.module_sha256().try_into().unwrap_or_default())))
    }
}

impl TinywasmRuntime {
    fn module(&self, module: tinywasm::Module, origin: Origin) -> Box<dyn Module> {
        Box::new(TinywasmModule::new(module, Rc::clone(&self.key), origin, self.interruptible))
    }
}

/// The engine's side of [`crate::overhead`].
pub(crate) fn own_calls(wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    let prepare = || -> Result<OwnCalls, tinywasm::Error> {
        let module = parser().parse_module_bytes(wasm)?;
        let mut store = Store::new(engine(MemoryBackend::default()));
        let instance = ModuleInstance::instantiate(&mut store, &module, None)?;
        let mul = instance.func::<(i32, i32), i32>(&store, "mul")?;
        Ok(Box::new(move |calls| time_calls(calls, |a, b| mul.call(&mut store, (a, b)).unwrap_or(0))))
    };
    prepare().map_err(|e| RuntimeError::Engine(e.to_string()))
}
