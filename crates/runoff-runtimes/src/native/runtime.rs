//! The native runtime and its modules.

use std::collections::{BTreeMap, BTreeSet};

use runoff_runtime::{
    BoundsChecks, Capabilities, DeadlineSupport, ExportType, ExternKind, FuncType, HostState, Identity,
    ImportType, Imports, Info, Instance, Limits, MemoryCap, Module, ModuleDescriptor, Runtime, RuntimeError,
    RuntimeId, TrustClass, sha256_hex,
};

use super::instance::{CommandInstance, ExportsInstance};
use super::{Twin, TwinBody};

/// Runs twins.
#[derive(Debug)]
pub struct NativeRuntime {
    info: Info,
    twins: &'static [Twin],
}

impl NativeRuntime {
    /// A native runtime that knows these twins.
    pub fn new(twins: &'static [Twin]) -> Self {
        let identity = Identity {
            id: RuntimeId::new("native"),
            version: option_env!("RUNOFF_RUSTC_VERSION").unwrap_or("rustc").into(),
            technique: "machine code made ahead of time by rustc".into(),
            features: Vec::new(),
            flags: BTreeMap::from([("opt-level".into(), "3".into())]),
            compile_threads: 0,
            bounds_checks: BoundsChecks::None,
            cpu_features: "baseline".into(),
            restriction: None,
        };
        let capabilities = Capabilities {
            features: BTreeSet::new(),
            compiles: false,
            separate_validate: false,
            save_load: false,
            lazy: false,
            deadline: DeadlineSupport::KillOnly,
            memory_cap: MemoryCap::ProcessOnly,
            thread_safe_module: true,
            stack_trap: false,
            max_host_results: None,
            code_size: false,
            trust: TrustClass::InProcess,
        };
        Self { info: Info { identity, capabilities }, twins }
    }
}

impl Runtime for NativeRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        ModuleDescriptor::parse(wasm).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let sha256 = sha256_hex(wasm);
        match self.twins.iter().find(|t| t.module_sha256 == sha256) {
            Some(twin) => Ok(Box::new(NativeModule(*twin))),
            None => Err(RuntimeError::Unsupported("no native twin of this module is known".into())),
        }
    }
}

struct NativeModule(Twin);

impl Module for NativeModule {
    fn imports(&self) -> Vec<ImportType> {
        Vec::new()
    }

    fn exports(&self) -> Vec<ExportType> {
        let export = |name: &str, ty| ExportType { name: name.into(), kind: ExternKind::Func(Some(ty)) };
        match self.0.body {
            TwinBody::Exports(make) => make().iter().map(|(name, func)| export(name, func.ty())).collect(),
            TwinBody::Command(_) => vec![export("_start", FuncType::default())],
        }
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        _: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        Ok(match self.0.body {
            TwinBody::Exports(make) => Box::new(ExportsInstance::new(make(), state)),
            TwinBody::Command(main) => Box::new(CommandInstance::new(main, imports.clone(), state)),
        })
    }
}
