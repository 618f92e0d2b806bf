//! Compiling and loading: on threads of their own, those nobody waits for at low priority.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rayon::{ThreadPool, ThreadPoolBuilder};
use runoff_pick::online::{Event, ModuleId, TierId};
use runoff_runtime::{Artifact, Module, RuntimeError};

use super::Host;
use crate::deadline::Cancel;
use crate::execute::Shared;
use crate::module::{Code, HostedModule};
use crate::scheduler::Action;
use crate::store::Lookup;
use crate::workers::Remote;

/// Bytes of stack: compilers recurse.
const STACK: usize = 64 << 20;

/// How much nicer background builds are.
const NICER: i32 = 10;

/// How much nicer builds are that calls wait for: as nice as guests.
const NICE: i32 = 5;

/// Threads for builds.
///
/// They are rayon's, because engines that compile in parallel stay within the pool they are called in.
pub(super) struct Builders {
    background: ThreadPool,
    urgent: ThreadPool,
    /// Threads of a process that compiles in the background: all such together take half of the processors.
    slow_threads: usize,
    /// Threads of one that calls wait for.
    quick_threads: usize,
}

impl Builders {
    pub(super) fn start(background: usize, urgent: usize) -> Result<Self, rayon::ThreadPoolBuildError> {
        let slots = background.max(1);
        let pool = |name: &'static str, threads: usize| {
            ThreadPoolBuilder::new()
                .num_threads(threads.max(1))
                .stack_size(STACK)
                .thread_name(move |i| format!("{name}-{i}"))
                .panic_handler(|_| {})
        };
        let nice = |by| {
            move |_| {
                // A thread that stays as important as the others only builds too eagerly.
                let _ = rustix::process::nice(by);
            }
        };
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            slow_threads: (processors / 2 / slots).max(1),
            quick_threads: processors,
            background: pool("build", background).start_handler(nice(NICER)).build()?,
            // With those that are urgent because calls are expected.
            urgent: pool("urgent", background + urgent).start_handler(nice(NICE)).build()?,
        })
    }

    fn spawn(&self, urgent: bool, job: impl FnOnce() + Send + 'static) {
        if urgent { self.urgent.spawn(job) } else { self.background.spawn(job) }
    }
}

/// What came of a build.
struct Built {
    code: Code,
    took_ns: f64,
    bytes: u64,
    stored: bool,
}

