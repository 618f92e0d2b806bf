//! The host without HTTP: functions, tiers, builds, runs.

mod builds;
mod child;
mod deploy;
mod here;
mod invoke;
mod status;
mod ticker;
mod trial;
mod waiting;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use runoff_pick::online::{CallId, ModuleId, Settings};
use runoff_runtime::Imports;
use runoff_runtimes::Registry;
use runoff_simulate::CostTable;

use crate::config::{Config, ConfigError};
use crate::deadline::Deadlines;
use crate::lives::AllLives;
use crate::metrics::HostMetrics;
use crate::module::HostedModule;
use crate::offered::offered;
use crate::pool::Pool;
use crate::profile::Book;
use crate::routes::Routes;
use crate::scheduler::Scheduler;
use crate::store::{Artifacts, Profiles, StoreError};
use crate::tiers::{Tiers, Workers};
use crate::workers::Launcher;

pub use child::Compiler;
pub use deploy::Deployed;
pub use invoke::{Busy, Reply};
pub use status::{FunctionStatus, TierStatus};

/// What stops a host from starting or taking a configuration.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// There is no runtime to use.
    #[error("{0}")]
    Tiers(String),
    /// The store cannot be used.
    #[error("the store cannot be used: {0}")]
    Store(#[from] StoreError),
    /// Functions that cannot be served; all of them.
    #[error("{}", .0.join("\n"))]
    Functions(Vec<String>),
    /// A thread cannot be started.
    #[error("cannot start a thread: {0}")]
    Thread(#[from] std::io::Error),
    /// The bundled cost table cannot be read.
    #[error("{0}")]
    Suite(#[from] runoff_simulate::TableError),
    /// A build pool cannot be made.
    #[error("cannot start build threads: {0}")]
    Build(#[from] rayon::ThreadPoolBuildError),
}

/// What one module is known by: its file, and how many tiers there is room for.
type Modules = HashMap<String, Weak<HostedModule>>;

/// How the host starts processes; without a way it does what it can without them.
#[derive(Clone, Debug, Default)]
pub struct Processes {
    /// That compile.
    pub compiler: Option<Compiler>,
    /// That run functions.
    pub workers: Option<Launcher>,
}

/// The host.
pub struct Host {
    /// Its runtimes.
    pub tiers: Tiers,
    /// What happened.
    pub metrics: HostMetrics,
    pub(crate) artifacts: Option<Artifacts>,
    profiles: Option<Profiles>,
    book: Book,
    lives: AllLives,
    suite: CostTable,
    imports: Imports,
    deadlines: Deadlines,
    pool: Pool,
    builders: builds::Builders,
    /// Where code is compiled, if not here.
    compiler: Option<Compiler>,
    scheduler: Scheduler,
    ticker: ticker::Ticker,
    routes: ArcSwap<Routes>,
    modules: Mutex<(Modules, HashMap<ModuleId, Weak<HostedModule>>)>,
    next_id: AtomicU64,
    /// Calls that may be raced.
    racing: Mutex<HashMap<CallId, Weak<invoke::Call>>>,
    active: AtomicUsize,
    max_requests: usize,
    max_module: u64,
    build_time: std::time::Duration,
    reloading: Mutex<()>,
    me: Weak<Self>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("tiers", &self.tiers).finish_non_exhaustive()
    }
}

/// Longest wait of a start for kept code to be loaded.
const LOADING: Duration = Duration::from_secs(2);

/// Opens what outlives the host, or makes it.
fn open(folder: &Path) -> Result<(Artifacts, Profiles), StoreError> {
    std::fs::create_dir_all(folder).map_err(crate::store::io(folder))?;
    // The profiles' lock keeps a second host out before anything is touched.
    let profiles = Profiles::open(folder)?;
    Ok((Artifacts::open(folder)?, profiles))
}

impl Host {
    /// Starts threads, opens the store in `folder`, where there is one, and deploys the functions.
    ///
    /// With a compiler, tiers that save their code are compiled in processes of their own; with workers, runtimes that
    /// need them are used where they are named.
    pub fn start(
        config: &Config,
        registry: Arc<Registry>,
        folder: Option<&Path>,
        processes: Processes,
    ) -> Result<Arc<Self>, HostError> {
        let Processes { compiler, workers } = processes;
        let contained = config.contained.clone();
        let workers = workers.map(|launcher| Workers { launcher, limits: config.workers, contained });
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        // Each thread runs one and keeps some that wait for their next request; those that serve connections, too.
        let instances = (config.threads + processors) * (crate::execute::MOST_WARM + 1);
        let tiers = Tiers::find(registry, &config.runtimes, instances as u32, workers);
        let tiers = tiers.map_err(HostError::Tiers)?;
        let (artifacts, profiles) = match folder {
            None => (None, None),
            Some(folder) => match open(folder) {
                Ok((artifacts, profiles)) => (Some(artifacts), Some(profiles)),
                Err(error @ (StoreError::InUse(_) | StoreError::Secret(_))) => return Err(error.into()),
                // Everything in it can be made anew: a disk that fails is no reason not to serve.
                Err(error) => {
                    crate::say(&format!("nothing is kept: {error}"));
                    (None, None)
                }
            },
        };
        let settings = Settings {
            build_slots: config.build_slots,
            memory_bytes: config.code_memory,
            contention: 1.0 / processors.max(2) as f64,
            ..Settings::default()
        };
        let imports = offered();
        let seed = u64::from_le_bytes(crate::store::random()?);
        let scheduler = Scheduler::new(tiers.for_policy(), settings, seed);
        let (deadlines, pool) = (Deadlines::start()?, Pool::start(config.threads, config.spare_processor)?);
        let builders = builds::Builders::start(settings.build_slots, settings.urgent_slots)?;
        let suite = CostTable::bundled()?;
        let host = Arc::new_cyclic(|me| Self {
            metrics: HostMetrics::new(tiers.list().len()),
            tiers,
            artifacts,
            profiles,
            book: Book::default(),
            lives: AllLives::default(),
            suite,
            imports,
            deadlines,
            pool,
            builders,
            compiler,
            scheduler,
            ticker: ticker::Ticker::new(),
            routes: ArcSwap::default(),
            modules: Mutex::default(),
            next_id: AtomicU64::new(1),
            racing: Mutex::default(),
            active: AtomicUsize::new(0),
            max_requests: config.max_requests,
            max_module: config.max_module,
            build_time: config.build_time,
            reloading: Mutex::default(),
            me: Weak::clone(me),
        });
        ticker::start(&host)?;
        host.deploy(config)?;
        host.settle();
        Ok(host)
    }

    /// Waits for kept code to be loaded, so that it serves the first requests; not for long, where there is much of it.
    fn settle(&self) {
        let end = Instant::now() + LOADING;
        while self.metrics.build_queue.load(Ordering::Relaxed) > 0 && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The functions as they are now.
    pub fn routes(&self) -> Arc<Routes> {
        self.routes.load_full()
    }

    /// Requests under way.
    pub fn active(&self) -> usize {
        self.active.load(Ordering::Relaxed)
    }

    /// Jobs that wait for a thread, and calls that wait for code.
    pub fn waiting(&self) -> (usize, usize) {
        (self.pool.waiting(), self.scheduler.waiting())
    }

    /// Writes what is known and not kept yet; failing costs nothing but the knowledge.
    pub fn keep_profiles(&self) -> Result<(), StoreError> {
        // While functions are replaced, calls would be counted for the wrong life; the next time is soon.
        if let Ok(_no_reload) = self.reloading.try_lock() {
            for function in self.routes().functions() {
                self.lives.count(&function.config.name, function.metrics.calls());
            }
        }
        let (changes, lives) = (self.book.take_changes(), self.lives.take_changes());
        match &self.profiles {
            Some(profiles) if !changes.is_empty() || !lives.is_empty() => profiles.put(&changes, &lives),
            _ => Ok(()),
        }
    }

    /// What happened in the artifact store, where there is one.
    pub fn store_counters(&self) -> Option<&crate::store::StoreCounters> {
        self.artifacts.as_ref().map(|a| &a.counters)
    }
}
