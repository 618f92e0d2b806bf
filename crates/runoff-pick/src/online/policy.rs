//! Events in, decisions out.

use std::collections::{BTreeMap, BTreeSet};

use crate::online::event::{CallId, Decision, Deployment, Event, FunctionId, ModuleId, TierId};
use crate::online::function::{Flight, FunctionState};
use crate::online::module::{ModuleState, TierState};
use crate::online::{Builds, Draws, Residents, bucket};

/// A runtime in the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Runtime id.
    pub runtime: String,
    /// Whether it optimises: interpreters and baseline compilers are built before such.
    pub optimising: bool,
}

/// What a host has to give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Background builds at once.
    pub build_slots: usize,
    /// Further builds at once that calls wait for.
    pub urgent_slots: usize,
    /// Loads at once.
    pub load_slots: usize,
    /// Memory for loaded code, bytes.
    pub memory_bytes: u64,
    /// Part of a build's speed that a run beside it takes: one over the number of processors they share, 0 where builds
    /// have some of their own.
    pub contention: f64,
    /// Whether code that can be loaded again is let go when its function's idle times say so.
    pub release_idle: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            build_slots: 1,
            urgent_slots: 4,
            load_slots: 8,
            memory_bytes: 1 << 30,
            contention: 0.0,
            release_idle: true,
        }
    }
}

/// A build presses when calls are this many times as fast with it.
const PRESSING: f64 = 1.5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// A call takes longer than expected.
    Check(CallId),
    /// A function is expected soon; with the end of its last call.
    Prewarm(FunctionId, u64),
    /// A function is not expected any more.
    Expire(FunctionId, u64),
}

/// A tier's code of a module.
pub(super) type Key = (ModuleId, TierId);

/// The policy.
#[derive(Clone, Debug)]
pub struct Policy<D> {
    pub(super) tiers: Vec<Tier>,
    pub(super) settings: Settings,
    pub(super) draws: D,
    pub(super) functions: BTreeMap<FunctionId, FunctionState>,
    pub(super) modules: BTreeMap<ModuleId, ModuleState>,
    pub(super) flights: BTreeMap<CallId, Flight>,
    pub(super) compiles: Builds<Key>,
    pub(super) loads: Builds<Key>,
    pub(super) residents: Residents<Key>,
    pub(super) timers: BTreeSet<(u64, Timer)>,
    pub(super) generation: u64,
}

impl<D: Draws> Policy<D> {
    /// For these tiers; with `Certain` draws it is deterministic and explores nothing.
    pub fn new(tiers: Vec<Tier>, settings: Settings, draws: D) -> Self {
        Self {
            tiers,
            settings,
            draws,
            functions: BTreeMap::new(),
            modules: BTreeMap::new(),
            flights: BTreeMap::new(),
            compiles: Builds::new(settings.build_slots, settings.urgent_slots),
            loads: Builds::new(settings.load_slots, usize::MAX - settings.load_slots),
            residents: Residents::new(settings.memory_bytes),
            timers: BTreeSet::new(),
            generation: 0,
        }
    }

    /// The tiers it was made with.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// Where a tier's code is; `None` for a module nobody deployed.
    pub fn state(&self, module: ModuleId, tier: TierId) -> Option<TierState> {
        self.modules.get(&module)?.tiers.get(tier).copied()
    }

    /// What a call of `size` bytes is expected to take on a tier once its code is in memory, ns.
    pub fn estimate(&self, function: FunctionId, tier: TierId, size: u64) -> Option<f64> {
        let f = self.functions.get(&function)?;
        f.allowed.get(tier)?.then(|| f.knowledge.call(tier, bucket(size)))
    }

    /// Whether nothing is known of how long a function's calls take: neither from runs nor beforehand.
    pub fn blind(&self, function: FunctionId) -> bool {
        self.functions.get(&function).is_some_and(|f| f.knowledge.blind())
    }

    /// Whether a build is as urgent as if calls waited: more are expected, and what is there is much slower.
    pub fn presses(&self, module: ModuleId, tier: TierId) -> bool {
        let Some(m) = self.modules.get(&module) else { return false };
        let expected =
            m.functions.iter().filter_map(|f| self.functions.get(f)).filter(|f| f.expected > f.arrived);
        expected.filter(|f| f.allowed[tier]).any(|f| {
            let there = |r: &TierId| f.allowed[*r] && m.tiers[*r] == TierState::Loaded;
            let best = (0..self.tiers.len()).filter(there).map(|r| f.knowledge.typical(r));
            best.fold(f64::INFINITY, f64::min) > PRESSING * f.knowledge.typical(tier)
        })
    }