impl Host {
    /// Does what the scheduler asks for.
    pub(super) fn perform(&self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Build { module, tier, urgent } => self.spawn_build(module, tier, urgent, false),
                Action::Load { module, tier } => self.spawn_build(module, tier, true, true),
                // A build that runs is finished; the policy lets go what nobody needs.
                Action::Cancel { .. } => {}
                Action::Evict { module, tier } => {
                    if let Some(module) = self.module(module) {
                        module.set_code(tier, None);
                    }
                }
                Action::Race { call, tier } => self.race(call, tier),
            }
        }
    }

    fn spawn_build(&self, module: ModuleId, tier: TierId, urgent: bool, load: bool) {
        let (Some(host), Some(code)) = (self.me.upgrade(), self.module(module)) else { return };
        self.metrics.build_queue.fetch_add(1, Ordering::Relaxed);
        self.builders.spawn(urgent, move || {
            let built = catch_unwind(AssertUnwindSafe(|| host.make_code(&code, tier, urgent, load)));
            host.metrics.build_queue.fetch_sub(1, Ordering::Relaxed);
            let event = match built {
                Ok(Ok(built)) => host.install(&code, tier, built, load),
                Ok(Err(error)) => host.build_failed(&code, tier, &error.to_string()),
                Err(_) => host.build_failed(&code, tier, "the compiler panicked"),
            };
            let actions = host.scheduler.on(event);
            host.after(actions);
        });
    }

    fn install(&self, module: &HostedModule, tier: TierId, built: Built, load: bool) -> Event {
        let took = std::time::Duration::from_nanos(built.took_ns as u64);
        let metrics = &self.metrics.builds[tier];
        if load {
            metrics.loads.observe(took);
        } else {
            metrics.compiles.observe(took);
        }
        let host_tier = &self.tiers.list()[tier];
        self.book.built(&module.code_sha256, &host_tier.runtime, &host_tier.key_text, built.took_ns, load);
        module.set_code(tier, Some(built.code));
        let Built { took_ns, bytes, stored, .. } = built;
        Event::Built { module: module.id, tier, took_ns, bytes, stored }
    }

    fn build_failed(&self, module: &HostedModule, tier: TierId, words: &str) -> Event {
        self.metrics.builds[tier].failures.fetch_add(1, Ordering::Relaxed);
        let runtime = &self.tiers.list()[tier].runtime;
        crate::say(&format!("{runtime} cannot build module {}: {words}", &module.sha256[..12]));
        Event::BuildFailed { module: module.id, tier }
    }

    fn make_code(
        &self,
        module: &Arc<HostedModule>,
        tier: TierId,
        urgent: bool,
        load: bool,
    ) -> Result<Built, RuntimeError> {
        let started = Instant::now();
        if let Some(workers) = &self.tiers.list()[tier].workers {
            return self.make_remote(module, workers);
        }
        let took = |started: Instant| started.elapsed().as_nanos() as f64;
        if let Some(tried) = module.tried(tier).filter(|_| !load) {
            let (took_ns, bytes) = (tried.took.as_nanos() as f64, 2 * module.wasm.len() as u64);
            return Ok(Built { code: tried.code, took_ns, bytes, stored: false });
        }
        let HostedModuleKey { runtime, key } = self.key(tier);
        let engine = self.tiers.make(tier)?;
        if load {
            let Some(artifacts) = &self.artifacts else {
                return Err(RuntimeError::Io("there is no store".into()));
            };
            return match artifacts.get(runtime, key, &module.code_sha256) {
                Lookup::Hit(artifact) => match engine.load(&artifact) {
                    Ok(loaded) => {
                        let bytes = artifact.payload_len() as u64;
                        Ok(Built { code: share(&*loaded)?, took_ns: took(started), bytes, stored: true })
                    }
                    Err(error) => {
                        artifacts.quarantine(runtime, key, &module.code_sha256);
                        Err(error)
                    }
                },
                Lookup::Miss => Err(RuntimeError::Io("the artifact is gone".into())),
                Lookup::Corrupt(words) => Err(RuntimeError::Io(format!("the artifact is damaged: {words}"))),
            };
        }
        let saves = self.tiers.list()[tier].capabilities.save_load;
        if let Some(compiler) = self.compiler.as_ref().filter(|_| saves) {
            let Builders { quick_threads, slow_threads, .. } = self.builders;
            let threads = if urgent { quick_threads } else { slow_threads };
            let artifact = compiler.compile(runtime, &module.wasm, threads)?;
            let code = share(&*engine.load(&artifact)?)?;
            let took_ns = took(started);
            let bytes = artifact.payload_len() as u64;
            return Ok(Built { code, took_ns, bytes, stored: self.store(tier, module, &artifact) });
        }
        let compiled = engine.compile(&module.wasm)?;
        let took_ns = took(started);
        let code = share(&*compiled)?;
        let guess = compiled.code_size().unwrap_or(2 * module.wasm.len() as u64);
        let artifact = (saves && self.artifacts.is_some()).then(|| compiled.save().ok()).flatten();
        let (bytes, stored) = match &artifact {
            Some(artifact) => (artifact.payload_len() as u64, self.store(tier, module, artifact)),
            None => (guess, false),
        };
        Ok(Built { code, took_ns, bytes, stored })
    }

    /// Code in workers: one of them has compiled it, the others will when they are asked to run it.
    fn make_remote(
        &self,
        module: &Arc<HostedModule>,
        workers: &Arc<crate::workers::Pool>,
    ) -> Result<Built, RuntimeError> {
        let started = Instant::now();
        let remote = Remote::new(workers, module);
        let (until, cancel) = (started + self.build_time, Arc::new(Cancel::default()));
        let (imports, deadlines) = (&self.imports, &self.deadlines);
        let shared = Shared { imports, deadlines, until, cancel: &cancel };
        remote.build(&shared).map_err(RuntimeError::Engine)?;
        let took_ns = started.elapsed().as_nanos() as f64;
        Ok(Built { code: Code::Worker(remote), took_ns, bytes: module.wasm.len() as u64, stored: false })
    }

    /// Keeps an artifact; whether that worked.
    fn store(&self, tier: TierId, module: &HostedModule, artifact: &Artifact) -> bool {
        let Some(artifacts) = &self.artifacts else { return false };
        let HostedModuleKey { runtime, key } = self.key(tier);
        let put = artifacts.put(runtime, key, &module.code_sha256, artifact);
        if let Err(error) = &put {
            crate::say(&format!("an artifact is not kept: {error}"));
        }
        put.is_ok()
    }

    fn key(&self, tier: TierId) -> HostedModuleKey<'_> {
        let tier = &self.tiers.list()[tier];
        HostedModuleKey { runtime: &tier.runtime, key: &tier.key }
    }

    pub(super) fn module(&self, id: ModuleId) -> Option<Arc<HostedModule>> {
        self.modules.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1.get(&id)?.upgrade()
    }
}

/// What artifacts of a tier are filed under.
struct HostedModuleKey<'a> {
    runtime: &'a str,
    key: &'a runoff_runtime::ArtifactKey,
}

pub(super) fn share(module: &dyn Module) -> Result<Code, RuntimeError> {
    let unshared = || RuntimeError::Unsupported("its modules cannot be used by several threads".into());
    module.share().map(Code::Here).ok_or_else(unshared)
}
