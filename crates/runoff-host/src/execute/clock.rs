//! The clocks of a guest: the machine's, but a guest that sleeps does not outsleep its deadline or its client.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use runoff_wasi::Clocks;

use crate::deadline::Cancel;

/// Longest nap between two looks at whether anybody still waits.
const NAP: Duration = Duration::from_millis(5);

/// See the module.
#[derive(Debug)]
pub(super) struct GuestClocks {
    start: Instant,
    run: Mutex<(Instant, Arc<Cancel>)>,
}

impl GuestClocks {
    pub(super) fn new(until: Instant, cancel: Arc<Cancel>) -> Self {
        Self { start: Instant::now(), run: Mutex::new((until, cancel)) }
    }

    /// The next run of the same instance.
    pub(super) fn renew(&self, until: Instant, cancel: Arc<Cancel>) {
        *self.run.lock().unwrap_or_else(PoisonError::into_inner) = (until, cancel);
    }
}

impl Clocks for GuestClocks {
    fn realtime_ns(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64)
    }

    fn monotonic_ns(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64 + 1
    }

    fn sleep(&self, duration: Duration) -> bool {
        let (until, cancel) = self.run.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let end = Instant::now().checked_add(duration);
        let stop = end.map_or(until, |end| end.min(until));
        loop {
            if cancel.is_cancelled() {
                return false;
            }
            let left = stop.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return end.is_some_and(|end| end <= until);
            }
            std::thread::sleep(left.min(NAP));
        }
    }
}
