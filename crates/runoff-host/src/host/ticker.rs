//! Lets time pass for the policy, and keeps profiles now and then.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use runoff_pick::online::Event;

use super::Host;
use crate::scheduler::Action;

/// Longest sleep; also how often profiles are kept.
const LONGEST: Duration = Duration::from_secs(2);

/// Shortest sleep: the policy's timers need no more precision.
const SHORTEST: Duration = Duration::from_micros(500);

/// Says when the thread is to wake.
pub(super) struct Ticker {
    thread: OnceLock<Thread>,
    /// When it wakes, nanoseconds after `epoch`.
    wakes: AtomicU64,
    epoch: Instant,
}

impl Ticker {
    pub(super) fn new() -> Self {
        Self { thread: OnceLock::new(), wakes: AtomicU64::new(0), epoch: Instant::now() }
    }

    /// Nanoseconds since the host began.
    pub(super) fn now(&self) -> u64 {
        self.epoch.elapsed().as_nanos() as u64
    }
}

impl Host {
    /// Does what was decided, and sees to it that the policy's next timer is rung.
    pub(super) fn after(&self, actions: Vec<Action>) {
        if !actions.is_empty() {
            self.perform(actions);
        }
        let Some(wait) = self.scheduler.until_tick() else { return };
        let due = self.ticker.now() + wait.max(SHORTEST).as_nanos() as u64;
        if due < self.ticker.wakes.load(Ordering::Acquire)
            && let Some(thread) = self.ticker.thread.get()
        {
            thread.unpark();
        }
    }
}

pub(super) fn start(host: &Arc<Host>) -> std::io::Result<()> {
    let weak = Arc::downgrade(host);
    let handle = thread::Builder::new().name("policy".into()).spawn(move || tick(&weak))?;
    // Set once, by whoever made the host.
    let _ = host.ticker.thread.set(handle.thread().clone());
    Ok(())
}

fn tick(host: &Weak<Host>) {
    let mut kept = Instant::now();
    loop {
        let wait = {
            let Some(host) = host.upgrade() else { return };
            // Until it is known how long to sleep, whoever sets a timer wakes us: none is overslept.
            host.ticker.wakes.store(u64::MAX, Ordering::Release);
            let actions = host.scheduler.on(Event::Tick);
            host.perform(actions);
            if kept.elapsed() >= LONGEST {
                kept = Instant::now();
                for function in host.routes().functions() {
                    if let Some(untold) = function.lease.untold() {
                        host.tell(function, untold);
                    }
                }
                if let Err(error) = host.keep_profiles() {
                    crate::say(&format!("profiles are not kept: {error}"));
                }
            }
            let wait = host.scheduler.until_tick().unwrap_or(LONGEST).clamp(SHORTEST, LONGEST);
            host.ticker.wakes.store(host.ticker.now() + wait.as_nanos() as u64, Ordering::Release);
            wait
        };
        // The host is not held meanwhile: its last owner ends it.
        thread::park_timeout(wait);
    }
}
