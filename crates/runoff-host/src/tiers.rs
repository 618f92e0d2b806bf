//! Which runtimes of this build the host uses, and why not the others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use runoff_pick::online::{Tier, TierId};
use runoff_runtime::{
    ArtifactKey, Capabilities, DeadlineSupport, MemoryCap, Runtime, RuntimeError, RuntimeOptions, TrustClass,
};
use runoff_runtimes::{Availability, Reach, Registry, on_engine_stack};

use crate::config::WorkerLimits;
use crate::workers::{Launcher, Pool};

/// A runtime in the host.
#[derive(Clone, Debug)]
pub struct HostTier {
    /// Runtime id.
    pub runtime: String,
    /// What it can do.
    pub capabilities: Capabilities,
    /// What its artifacts must match.
    pub key: ArtifactKey,
    /// The same as text.
    pub key_text: String,
    /// Whether it optimises.
    pub optimising: bool,
    /// Its worker processes, where it does not run in this one.
    pub(crate) workers: Option<Arc<Pool>>,
}

impl HostTier {
    /// Whether its functions run in worker processes.
    pub fn in_workers(&self) -> bool {
        self.workers.is_some()
    }
}

/// The runtimes of a host, and those it leaves out with the reason.
#[derive(Clone)]
pub struct Tiers {
    registry: Arc<Registry>,
    list: Vec<HostTier>,
    left_out: BTreeMap<String, String>,
    /// Those of them that a word in the configuration would add.
    nameable: BTreeSet<String>,
    /// Instances at once that engines with a pool have ready.
    pooled_instances: u32,
}

impl std::fmt::Debug for Tiers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tiers").field("list", &self.list).finish_non_exhaustive()
    }
}

/// How runtimes run in processes of their own.
#[derive(Clone, Debug)]
pub struct Workers {
    /// Starts them.
    pub launcher: Launcher,
    /// Their bounds.
    pub limits: WorkerLimits,
    /// Runtimes that could run in the host's process and are not to.
    pub contained: Vec<String>,
}

/// Whether a name of a list is this runtime: its id, or its engine.
pub(crate) fn names(list: &[String], id: &str) -> bool {
    list.iter().any(|name| name == id || id.split('/').next() == Some(name.as_str()))
}

impl Tiers {
    /// Looks at every runtime; `asked` is the configuration's list, empty for all that may run untrusted code.
    /// `pooled_instances` is as many instances as there are at once at most.
    /// `workers` starts processes for runtimes that need them; without it they are left out.
    pub fn find(
        registry: Arc<Registry>,
        asked: &[String],
        pooled_instances: u32,
        workers: Option<Workers>,
    ) -> Result<Self, String> {
        let ids: Vec<String> = registry.entries().iter().map(|e| e.id().to_string()).collect();
        let contained = workers.iter().flat_map(|w| &w.contained);
        let lists = asked.iter().map(|n| ("runtimes", n)).chain(contained.map(|n| ("workers.runtimes", n)));
        for (list, name) in lists {
            if !ids.iter().any(|id| names(std::slice::from_ref(name), id)) {
                return Err(format!("{list} has `{name}`, which is none; there are {}", ids.join(", ")));
            }
        }
        let mut left_out = BTreeMap::new();
        let mut candidates = Vec::new();
        for entry in registry.entries() {
            let id = entry.id().to_string();
            if !asked.is_empty() && !names(asked, &id) {
                left_out.insert(id, "not in the configuration's `runtimes`".into());
                continue;
            }
            match reason(entry.availability(), entry.reach(), &id, asked) {
                Some(reason) => drop(left_out.insert(id, reason)),
                None => candidates.push(id),
            }
        }
        // Engines are made where they have the stack they expect.
        let (makers, named) = (Arc::clone(&registry), asked.to_vec());
        let looked = on_engine_stack(move || {
            let look = |id: String| {
                let driver = makers.get(&id).is_some_and(|e| matches!(e.reach(), Reach::Driver(_)));
                let named = names(&named, &id);
                let tier = make(&makers, &id, 0).map_err(|e| e.to_string());
                let tier = tier.and_then(|r| describe(&*r, driver, named, workers.as_ref()));
                (id, tier)
            };
            candidates.into_iter().map(look).collect::<Vec<_>>()
        })
        .map_err(|e| format!("no thread for engines: {e}"))?;
        let mut list = Vec::new();
        for (id, tier) in looked {
            match tier {
                Ok(tier) => list.push(tier),
                Err(reason) => drop(left_out.insert(id, reason)),
            }
        }
        if list.is_empty() {
            return Err("no runtime is left that could run functions: `runoff runtimes` lists them".into());
        }
        let nameable = left_out.iter().filter(|(_, reason)| *reason == NAME_IT || reason.contains(LICENCE));
        let nameable = nameable.map(|(id, _)| id.clone()).collect();
        Ok(Self { registry, list, left_out, nameable, pooled_instances })
    }

