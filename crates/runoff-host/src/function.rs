//! A function as the host runs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use hyper::header::HeaderValue;
use runoff_pick::online::{FunctionId, TierId};
use runoff_runtime::Limits;
use runoff_wasi::WasiConfig;

use crate::brief::Brief;
use crate::config::{Abi, AbiName, FunctionConfig};
use crate::lease::Lease;
use crate::metrics::FunctionMetrics;
use crate::module::HostedModule;
use crate::repeats::Repeats;

/// Shortest run that is in the way of requests that wait for its processor: about a slice of the system's scheduler.
const LONG: Duration = Duration::from_micros(500);

/// A function as the host runs it.
#[derive(Debug)]
pub struct Function {
    /// Number in the policy; a new one with every change.
    pub id: FunctionId,
    /// As it was configured.
    pub config: FunctionConfig,
    /// How it is called.
    pub abi: Abi,
    /// Its code.
    pub module: Arc<HostedModule>,
    /// What of its configuration says how long its runs take: functions that share a module and differ in it are timed
    /// apart.
    pub(crate) work: String,
    /// Per tier, why it may not run there.
    pub refused: Vec<Option<String>>,
    /// What its guests are given, but for their request.
    pub wasi: WasiConfig,
    /// Bounds of its instances.
    pub limits: Limits,
    /// What happened.
    pub metrics: FunctionMetrics,
    /// Per tier, whether its runs are brief.
    brief: Vec<Brief>,
    /// Calls of it that are placed without asking.
    pub(crate) lease: Lease,
    /// What was said of its failures.
    pub(crate) repeats: Repeats,
    /// `content-type` of its answers, where they do not say.
    pub(crate) content_type: HeaderValue,
    active: AtomicUsize,
    retired: AtomicBool,
    /// Whether its last run took long.
    computes: AtomicBool,
}

/// Hexadecimal digits that name a work: enough for the few of one module.
const WORK_DIGITS: usize = 16;

impl Function {
    /// Puts it together; `refused` has an entry per tier.
    pub fn new(
        id: FunctionId,
        config: FunctionConfig,
        abi: Abi,
        module: Arc<HostedModule>,
        refused: Vec<Option<String>>,
    ) -> Self {
        let mut wasi = WasiConfig::new().arg(&config.name);
        for arg in &config.args {
            wasi = wasi.arg(arg);
        }
        for (name, value) in &config.env {
            wasi = wasi.env(name, value);
        }
        for dir in &config.dirs {
            wasi = wasi.preopen_read_only(&dir.host, &dir.guest);
        }
        // Engines cap each memory for itself; all of an instance together must fit.
        let share = config.limits.memory / u64::from(module.memories.max(1));
        let limits = Limits {
            memory_bytes: Some(share),
            table_elements: Some(config.limits.table_elements),
            deadline: None,
        };
        let metrics = FunctionMetrics::new(refused.len());
        // The configuration was checked.
        let content_type = HeaderValue::from_str(&config.content_type)
            .unwrap_or(HeaderValue::from_static("application/octet-stream"));
        let brief = refused.iter().map(|_| Brief::default()).collect();
        let work = format!("{abi:?} {:?} {:?}", config.args, config.env);
        let work = runoff_runtime::sha256_hex(work.as_bytes())[..WORK_DIGITS].to_owned();
        Self {
            id,
            config,
            abi,
            module,
            work,
            refused,
            wasi,
            limits,
            metrics,
            brief,
            lease: Lease::default(),
            repeats: Repeats::default(),
            content_type,
            active: AtomicUsize::new(0),
            retired: AtomicBool::new(false),
            computes: AtomicBool::new(false),
        }
    }

    /// How brief its runs on a tier are; `None` where they never stay on a thread that serves connections.
    pub(crate) fn brief(&self, tier: TierId) -> Option<&Brief> {
        // Without imports a guest can do nothing but compute.
        let may = self.abi == AbiName::Call && !self.module.wants_wasi;
        self.brief.get(tier).filter(|_| may)
    }

    /// Requests under way.
    pub fn active(&self) -> usize {
        self.active.load(Ordering::Relaxed)
    }

    /// A place for one more request; `None` at the limit.
    pub fn enter(self: &Arc<Self>) -> Option<Entered> {
        let before = self.active.fetch_add(1, Ordering::Relaxed);
        let entered = Entered(Arc::clone(self));
        (before < self.config.limits.concurrency).then_some(entered)
    }

    /// Whether its next run is taken to be in the way of others on its processor.
    pub(crate) fn computes(&self) -> bool {
        self.computes.load(Ordering::Relaxed)
    }

    /// A run took so long.
    pub(crate) fn took(&self, run: Duration) {
        self.computes.store(run > LONG, Ordering::Relaxed);
    }

    /// It is replaced or gone: nothing new begins.
    pub fn retire(&self) {
        self.retired.store(true, Ordering::Release);
    }

    /// Whether it is replaced or gone.
    pub fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }
}

/// A place among a function's requests.
#[derive(Debug)]
pub struct Entered(Arc<Function>);

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::Relaxed);
    }
}
