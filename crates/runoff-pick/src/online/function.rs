//! A function's calls.

use std::collections::BTreeSet;

use crate::online::event::{CallId, Deployment, ModuleId, TierId};
use crate::online::policy::Timer;
use crate::online::{ChangePoint, IdleTimes, Knowledge, Rate};

/// A call under way.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    pub(crate) function: u64,
    pub(crate) module: ModuleId,
    /// Deployment it belongs to.
    pub(crate) generation: u64,
    pub(crate) bucket: u8,
    /// Where it runs; `None` while it waits.
    pub(crate) tier: Option<TierId>,
    /// What it waits for.
    pub(crate) waits: Option<TierId>,
    pub(crate) arrived: u64,
    pub(crate) started: u64,
    /// Whether it is the first of its function.
    pub(crate) first: bool,
    /// Where it runs a second time.
    pub(crate) race: Option<TierId>,
    /// What it is counted with in hindsight, per tier.
    pub(crate) counted: Vec<f64>,
}

/// What is known of one function.
#[derive(Clone, Debug)]
pub(crate) struct FunctionState {
    pub(crate) module: ModuleId,
    pub(crate) generation: u64,
    pub(crate) allowed: Vec<bool>,
    pub(crate) idempotent: bool,
    pub(crate) deadline_ns: f64,
    /// Calls expected in its life.
    pub(crate) expected: f64,
    /// Calls that came in.
    pub(crate) arrived: f64,
    pub(crate) knowledge: Knowledge,
    pub(crate) rate: Rate,
    pub(crate) idle: IdleTimes,
    pub(crate) change: ChangePoint,
    pub(crate) calls: BTreeSet<CallId>,
    /// Hindsight of calls under way, per tier.
    pub(crate) under_way: Vec<f64>,
    pub(crate) last_end: Option<u64>,
    /// Timers of its rest: at most one of each kind, however many calls there were.
    pub(super) rest: Vec<(u64, Timer)>,
}

impl FunctionState {
    pub(crate) fn new(deployment: &Deployment, generation: u64) -> Self {
        let tiers = &deployment.tiers;
        let knowledge = Knowledge::new(
            &tiers.iter().map(|t| t.slowdown).collect::<Vec<_>>(),
            &tiers.iter().map(|t| t.setup).collect::<Vec<_>>(),
            deployment.work,
            deployment.told.clone(),
        );
        Self {
            module: deployment.module,
            generation,
            allowed: tiers.iter().map(|t| t.allowed).collect(),
            idempotent: deployment.idempotent,
            deadline_ns: deployment.deadline_ns,
            expected: deployment.expected_calls,
            arrived: 0.0,
            knowledge,
            rate: Rate::default(),
            idle: IdleTimes::default(),
            change: ChangePoint::default(),
            calls: BTreeSet::new(),
            under_way: vec![0.0; tiers.len()],
            last_end: None,
            rest: Vec::new(),
        }
    }

    /// Σ Ê over calls that ended and calls under way, ns.
    pub(crate) fn hindsight(&self, tier: TierId) -> f64 {
        self.knowledge.hindsight(tier) + self.under_way[tier]
    }

    /// What calls to come will take on a tier, with what is left of those under way, ns. Where none are expected, as many
    /// will come as came: that is when a build pays by the rule of hindsight. A tier it may not run on neither helps nor
    /// harms it.
    pub(crate) fn ahead(&self, tier: TierId) -> f64 {
        let left = self.expected - self.arrived;
        let calls = if left > 0.0 { left } else { self.knowledge.observed().into() };
        let cost = |tier: TierId| calls * self.knowledge.typical(tier) + self.under_way[tier];
        if self.allowed[tier] {
            return cost(tier);
        }
        let others = (0..self.allowed.len()).filter(|r| self.allowed[*r]).map(cost);
        others.fold(f64::INFINITY, f64::min)
    }

    /// Learns an end; whether the function turned out to be another one than it was.
    pub(crate) fn learn(&mut self, tier: TierId, bucket: u8, setup_ns: f64, run_ns: f64) -> bool {
        let surprise = self.knowledge.surprise(tier, bucket, run_ns, ChangePoint::least());
        let changed = surprise.is_some_and(|s| self.change.observe(s));
        if changed {
            self.knowledge.forget();
            self.change = ChangePoint::default();
        }
        self.knowledge.observe(tier, bucket, setup_ns, run_ns);
        changed
    }
}
