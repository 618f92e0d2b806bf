//! Stopping a call: code looks at the engine's epoch, and when that moved, at a flag of its own store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use runoff_runtime::{Failure, Interrupter, Watchdog, WatchdogGuard};
use wasmtime::{Store, UpdateDeadline};

use super::instance::StoreData;
use crate::support::Stopped;

/// What interrupting needs; only made when the runtime is interruptible.
pub(super) struct Stop {
    flag: Arc<AtomicBool>,
    interrupter: Interrupter,
    deadline: Option<(Duration, Watchdog)>,
}

impl Stop {
    /// Lets this store be stopped without stopping others of its engine: the epoch is engine-wide, the flag
    /// is not.
    pub(super) fn new(store: &mut Store<StoreData>, deadline: Option<Duration>) -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        let (seen, set) = (Arc::clone(&flag), Arc::clone(&flag));
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(move |_| {
            if seen.load(Ordering::Acquire) {
                Err(wasmtime::Error::new(Stopped(Failure::Deadline)))
            } else {
                Ok(UpdateDeadline::Continue(1))
            }
        });
        let engine = store.engine().clone();
        let interrupter = Interrupter::new(move || {
            set.store(true, Ordering::Release);
            engine.increment_epoch();
        });
        Self { flag, interrupter, deadline: deadline.map(|d| (d, Watchdog::new())) }
    }

    /// Starts the clock of one call.
    pub(super) fn arm(&self) -> Option<WatchdogGuard<'_>> {
        self.flag.store(false, Ordering::Release);
        let (deadline, watchdog) = self.deadline.as_ref()?;
        Some(watchdog.arm(*deadline, self.interrupter.clone()))
    }

    pub(super) fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }
}
