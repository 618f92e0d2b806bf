//! The workers of one runtime: so many at most.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::Launcher;
use super::process::Worker;
use crate::config::WorkerLimits;

/// Modules a worker keeps before it is replaced.
const MODULES: usize = 64;

/// What happened to the workers of one runtime.
#[derive(Debug, Default)]
pub(crate) struct WorkerCounters {
    /// Processes started.
    pub(crate) started: AtomicU64,
    /// Processes that were killed, or broke.
    pub(crate) lost: AtomicU64,
}

#[derive(Default)]
struct State {
    idle: Vec<Worker>,
    all: usize,
}

/// The workers of one runtime.
pub(crate) struct Pool {
    pub(super) runtime: String,
    /// Whether only killing stops its guests.
    pub(super) kill_only: bool,
    launcher: Launcher,
    limits: WorkerLimits,
    state: Mutex<State>,
    free: Condvar,
    pub(crate) counters: WorkerCounters,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("runtime", &self.runtime).finish_non_exhaustive()
    }
}

/// Why there is no worker.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoWorker {
    /// All are busy for too long.
    Busy,
    /// None can be started.
    Start(String),
}

impl Pool {
    pub(crate) fn new(runtime: &str, kill_only: bool, launcher: &Launcher, limits: WorkerLimits) -> Self {
        Self {
            runtime: runtime.to_owned(),
            kill_only,
            launcher: launcher.clone(),
            limits,
            state: Mutex::default(),
            free: Condvar::new(),
            counters: WorkerCounters::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Workers there are.
    pub(crate) fn workers(&self) -> usize {
        self.lock().all
    }

    /// A worker, best one that knows the module; waits for one until then.
    pub(super) fn take(&self, module: &str, until: Instant) -> Result<Taken<'_>, NoWorker> {
        let mut state = self.lock();
        loop {
            if !state.idle.is_empty() {
                let known = state.idle.iter().position(|w| w.loaded.contains(module));
                // The one that rested shortest is warmest.
                let place = known.unwrap_or(state.idle.len() - 1);
                let worker = state.idle.swap_remove(place);
                if known.is_none() && worker.loaded.len() >= MODULES {
                    state.all -= 1;
                    drop(worker);
                    continue;
                }
                return Ok(Taken { pool: self, worker: Some(worker) });
            }
            if state.all < self.limits.processes {
                // Its place is taken before it is there: starting takes a while, and others look meanwhile.
                state.all += 1;
                drop(state);
                let mut taken = Taken { pool: self, worker: None };
                let worker = Worker::start(&self.launcher, &self.runtime, self.limits.memory)
                    .map_err(|e| NoWorker::Start(format!("a worker cannot be started: {e}")))?;
                self.counters.started.fetch_add(1, Ordering::Relaxed);
                taken.worker = Some(worker);
                return Ok(taken);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(NoWorker::Busy);
            }
            state = self.free.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// A worker in use; it is gone unless it is given back.
pub(super) struct Taken<'a> {
    pool: &'a Pool,
    pub(super) worker: Option<Worker>,
}

impl Taken<'_> {
    /// It answered as it should: the next request may have it.
    pub(super) fn give_back(mut self) {
        let Some(worker) = self.worker.take() else { return };
        if worker.served < self.pool.limits.requests {
            self.pool.lock().idle.push(worker);
            self.pool.free.notify_one();
            // It kept its place.
            std::mem::forget(self);
        } else {
            // Old, not broken.
            drop(worker);
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if self.worker.take().is_some() {
            self.pool.counters.lost.fetch_add(1, Ordering::Relaxed);
        }
        self.pool.lock().all -= 1;
        self.pool.free.notify_one();
    }
}