    /// The runtimes in order.
    pub fn list(&self) -> &[HostTier] {
        &self.list
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> &BTreeMap<String, String> {
        &self.left_out
    }

    /// Those left out that a word in the configuration would add: what is said of them tells how.
    pub fn nameable(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.left_out.iter().filter(|(id, _)| self.nameable.contains(*id));
        all.map(|(id, reason)| (id.as_str(), reason.as_str()))
    }

    /// Makes a tier's runtime on the calling thread.
    pub fn make(&self, tier: TierId) -> Result<Box<dyn Runtime>, RuntimeError> {
        make(&self.registry, &self.list[tier].runtime, self.pooled_instances)
    }

    /// The tiers as the policy knows them.
    pub fn for_policy(&self) -> Vec<Tier> {
        self.list.iter().map(|t| Tier { runtime: t.runtime.clone(), optimising: t.optimising }).collect()
    }
}

fn make(registry: &Registry, id: &str, pooled_instances: u32) -> Result<Box<dyn Runtime>, RuntimeError> {
    let gone = || RuntimeError::Unsupported(format!("there is no runtime {id}"));
    let options = RuntimeOptions { interruptible: true, pooled_instances };
    registry.get(id).ok_or_else(gone)?.make(&options)
}

/// Why a runtime cannot even be asked.
fn reason(availability: &Availability, reach: &Reach, id: &str, asked: &[String]) -> Option<String> {
    if let Availability::Absent { how } = availability {
        return Some(format!("absent: {how}"));
    }
    match reach {
        Reach::Linked if id == "native" => return Some("runs the twins of bundled workloads only".into()),
        // Whoever wants one has named it: looking at each would start it.
        Reach::Driver(_) if asked.is_empty() => return Some(NAME_IT.into()),
        Reach::Linked | Reach::Driver(_) => {}
        Reach::CommandLine(_) => return Some("it is a command line, made to be timed as a whole".into()),
    }
    // Nobody is made to break a licence without being asked: the engine's name is not enough.
    let restriction = runoff_runtimes::restriction(id)?;
    (!asked.iter().any(|name| name == id)).then(|| format!("{restriction}; name `{id}` {LICENCE}"))
}

/// How whoever has a licence says so.
const LICENCE: &str = "in `runtimes` if you have one";

/// Why a runtime that needs workers is not used.
const NAME_IT: &str = "it runs in worker processes, when `runtimes` names it";

fn describe(
    runtime: &dyn Runtime,
    driver: bool,
    named: bool,
    workers: Option<&Workers>,
) -> Result<HostTier, String> {
    let info = runtime.info();
    let mut capabilities = info.capabilities.clone();
    let kill_only = capabilities.deadline == DeadlineSupport::KillOnly;
    let mut pool = None;
    let must = driver || kill_only || capabilities.trust == TrustClass::KillableChild;
    let id = info.identity.id.as_str();
    if must || workers.is_some_and(|w| names(&w.contained, id)) {
        if must && !named {
            return Err(NAME_IT.into());
        }
        let Some(Workers { launcher, limits, .. }) = workers else {
            return Err("there is no program to run its workers".into());
        };
        pool = Some(Arc::new(Pool::new(id, kill_only, launcher, *limits)));
        // Each worker compiles for itself.
        capabilities.save_load = false;
    }
    if capabilities.memory_cap != MemoryCap::Exact {
        return Err("it cannot cap the memory of an instance".into());
    }
    // A module of one empty function: sharing is the adapter's to offer.
    let empty = b"\0asm\x01\0\0\0";
    let module = runtime.compile(empty).map_err(|e| format!("it does not work: {e}"))?;
    if pool.is_none() && module.share().is_none() {
        return Err("its modules cannot be used by several threads".into());
    }
    let technique = &info.identity.technique;
    let optimising = technique.contains("optimising") || technique.contains("bytecode");
    let key = ArtifactKey::of(&info.identity);
    let (runtime, key_text) = (info.identity.id.to_string(), key.to_string());
    Ok(HostTier { runtime, capabilities, key, key_text, optimising, workers: pool })
}
