//! Stopping a running call of engines that have one switch per instance.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use runoff_runtime::{Failure, Interrupter, Watchdog, WatchdogGuard};

/// What makes the code of one instance stop. Only used under a lock, and given back before the instance goes.
pub(crate) trait Switch: Send + 'static {
    /// Makes running code stop at its next check point.
    fn trip(&self);
    /// Lets code run again.
    fn rest(&self);
}

struct Shared<S> {
    switch: Option<S>,
    /// Number of the running call; `None` between calls, when an interrupt must not hit the next one.
    running: Option<u64>,
    calls: u64,
    fired: bool,
}

fn lock<S>(shared: &Mutex<Shared<S>>) -> MutexGuard<'_, Shared<S>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What an instance needs to be stopped; only made when its runtime is interruptible.
pub(crate) struct Stop<S: Switch> {
    shared: Arc<Mutex<Shared<S>>>,
    deadline: Option<(Duration, Watchdog)>,
}

impl<S: Switch> Stop<S> {
    pub(crate) fn new(deadline: Option<Duration>) -> Self {
        let shared = Shared { switch: None, running: None, calls: 0, fired: false };
        Self { shared: Arc::new(Mutex::new(shared)), deadline: deadline.map(|d| (d, Watchdog::new())) }
    }

    /// Where to put the switch once there is one.
    pub(crate) fn socket(&self) -> Socket<S> {
        Socket(Arc::clone(&self.shared))
    }

    /// Marks a call as running until the guard is dropped.
    pub(crate) fn run(&self) -> Running<'_, S> {
        let call = {
            let mut shared = lock(&self.shared);
            shared.calls += 1;
            shared.running = Some(shared.calls);
            if std::mem::take(&mut shared.fired)
                && let Some(switch) = &shared.switch
            {
                switch.rest();
            }
            shared.calls
        };
        // The interrupter of a deadline knows its call: one that comes late must not hit the next.
        let armed = self.deadline.as_ref().map(|(deadline, watchdog)| {
            watchdog.arm(*deadline, interrupter(Arc::clone(&self.shared), Some(call)))
        });
        Running { stop: self, _armed: armed }
    }

    /// Whether the last call was stopped.
    pub(crate) fn fired(&self) -> bool {
        lock(&self.shared).fired
    }

    pub(crate) fn interrupter(&self) -> Interrupter {
        interrupter(Arc::clone(&self.shared), None)
    }
}

impl<S: Switch> Drop for Stop<S> {
    fn drop(&mut self) {
        lock(&self.shared).switch = None;
    }
}

/// See [`Stop::socket`].
pub(crate) struct Socket<S>(Arc<Mutex<Shared<S>>>);

impl<S: Switch> Socket<S> {
    pub(crate) fn plug(&self, switch: S) {
        lock(&self.0).switch = Some(switch);
    }
}

/// Ends the call it was made for when dropped.
pub(crate) struct Running<'a, S: Switch> {
    stop: &'a Stop<S>,
    _armed: Option<WatchdogGuard<'a>>,
}

impl<S: Switch> Drop for Running<'_, S> {
    fn drop(&mut self) {
        lock(&self.stop.shared).running = None;
    }
}

/// Interrupts the given call, or whichever runs.
fn interrupter<S: Switch>(shared: Arc<Mutex<Shared<S>>>, call: Option<u64>) -> Interrupter {
    Interrupter::new(move || {
        let mut shared = lock(&shared);
        if shared.running.is_some() && (call.is_none() || shared.running == call) {
            shared.fired = true;
            if let Some(switch) = &shared.switch {
                switch.trip();
            }
        }
    })
}

/// The failure of a call: what the engine says when it was stopped is not what happened.
#[cfg_attr(
    not(any(feature = "wasmer", feature = "wamr")),
    expect(dead_code, reason = "toywasm says that it was stopped")
)]
pub(crate) fn explain<S: Switch>(
    stop: Option<&Stop<S>>,
    engine_says: impl Fn(&Failure) -> bool,
    failure: Failure,
) -> Failure {
    match stop {
        Some(stop) if engine_says(&failure) && stop.fired() => Failure::Deadline,
        _ => failure,
    }
}
