//! Stopping a call: fuel is given in portions, and between portions somebody may say stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use runoff_runtime::{Failure, Interrupter};
use tinywasm::types::WasmValue;
use tinywasm::{Error, ExecProgress, Function, Store};

/// Instructions of one portion: a few milliseconds of interpretation.
const PORTION: u32 = 500_000;

/// What interrupting needs; only made when the runtime is interruptible.
pub(super) struct Stop {
    flag: Arc<AtomicBool>,
    deadline: Option<Duration>,
}

/// Why a stoppable call did not return.
pub(super) enum Ended {
    /// Somebody said stop.
    Deadline,
    /// The engine says why.
    Engine(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl Ended {
    /// As a failure, with the engine's errors explained by `explain`.
    pub(super) fn failure(self, explain: impl FnOnce(&Error) -> Failure) -> Failure {
        match self {
            Self::Deadline => Failure::Deadline,
            Self::Engine(error) => explain(&error),
        }
    }
}

impl Stop {
    pub(super) fn new(deadline: Option<Duration>) -> Self {
        Self { flag: Arc::new(AtomicBool::new(false)), deadline }
    }

    pub(super) fn interrupter(&self) -> Interrupter {
        let flag = Arc::clone(&self.flag);
        Interrupter::new(move || flag.store(true, Ordering::Release))
    }

    /// Calls a function until it ends or is to stop.
    pub(super) fn call(
        &self,
        func: &Function,
        store: &mut Store,
        args: &[WasmValue],
    ) -> Result<Vec<WasmValue>, Ended> {
        self.flag.store(false, Ordering::Release);
        let until = self.deadline.and_then(|d| Instant::now().checked_add(d));
        let mut call = func.call_resumable(store, args)?;
        loop {
            if let ExecProgress::Completed(results) = call.resume_with_fuel(PORTION)? {
                return Ok(results);
            }
            if self.flag.load(Ordering::Acquire) || until.is_some_and(|until| Instant::now() >= until) {
                return Err(Ended::Deadline);
            }
        }
    }
}
