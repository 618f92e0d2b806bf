//! The policy in a world of virtual time: what it decides happens, and takes as long as the table says.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use runoff_pick::online::{Decision, Draws, Event, Policy, Settings, Tier, TierId};

use crate::{CostTable, Learning, ModuleCosts, Outcome, Trace};

/// What is going to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    /// A build or load ends; of the attempt with this number.
    Built(TierId, u64),
    /// A call ends on a tier.
    Ended(usize, TierId),
    Arrived(usize),
    Tick,
}

#[derive(Clone, Copy, Debug, Default)]
struct Run {
    tier: Option<(TierId, u64)>,
    race: Option<(TierId, u64)>,
    done: bool,
}

/// One function on one machine.
#[derive(Debug)]
pub struct World<'a, D> {
    costs: &'a ModuleCosts,
    slow: Vec<f64>,
    trace: &'a Trace,
    policy: Policy<D>,
    agenda: BinaryHeap<Reverse<(u64, Happening)>>,
    now: u64,
    /// Attempt, start and length of the build under way, per tier.
    building: Vec<Option<(u64, u64, f64)>>,
    loaded: Vec<bool>,
    attempts: u64,
    runs: Vec<Run>,
    ticking: Option<u64>,
    ended: usize,
    refused: usize,
    out: Outcome,
}

impl<'a, D: Draws> World<'a, D> {
    /// A policy about to meet a trace.
    pub fn new(table: &'a CostTable, trace: &'a Trace, settings: Settings, draws: D) -> Self {
        let costs = &table.modules[trace.module];
        let tier = |t: &crate::TierCosts| Tier { runtime: t.runtime.clone(), optimising: t.optimising };
        Self {
            costs,
            slow: costs.slowdown(),
            trace,
            policy: Policy::new(costs.tiers.iter().map(tier).collect(), settings, draws),
            agenda: BinaryHeap::new(),
            now: 0,
            building: vec![None; costs.tiers.len()],
            loaded: vec![false; costs.tiers.len()],
            attempts: 0,
            runs: vec![Run::default(); trace.calls.len()],
            ticking: None,
            ended: 0,
            refused: 0,
            out: Outcome { responses: vec![0.0; trace.calls.len()], ..Outcome::default() },
        }
    }

    /// Plays the trace to its end.
    ///
    /// # Panics
    /// When a decision is impossible: a call on code that is not there, a second build of the same code. Tests rely on it.
    pub fn play(mut self, learning: Learning, table: &CostTable, idempotent: bool) -> Outcome {
        let mut deployment = learning.deployment(table, self.trace);
        deployment.idempotent = idempotent;
        let decisions = self.policy.on(0, Event::Deployed(Box::new(deployment)));
        self.obey(&decisions);
        if let Some(first) = self.trace.calls.first() {
            self.agenda.push(Reverse((first.at, Happening::Arrived(0))));
        }
        while self.ended < self.trace.calls.len() {
            let Some(Reverse((at, what))) = self.agenda.pop() else { break };
            self.now = at;
            if let Some(event) = self.happen(what) {
                let decisions = self.policy.on(self.now, event);
                self.obey(&decisions);
            }
            self.set_alarm();
        }
        assert!(self.ended == self.trace.calls.len(), "a call was never run");
        assert!(self.refused == 0, "a call was refused although every tier works");
        // A build under way when the trace ends is paid in full: its thread cannot know that nobody calls again.
        self.out.compiled += self.building.iter().flatten().map(|(.., time)| time).sum::<f64>();
        self.out
    }

    fn build_time(&self, tier: TierId) -> f64 {
        self.costs.tiers[tier].build_ns
    }

    fn run_time(&self, call: usize, tier: TierId) -> f64 {
        self.costs.tiers[tier].setup_ns + self.slow[tier] * self.trace.calls[call].work
    }

