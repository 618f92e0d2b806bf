//! The engine's configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use runoff_runtime::{
    Artifact, ArtifactKey, BoundsChecks, Capabilities, DeadlineSupport, Feature, Identity, Info, MemoryCap,
    Module, Runtime, RuntimeError, RuntimeId, RuntimeOptions, TrustClass,
};

use crate::code::{GUARD, OPT_LEVEL, RESERVED};
use crate::failure::words;
use crate::module::LucetModule;
use crate::regions::{MEMORY, Regions, STACK};
use crate::shape::Validated;

struct LucetRuntime {
    info: Info,
    validated: Validated,
    regions: Arc<Regions>,
}

/// Makes the runtime and room for a first instance, as an embedder of Lucet does.
pub(crate) fn make(_: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    let regions = Arc::new(Regions::default());
    regions.room(MEMORY).map_err(|e| RuntimeError::Engine(words(&e)))?;
    let info = Info { identity: identity(), capabilities: capabilities() };
    Ok(Box::new(LucetRuntime { info, validated: Validated::default(), regions }))
}

fn identity() -> Identity {
    Identity {
        id: RuntimeId::new(crate::ID),
        version: env!("RUNOFF_LUCET_VERSION").into(),
        technique: format!(
            "optimising compiler (Cranelift {}) to shared objects",
            env!("RUNOFF_CRANELIFT_VERSION")
        ),
        features: Vec::new(),
        flags: BTreeMap::from([
            ("opt-level".into(), OPT_LEVEL.to_flag().into()),
            // lucetc always does.
            ("verifier".into(), "on".into()),
            // lucetc reads it.
            ("linker".into(), std::env::var("LD").unwrap_or_else(|_| "ld".into())),
            ("reserved-bytes".into(), RESERVED.to_string()),
            ("guard-bytes".into(), GUARD.to_string()),
            ("stack-bytes".into(), STACK.to_string()),
        ]),
        compile_threads: 1,
        bounds_checks: BoundsChecks::GuardPages,
        cpu_features: cpu_features(),
        restriction: None,
    }
}

/// Features of this CPU that Lucet generates code for.
fn cpu_features() -> String {
    let mut found = Vec::new();
    macro_rules! detect {
        ($($name:tt)*) => {$(
            if std::arch::is_x86_feature_detected!($name) {
                found.push($name);
            }
        )*};
    }
    detect!("sse3" "ssse3" "sse4.1" "sse4.2" "popcnt" "avx" "bmi1" "bmi2" "lzcnt");
    if found.is_empty() { "baseline".into() } else { found.join("+") }
}

fn capabilities() -> Capabilities {
    Capabilities {
        features: BTreeSet::from([
            Feature::MutableGlobals,
            Feature::SaturatingFloatToInt,
            Feature::SignExtension,
        ]),
        compiles: true,
        separate_validate: false,
        save_load: true,
        lazy: false,
        deadline: DeadlineSupport::KillOnly,
        memory_cap: MemoryCap::Exact,
        thread_safe_module: true,
        stack_trap: true,
        max_host_results: Some(1),
        code_size: true,
        trust: TrustClass::KillableChild,
    }
}

impl Runtime for LucetRuntime {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, wasm: &[u8]) -> Result<(), RuntimeError> {
        self.validated.validate(wasm, &self.info.capabilities.features).map(drop)
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        let checked = self.validated.get(wasm, &self.info.capabilities.features)?;
        let key = ArtifactKey::of(&self.info.identity);
        Ok(Box::new(LucetModule::compile(wasm, &checked, key, Arc::clone(&self.regions))?))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        let key = ArtifactKey::of(&self.info.identity);
        Ok(Box::new(LucetModule::load(artifact, key, Arc::clone(&self.regions))?))
    }
}