    /// Whether more calls of a module are expected.
    pub(super) fn expects(&self, module: ModuleId) -> bool {
        let functions = self.modules.get(&module).into_iter().flat_map(|m| &m.functions);
        functions.filter_map(|f| self.functions.get(f)).any(|f| f.expected > f.arrived)
    }

    /// `H_r` of a module, ns: what its calls so far would have cost on this tier alone.
    pub fn hindsight(&self, module: ModuleId, tier: TierId) -> Option<f64> {
        let m = self.modules.get(&module)?;
        let runs: f64 =
            m.functions.iter().filter_map(|f| self.functions.get(f)).map(|f| f.hindsight(tier)).sum();
        (tier < m.tiers.len()).then(|| m.price(tier) + runs)
    }

    /// When the next [`Event::Tick`] is due, ns.
    pub fn wake(&self) -> Option<u64> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// Takes an event at `now` (ns since any moment, never going back) and decides.
    pub fn on(&mut self, now: u64, event: Event) -> Vec<Decision> {
        let mut out = Vec::new();
        match event {
            Event::Deployed(deployment) => self.deployed(now, &deployment, &mut out),
            Event::Removed(function) => self.removed(function, &mut out),
            Event::Arrived { function, call, size } => self.arrived(now, function, call, size, &mut out),
            Event::Ended { call, tier, setup_ns, run_ns, well } => {
                self.ended(now, call, tier, (setup_ns, run_ns), well, &mut out);
            }
            Event::Repeated { function, tier, size, number, setup_ns, run_ns } => {
                self.repeated(now, function, (tier, bucket(size)), number, (setup_ns, run_ns));
            }
            Event::Built { module, tier, took_ns, bytes, stored } => {
                self.built(now, (module, tier), took_ns, bytes, stored, &mut out);
            }
            Event::BuildFailed { module, tier } => self.failed(now, (module, tier), &mut out),
            Event::Evicted { module, tier } => self.evicted((module, tier)),
            Event::Tick => {}
        }
        self.ring(now, &mut out);
        self.start(now, &mut out);
        out
    }

    fn deployed(&mut self, now: u64, deployment: &Deployment, out: &mut Vec<Decision>) {
        let new = || ModuleState::new(&deployment.tiers);
        self.modules.entry(deployment.module).or_insert_with(new);
        // The new deployment's module stays, with all its builds, if it is the old one's.
        self.removed_but(deployment.function, Some(deployment.module), out);
        self.generation += 1;
        if let Some(module) = self.modules.get_mut(&deployment.module) {
            module.functions.insert(deployment.function);
        }
        self.functions.insert(deployment.function, FunctionState::new(deployment, self.generation));
        self.ready(now, deployment.function);
    }

    fn removed(&mut self, function: FunctionId, out: &mut Vec<Decision>) {
        self.removed_but(function, None, out);
    }

    /// Removes a function, and its module if nobody else needs it.
    fn removed_but(&mut self, function: FunctionId, needed: Option<ModuleId>, out: &mut Vec<Decision>) {
        let Some(old) = self.functions.remove(&function) else { return };
        for call in &old.calls {
            // What still waits has nothing to wait for; what runs ends as it will.
            if self.flights.get(call).is_some_and(|f| f.tier.is_none()) {
                self.flights.remove(call);
                out.push(Decision::Refuse { call: *call });
            }
        }
        let Some(module) = self.modules.get_mut(&old.module) else { return };
        module.functions.remove(&function);
        if !module.functions.is_empty() || needed == Some(old.module) {
            return;
        }
        let states = module.tiers.clone();
        self.modules.remove(&old.module);
        for (tier, state) in states.into_iter().enumerate() {
            let key = (old.module, tier);
            let (compiling, loading) = (self.compiles.remove(key), self.loads.remove(key));
            if compiling || loading {
                out.push(Decision::Cancel { module: key.0, tier });
            }
            if state == TierState::Loaded {
                self.residents.release(key);
                out.push(Decision::Evict { module: key.0, tier });
            }
        }
    }

    /// Timers that are due.
    fn ring(&mut self, now: u64, out: &mut Vec<Decision>) {
        while let Some((at, timer)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, timer));
            match timer {
                Timer::Check(call) => self.check(now, call, out),
                Timer::Prewarm(function, end) => self.prewarm(now, function, end),
                Timer::Expire(function, end) => {
                    if self.rests(function, end) {
                        self.release(function, out);
                    }
                }
            }
        }
    }
}
