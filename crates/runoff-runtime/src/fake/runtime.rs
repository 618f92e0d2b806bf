//! The fake runtime and its modules.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::instance::FakeInstance;
use super::{FakeScript, FakeStep};
use crate::{
    Artifact, ArtifactKey, BoundsChecks, Capabilities, DeadlineSupport, ExportType, ExternKind, Failure,
    Feature, FuncType, HostState, Identity, ImportType, Imports, Info, Instance, Limits, ManualClock,
    MemoryCap, Module, ModuleDescriptor, Runtime, RuntimeError, RuntimeId, TrustClass, ValueType,
};

/// A runtime whose steps advance a [`ManualClock`] as its [`FakeScript`] says.
///
/// It accepts every valid module and gives it one export, `run(i32) -> i32`.
#[derive(Debug)]
pub struct FakeRuntime {
    info: Info,
    clock: ManualClock,
    script: FakeScript,
}

impl FakeRuntime {
    /// A fake with this id, advancing `clock`.
    pub fn new(id: &str, clock: ManualClock, script: FakeScript) -> Self {
        let identity = Identity {
            id: RuntimeId::new(id),
            version: "1".into(),
            technique: "fake".into(),
            features: Vec::new(),
            flags: BTreeMap::new(),
            compile_threads: 1,
            bounds_checks: BoundsChecks::None,
            cpu_features: "baseline".into(),
            restriction: None,
        };
        let capabilities = Capabilities {
            features: Feature::BASELINE.into_iter().collect::<BTreeSet<_>>(),
            compiles: true,
            separate_validate: true,
            save_load: true,
            lazy: script.costs.first_call > script.costs.call,
            deadline: DeadlineSupport::KillOnly,
            memory_cap: MemoryCap::ProcessOnly,
            thread_safe_module: false,
            stack_trap: true,
            max_host_results: None,
            code_size: true,
            trust: TrustClass::InProcess,
        };
        Self { info: Info { identity, capabilities }, clock, script }
    }

    fn fails(&self, step: FakeStep) -> Result<(), RuntimeError> {
        match &self.script.fails {
            Some((at, failure)) if *at == step => Err(RuntimeError::Engine(failure.to_string())),
            _ => Ok(()),
        }
    }

    fn module(&self, wasm_len: usize) -> Box<dyn Module> {
        Box::new(FakeModule {
            clock: self.clock.clone(),
            script: self.script.clone(),
            key: ArtifactKey::of(&self.info.identity),
            wasm_len,
            warm: Rc::new(Cell::new(false)),
        })
    }
}

impl Runtime for FakeRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        self.clock.advance(self.script.costs.validate);
        ModuleDescriptor::parse(wasm).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        self.clock.advance(self.script.costs.compile);
        self.fails(FakeStep::Compile)?;
        Ok(self.module(wasm.len()))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        self.clock.advance(self.script.costs.load);
        self.fails(FakeStep::Load)?;
        let payload = artifact.payload(&ArtifactKey::of(&self.info.identity))?;
        Ok(self.module(payload.len()))
    }
}

struct FakeModule {
    clock: ManualClock,
    script: FakeScript,
    key: ArtifactKey,
    wasm_len: usize,
    /// Whether the module was called since it was made: lazy engines translate once per module.
    warm: Rc<Cell<bool>>,
}

impl Module for FakeModule {
    fn imports(&self) -> Vec<ImportType> {
        Vec::new()
    }

    fn exports(&self) -> Vec<ExportType> {
        let ty = FuncType::new([ValueType::I32], [ValueType::I32]);
        vec![ExportType { name: "run".into(), kind: ExternKind::Func(Some(ty)) }]
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        self.clock.advance(self.script.costs.save);
        Ok(Artifact::new(&self.key, [0; 32], &vec![0; self.wasm_len]))
    }

    fn code_size(&self) -> Option<u64> {
        Some(self.wasm_len as u64)
    }

    fn instantiate(
        &self,
        _: &Imports,
        state: HostState,
        _: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        self.clock.advance(self.script.costs.instantiate);
        match &self.script.fails {
            Some((FakeStep::Instantiate, failure)) => Err(start_failure(failure)),
            _ => Ok(Box::new(FakeInstance::new(
                self.clock.clone(),
                self.script.clone(),
                state,
                Rc::clone(&self.warm),
            ))),
        }
    }
}

fn start_failure(failure: &Failure) -> RuntimeError {
    RuntimeError::Start(failure.clone())
}