    fn happen(&mut self, what: Happening) -> Option<Event> {
        match what {
            Happening::Arrived(i) => {
                if let Some(next) = self.trace.calls.get(i + 1) {
                    self.agenda.push(Reverse((next.at, Happening::Arrived(i + 1))));
                }
                Some(Event::Arrived { function: 0, call: i as u64, size: self.trace.calls[i].size })
            }
            Happening::Built(tier, attempt) => {
                // An attempt that was cancelled ends without effect.
                let (_, _, took_ns) = self.building[tier].filter(|(current, ..)| *current == attempt)?;
                self.building[tier] = None;
                self.loaded[tier] = true;
                self.out.compiled += took_ns;
                let costs = &self.costs.tiers[tier];
                Some(Event::Built {
                    module: 0,
                    tier,
                    took_ns,
                    bytes: costs.memory_bytes,
                    stored: costs.load_ns.is_some(),
                })
            }
            Happening::Ended(call, tier) => {
                let run = self.runs[call];
                if run.done {
                    return None;
                }
                self.runs[call].done = true;
                self.ended += 1;
                let setup_ns = self.costs.tiers[tier].setup_ns;
                for (_, since) in run.tier.into_iter().chain(run.race) {
                    self.out.ran += (self.now - since) as f64;
                }
                let response = (self.now - self.trace.calls[call].at) as f64;
                self.out.waited += response;
                self.out.responses[call] = response;
                let run_ns = self.slow[tier] * self.trace.calls[call].work;
                Some(Event::Ended { call: call as u64, tier, setup_ns, run_ns, well: true })
            }
            Happening::Tick => {
                self.ticking = None;
                Some(Event::Tick)
            }
        }
    }

    fn obey(&mut self, decisions: &[Decision]) {
        for decision in decisions {
            match *decision {
                Decision::Run { call, tier } => {
                    let call = call as usize;
                    assert!(self.loaded[tier], "call {call} on tier {tier}, which is not there");
                    assert!(self.runs[call].tier.is_none(), "call {call} is run twice");
                    self.runs[call].tier = Some((tier, self.now));
                    self.end_later(call, tier);
                }
                Decision::Race { call, tier } => {
                    let call = call as usize;
                    assert!(self.loaded[tier] && self.runs[call].race.is_none() && !self.runs[call].done);
                    self.runs[call].race = Some((tier, self.now));
                    self.end_later(call, tier);
                }
                Decision::Build { tier, .. } => {
                    assert!(!self.loaded[tier], "tier {tier} is built although it is there");
                    self.begin(tier, self.build_time(tier));
                }
                Decision::Load { tier, .. } => {
                    let time = self.costs.tiers[tier].load_ns.unwrap_or(self.build_time(tier));
                    self.begin(tier, time);
                }
                Decision::Cancel { tier, .. } => {
                    if let Some((_, since, _)) = self.building[tier].take() {
                        self.out.compiled += (self.now - since) as f64;
                    }
                }
                Decision::Evict { tier, .. } => self.loaded[tier] = false,
                Decision::Wait { .. } => {}
                Decision::Refuse { .. } => self.refused += 1,
            }
        }
    }

    fn begin(&mut self, tier: TierId, time: f64) {
        assert!(self.building[tier].is_none(), "tier {tier} is built twice at once");
        self.attempts += 1;
        self.building[tier] = Some((self.attempts, self.now, time));
        self.agenda.push(Reverse((self.now + time as u64, Happening::Built(tier, self.attempts))));
    }

    fn end_later(&mut self, call: usize, tier: TierId) {
        let at = self.now + self.run_time(call, tier) as u64;
        self.agenda.push(Reverse((at, Happening::Ended(call, tier))));
    }

    fn set_alarm(&mut self) {
        if let Some(wake) = self.policy.wake()
            && self.ticking.is_none_or(|at| wake < at)
        {
            let at = wake.max(self.now);
            self.ticking = Some(at);
            self.agenda.push(Reverse((at, Happening::Tick)));
        }
    }
}

/// Our policy on a trace, with one compile thread and what callers wait for besides.
pub fn ours(
    table: &CostTable,
    trace: &Trace,
    learning: Learning,
    draws: impl Draws,
    idempotent: bool,
) -> Outcome {
    // Memory is not short here, and code that stays costs nothing: what is let go is tested elsewhere.
    let settings = Settings { memory_bytes: u64::MAX, release_idle: false, ..Settings::default() };
    World::new(table, trace, settings, draws).play(learning, table, idempotent)
}
