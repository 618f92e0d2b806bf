//! One clock for all guests: what runs too long is interrupted, again and again until it stops.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use runoff_runtime::Interrupter;

/// Between two interrupts of the same run: an engine forgets one that comes before its guest has begun.
const AGAIN: Duration = Duration::from_millis(5);

/// How long the thread sleeps at most while runs come and go; shortest deadlines are about as long.
const LINGER: Duration = Duration::from_millis(1);

#[derive(Default)]
struct State {
    due: BTreeMap<(Instant, u64), Interrupter>,
    at: BTreeMap<u64, Instant>,
    next: u64,
    /// Whether anything was armed since the thread last looked.
    busy: bool,
    /// Until when the thread sleeps; it is only woken for something earlier.
    asleep_until: Option<Instant>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let mut state = self.lock();
        loop {
            if state.closed {
                return;
            }
            let now = Instant::now();
            let mut ripe = Vec::new();
            while let Some(entry) = state.due.first_entry().filter(|e| e.key().0 <= now) {
                let ((_, id), interrupter) = entry.remove_entry();
                state.at.insert(id, now + AGAIN);
                state.due.insert((now + AGAIN, id), interrupter.clone());
                ripe.push(interrupter);
            }
            if !ripe.is_empty() {
                drop(state);
                ripe.iter().for_each(Interrupter::interrupt);
                state = self.lock();
                continue;
            }
            // With nothing to watch there is nothing earlier than "never"; but where runs come one after the other, each
            // of them would wake the thread anew.
            let rest = if std::mem::take(&mut state.busy) { LINGER } else { Duration::from_hours(1) };
            let until = state.due.first_key_value().map_or(now + rest, |(key, _)| key.0.min(now + rest));
            state.asleep_until = Some(until);
            state = self.wake.wait_timeout(state, until - now).unwrap_or_else(PoisonError::into_inner).0;
            state.asleep_until = None;
        }
    }
}

/// The clock; its thread ends with it.
pub struct Deadlines {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Deadlines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Deadlines")
    }
}

impl Deadlines {
    /// Starts the thread.
    pub fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let watched = Arc::clone(&shared);
        thread::Builder::new().name("deadlines".into()).spawn(move || watched.watch())?;
        Ok(Self { shared })
    }

    /// Interrupts from `until` on, unless the guard is dropped before.
    pub fn arm(&self, until: Instant, interrupter: Interrupter) -> Armed<'_> {
        let mut state = self.shared.lock();
        state.next += 1;
        state.busy = true;
        let id = state.next;
        state.at.insert(id, until);
        state.due.insert((until, id), interrupter);
        if state.asleep_until.is_some_and(|asleep| until < asleep) {
            self.shared.wake.notify_one();
        }
        Armed { deadlines: self, id }
    }

    fn fire(&self, id: u64) {
        let mut state = self.shared.lock();
        let Some(at) = state.at.get(&id).copied() else { return };
        let now = Instant::now();
        if let Some(interrupter) = state.due.remove(&(at, id)) {
            state.at.insert(id, now);
            state.due.insert((now, id), interrupter);
            self.shared.wake.notify_one();
        }
    }
}

impl Drop for Deadlines {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.wake.notify_one();
    }
}

/// A run under the clock.
#[derive(Debug)]
pub struct Armed<'a> {
    deadlines: &'a Deadlines,
    id: u64,
}

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        let mut state = self.deadlines.shared.lock();
        if let Some(at) = state.at.remove(&self.id) {
            state.due.remove(&(at, self.id));
        }
    }
}

/// Ends one run from outside: its client is gone, or another run was faster.
#[derive(Debug, Default)]
pub struct Cancel {
    cancelled: AtomicBool,
    armed: Mutex<Option<u64>>,
}

impl Cancel {
    /// Ends the run; one that has not begun does not begin.
    pub fn cancel(&self, deadlines: &Deadlines) {
        self.cancelled.store(true, Ordering::SeqCst);
        if let Some(id) = *self.armed.lock().unwrap_or_else(PoisonError::into_inner) {
            deadlines.fire(id);
        }
    }

    /// Whether it was ended.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Says which run is to be ended; one that was ended already is at once.
    pub fn watch(&self, armed: &Armed<'_>) {
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some(armed.id);
        if self.is_cancelled() {
            armed.deadlines.fire(armed.id);
        }
    }

    /// The run is over.
    pub fn unwatch(&self) {
        *self.armed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    fn counting() -> (Arc<AtomicUsize>, Interrupter) {
        let count = Arc::new(AtomicUsize::new(0));
        let shared = Arc::clone(&count);
        (
            count,
            Interrupter::new(move || {
                shared.fetch_add(1, Ordering::SeqCst);
            }),
        )
    }

    fn reaches(count: &AtomicUsize, wanted: usize) -> bool {
        let end = Instant::now() + Duration::from_secs(10);
        while count.load(Ordering::SeqCst) < wanted {
            if Instant::now() > end {
                return false;
            }
            thread::sleep(Duration::from_millis(1));
        }
        true
    }

    #[test]
    fn interrupts_until_disarmed_and_the_earlier_first() {
        let deadlines = Deadlines::start().unwrap();
        let (late, interrupter) = counting();
        let _late = deadlines.arm(Instant::now() + Duration::from_hours(1), interrupter);
        let (soon, interrupter) = counting();
        let armed = deadlines.arm(Instant::now() + Duration::from_millis(5), interrupter);
        assert!(reaches(&soon, 3));
        drop(armed);
        assert_eq!(late.load(Ordering::SeqCst), 0);
        assert!(deadlines.shared.lock().due.len() == 1);
    }

    #[test]
    fn a_cancelled_run_is_interrupted_whichever_comes_first() {
        let deadlines = Deadlines::start().unwrap();
        for before in [true, false] {
            let cancel = Cancel::default();
            let (count, interrupter) = counting();
            if before {
                cancel.cancel(&deadlines);
            }
            let armed = deadlines.arm(Instant::now() + Duration::from_hours(1), interrupter);
            cancel.watch(&armed);
            if !before {
                cancel.cancel(&deadlines);
            }
            assert!(reaches(&count, 1));
            cancel.unwatch();
        }
    }
}
