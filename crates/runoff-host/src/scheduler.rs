//! The policy behind a lock: events in, and out what the host is to do.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use runoff_pick::online::{
    CallId, Decision, Deployment, Event, FunctionId, ModuleId, Policy, Seeded, Settings, Tier, TierId,
    TierState,
};
use tokio::sync::oneshot;

/// What the host is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Compile a module for a tier.
    Build {
        /// Which.
        module: ModuleId,
        /// For which.
        tier: TierId,
        /// Whether calls wait for it, or are expected that it makes much faster.
        urgent: bool,
    },
    /// Load a stored artifact.
    Load {
        /// Of which module.
        module: ModuleId,
        /// For which tier.
        tier: TierId,
    },
    /// A build nobody needs any more.
    Cancel {
        /// Of which module.
        module: ModuleId,
        /// For which tier.
        tier: TierId,
    },
    /// Let code go.
    Evict {
        /// Of which module.
        module: ModuleId,
        /// Of which tier.
        tier: TierId,
    },
    /// Run a call a second time.
    Race {
        /// Which.
        call: CallId,
        /// Where.
        tier: TierId,
    },
}

/// Where a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// On this tier, now.
    Run(TierId),
    /// Nowhere.
    Refused,
}

/// An answer to a new call.
#[derive(Debug)]
pub enum Arrival {
    /// It is decided.
    Now(Placement),
    /// It will be.
    Later {
        /// When.
        placed: oneshot::Receiver<Placement>,
        /// The tier it waits for, unless the policy changes its mind.
        tier: TierId,
    },
}

struct Waiting {
    sender: oneshot::Sender<Placement>,
    key: Option<(ModuleId, TierId)>,
}

struct Inner {
    policy: Policy<Seeded>,
    waiting: HashMap<CallId, Waiting>,
    modules: HashMap<FunctionId, ModuleId>,
}

/// The policy behind a lock.
pub struct Scheduler {
    inner: Mutex<Inner>,
    started: Instant,
    calls: AtomicU64,
    /// When the policy's next timer is due, on its clock; `u64::MAX` is never. Read without the lock.
    wake: AtomicU64,
}

impl std::fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scheduler")
    }
}

impl Scheduler {
    /// For these tiers.
    pub fn new(tiers: Vec<Tier>, settings: Settings, seed: u64) -> Self {
        let policy = Policy::new(tiers, settings, Seeded::new(seed));
        let inner = Inner { policy, waiting: HashMap::new(), modules: HashMap::new() };
        Self {
            inner: Mutex::new(inner),
            started: Instant::now(),
            calls: AtomicU64::new(0),
            wake: AtomicU64::new(u64::MAX),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_nanos() as u64
    }

    /// A function is there, or changed.
    pub fn deploy(&self, deployment: Deployment) -> Vec<Action> {
        let mut inner = self.lock();
        inner.modules.insert(deployment.function, deployment.module);
        self.tell(&mut inner, Event::Deployed(Box::new(deployment)))
    }

    /// A function is gone.
    pub fn remove(&self, function: FunctionId) -> Vec<Action> {
        let mut inner = self.lock();
        inner.modules.remove(&function);
        self.tell(&mut inner, Event::Removed(function))
    }

    /// A call of `size` bytes comes in.
    pub fn arrive(&self, function: FunctionId, size: u64) -> (CallId, Arrival, Vec<Action>) {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let mut inner = self.lock();
        let now = self.now();
        let decisions = inner.policy.on(now, Event::Arrived { function, call, size });
        self.note_wake(&inner);
        let mut arrival = None;
        let mut rest = Vec::new();
        for decision in decisions {
            match decision {
                Decision::Run { call: c, tier } if c == call => {
                    arrival = Some(Arrival::Now(Placement::Run(tier)));
                }
                Decision::Refuse { call: c } if c == call => arrival = Some(Arrival::Now(Placement::Refused)),
                Decision::Wait { call: c, tier } if c == call => {
                    let key = inner.modules.get(&function).map(|m| (*m, tier));
                    let (sender, placed) = oneshot::channel();
                    inner.waiting.insert(call, Waiting { sender, key });
                    arrival = Some(Arrival::Later { placed, tier });
                }
                other => rest.push(other),
            }
        }
        let actions = inner.apply(rest);
        // The policy places or refuses every call it is told of.
        (call, arrival.unwrap_or(Arrival::Now(Placement::Refused)), actions)
    }

    /// Anything else happened.
    pub fn on(&self, event: Event) -> Vec<Action> {
        let mut inner = self.lock();
        if let Event::Ended { call, .. } = &event {
            inner.waiting.remove(call);
        }
        self.tell(&mut inner, event)
    }

    fn note_wake(&self, inner: &Inner) {
        self.wake.store(inner.policy.wake().unwrap_or(u64::MAX), Ordering::Release);
    }

    fn tell(&self, inner: &mut Inner, event: Event) -> Vec<Action> {
        let decisions = inner.policy.on(self.now(), event);
        self.note_wake(inner);
        inner.apply(decisions)
    }

    /// How long until the next [`Event::Tick`] is due.
    pub fn until_tick(&self) -> Option<Duration> {
        let wake = self.wake.load(Ordering::Acquire);
        (wake != u64::MAX).then(|| Duration::from_nanos(wake.saturating_sub(self.now())))
    }

    /// Where the code of a tier is.
    pub fn state(&self, module: ModuleId, tier: TierId) -> Option<TierState> {
        self.lock().policy.state(module, tier)
    }

    /// What a call of `size` bytes is expected to take, ns.
    pub fn estimate(&self, function: FunctionId, tier: TierId, size: u64) -> Option<f64> {
        self.lock().policy.estimate(function, tier, size)
    }

    /// Whether nothing is known of how long calls take.
    pub fn blind(&self, function: FunctionId) -> bool {
        self.lock().policy.blind(function)
    }

    /// What the calls so far would have cost on a tier alone, ns.
    pub fn hindsight(&self, module: ModuleId, tier: TierId) -> Option<f64> {
        self.lock().policy.hindsight(module, tier)
    }

    /// Calls that wait for code.
    pub fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }
}

impl Inner {
    fn apply(&mut self, decisions: Vec<Decision>) -> Vec<Action> {
        let mut actions = Vec::new();
        for decision in decisions {
            match decision {
                Decision::Run { call, tier } => self.settle(call, Placement::Run(tier)),
                Decision::Refuse { call } => self.settle(call, Placement::Refused),
                Decision::Wait { call, tier } => {
                    if let Some(waiting) = self.waiting.get_mut(&call) {
                        waiting.key = waiting.key.map(|(module, _)| (module, tier));
                    }
                }
                Decision::Race { call, tier } => actions.push(Action::Race { call, tier }),
                Decision::Build { module, tier } => {
                    let urgent = self.policy.presses(module, tier)
                        || self.waiting.values().any(|w| w.key == Some((module, tier)));
                    actions.push(Action::Build { module, tier, urgent });
                }
                Decision::Load { module, tier } => actions.push(Action::Load { module, tier }),
                Decision::Cancel { module, tier } => actions.push(Action::Cancel { module, tier }),
                Decision::Evict { module, tier } => actions.push(Action::Evict { module, tier }),
            }
        }
        actions
    }

    fn settle(&mut self, call: CallId, placement: Placement) {
        if let Some(waiting) = self.waiting.remove(&call) {
            // Whoever waited may be gone; its end is told when it notices.
            let _ = waiting.sender.send(placement);
        }
    }
}
