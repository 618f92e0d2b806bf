//! The policy's rules for calls: where they run now, and whether that is still right.

use crate::online::event::{CallId, Decision, FunctionId, ModuleId, TierId};
use crate::online::function::Flight;
use crate::online::module::TierState;
use crate::online::policy::{Policy, Timer};
use crate::online::{Draws, bucket};

/// A call is raced when the other run is expected to take less than this share of what is left of it.
const WORTH_RACING: f64 = 0.7;

/// A call waits for better code at most so many times as long as it would take now.
const MOST_PATIENT: f64 = 5.0;

/// When a call nothing is known of is looked at first, ns.
const FIRST_CHECK: u64 = 200_000;

/// Of a call whose work may be anything, for tiers with what it takes until they are there: the tier with the lowest mean of time over the best time, over
/// what the work may be. The lowest mean time would start most functions on an optimising compiler for the sake of the few that are
/// heavy, and the shortest wait run these few on an interpreter.
fn least_regret(options: &[(TierId, f64)], possible: impl Fn(TierId) -> [f64; 9]) -> Option<TierId> {
    let times: Vec<(TierId, [f64; 9])> =
        options.iter().map(|(r, price)| (*r, possible(*r).map(|t| t + price))).collect();
    let best: [f64; 9] =
        std::array::from_fn(|i| times.iter().map(|(_, t)| t[i]).fold(f64::INFINITY, f64::min).max(1e-3));
    // Weights of the normal distribution at its nine quantiles.
    let weight = |i: usize| (-0.5 * ((i as f64 - 4.0) / 2.0).powi(2)).exp();
    let regret = |t: &[f64; 9]| (0..9).map(|i| weight(i) * t[i] / best[i]).sum::<f64>();
    times.iter().min_by(|a, b| regret(&a.1).total_cmp(&regret(&b.1))).map(|(r, _)| *r)
}

impl<D: Draws> Policy<D> {
    pub(super) fn arrived(
        &mut self,
        now: u64,
        function: FunctionId,
        call: CallId,
        size: u64,
        out: &mut Vec<Decision>,
    ) {
        let Some(f) = self.functions.get_mut(&function) else {
            out.push(Decision::Refuse { call });
            return;
        };
        f.rate.observe(now);
        f.arrived += 1.0;
        if let (true, Some(end)) = (f.calls.is_empty(), f.last_end) {
            f.idle.observe(now.saturating_sub(end) as f64);
        }
        let bucket = bucket(size);
        // Of work nobody can guess nothing is counted before it was done: hindsight knows what was.
        let blind = f.knowledge.blind();
        let counted: Vec<f64> =
            (0..self.tiers.len()).map(|r| if blind { 0.0 } else { f.knowledge.call(r, bucket) }).collect();
        for (sum, cost) in f.under_way.iter_mut().zip(&counted) {
            *sum += cost;
        }
        f.calls.insert(call);
        let (module, generation, first) = (f.module, f.generation, f.arrived <= 1.0);
        let flight = Flight {
            function,
            module,
            generation,
            bucket,
            tier: None,
            waits: None,
            arrived: now,
            started: now,
            first,
            race: None,
            counted,
        };
        self.flights.insert(call, flight);
        self.look(module, now);
        self.place(now, call, out);
        self.consider(module, now);
    }

    /// The now rule: runs a call, or lets it wait.
    pub(super) fn place(&mut self, now: u64, call: CallId, out: &mut Vec<Decision>) {
        let Some(flight) = self.flights.get(&call) else { return };
        let (function, key_of, bucket) = (flight.function, flight.module, flight.bucket);
        let (Some(f), Some(m)) = (self.functions.get(&function), self.modules.get(&key_of)) else { return };
        let loaded = |r: &TierId| f.allowed[*r] && m.tiers[*r] == TierState::Loaded;
        // With one tier there is nothing to explore.
        let explore = (0..self.tiers.len()).filter(loaded).count() > 1;
        let blind = f.knowledge.blind();
        let option = |r: TierId| {
            let key = (key_of, r);
            let wait = match m.tiers[r] {
                TierState::Loaded => 0.0,
                TierState::Stored => self.loads.time_left(key, m.expect(r), now),
                _ => self.compiles.time_left(key, m.expect(r), now),
            };
            let run = if explore && m.tiers[r] == TierState::Loaded {
                f.knowledge.draw(r, bucket, &mut self.draws)
            } else {
                f.knowledge.call(r, bucket)
            };
            (r, wait, run)
        };
        let reachable: Vec<TierId> =
            (0..self.tiers.len()).filter(|r| f.allowed[*r] && m.reachable(*r, now)).collect();
        // What is neither worth having nor under way is not waited for; of the first call of all, nobody knows what is
        // worth having.
        let worth = |r: &TierId| {
            blind
                || matches!(m.tiers[*r], TierState::Loaded | TierState::Stored)
                || m.ladder().contains(r)
                || self.compiles.pending((key_of, *r))
        };
        let worthy: Vec<TierId> = reachable.iter().copied().filter(worth).collect();
        // What is worth having was chosen for all functions of the module: one that may run on nothing of it takes what it
        // may have.
        let choice = if worthy.is_empty() { reachable } else { worthy };
        let options: Vec<(TierId, f64, f64)> = choice.into_iter().map(option).collect();
        let best = if blind {
            // A build for this call alone is paid for, too.
            let begun = |r: TierId| m.tiers[r] != TierState::Absent || self.compiles.pending((key_of, r));
            let priced: Vec<(TierId, f64)> = options
                .iter()
                .map(|(r, wait, _)| (*r, wait + if begun(*r) { 0.0 } else { m.expect(*r) }))
                .collect();
            least_regret(&priced, |r| f.knowledge.possible(r))
        } else {
            let total = |o: &&(TierId, f64, f64)| o.1 + o.2;
            let soonest = options.iter().min_by(|a, b| total(a).total_cmp(&total(b)));
            soonest.map(|soonest| self.better_later(flight, &options, soonest, now).unwrap_or(soonest.0))
        };
        let Some(tier) = best else {
            self.forget(call);
            out.push(Decision::Refuse { call });
            return;
        };
        if m.tiers[tier] == TierState::Loaded {
            self.run(now, call, tier);
            out.push(Decision::Run { call, tier });
        } else {
            let patience = options.iter().find(|o| o.0 == tier).map_or(0.0, |o| o.1);
            self.want((key_of, tier), true, now);
            // Should the build take longer than thought, something else may be better.
            self.timers.insert((now + (1.2 * patience) as u64 + FIRST_CHECK, Timer::Check(call)));
            if self.flights.get(&call).is_some_and(|f| f.waits != Some(tier)) {
                out.push(Decision::Wait { call, tier });
            }
            if let Some(flight) = self.flights.get_mut(&call) {
                flight.waits = Some(tier);
            }
        }
    }

    /// The tier that a call waits for although it could run `now`: one under way that more calls are expected for, and so
    /// much faster that the run would take more from its build than it gets done. Each moment of the run is a moment of a
    /// call's time on the better tier over its own here; it costs the build, and all calls after it, `contention` of that
    /// moment. The first call does not wait: compilers begin with what only one processor can do. Nobody waits for a build
    /// that takes longer than thought, nor into the second half of a deadline.
    fn better_later(
        &self,
        flight: &Flight,
        options: &[(TierId, f64, f64)],
        (_, wait_now, run_now): &(TierId, f64, f64),
        now: u64,
    ) -> Option<TierId> {
        if flight.first || !self.expects(flight.module) {
            return None;
        }
        let waited = now.saturating_sub(flight.arrived) as f64;
        let most = MOST_PATIENT * (wait_now + run_now);
        let most = most.min(self.functions.get(&flight.function)?.deadline_ns / 2.0);
        let better = |o: &&(TierId, f64, f64)| {
            let (tier, wait, run) = **o;
            self.compiles.on_time((flight.module, tier), now)
                && run < self.settings.contention * run_now
                && waited + wait + run < most
        };
        options.iter().filter(better).min_by(|a, b| a.1.total_cmp(&b.1)).map(|o| o.0)
    }

    pub(super) fn run(&mut self, now: u64, call: CallId, tier: TierId) {
        let Some(flight) = self.flights.get_mut(&call) else { return };
        (flight.tier, flight.started) = (Some(tier), now);
        self.residents.touch((flight.module, tier));
        if let Some(m) = self.modules.get_mut(&flight.module) {
            m.running[tier] += 1;
        }
        // Only a call that would be better off elsewhere is looked at again.
        let expected = flight.counted[tier];
        if expected == 0.0 {
            self.timers.insert((now + FIRST_CHECK, Timer::Check(call)));
        } else if flight.counted.iter().any(|c| *c < WORTH_RACING * expected) {
            self.timers.insert((now + (1.5 * expected) as u64 + 1, Timer::Check(call)));
        }
    }

    /// Takes a call out of all accounts.
    pub(super) fn forget(&mut self, call: CallId) -> Option<Flight> {
        let flight = self.flights.remove(&call)?;
        if let Some(m) = self.modules.get_mut(&flight.module) {
            for tier in flight.tier.into_iter().chain(flight.race) {
                // A module that went and came back counts from nought.
                m.running[tier] = m.running[tier].saturating_sub(1);
            }
        }
        let f = self.functions.get_mut(&flight.function).filter(|f| f.generation == flight.generation)?;
        f.calls.remove(&call);
        for (sum, cost) in f.under_way.iter_mut().zip(&flight.counted) {
            *sum = if f.calls.is_empty() { 0.0 } else { (*sum - cost).max(0.0) };
        }
        Some(flight)
    }

    pub(super) fn ended(
        &mut self,
        now: u64,
        call: CallId,
        tier: TierId,
        took: (f64, f64),
        well: bool,
        out: &mut Vec<Decision>,
    ) {
        let Some(flight) = self.forget(call) else { return };
        let Some(f) = self.functions.get_mut(&flight.function) else { return };
        if well {
            f.learn(tier, flight.bucket, took.0, took.1);
        }
        f.last_end = Some(now);
        let window = f.idle.window();
        if f.calls.is_empty() && self.settings.release_idle {
            let after = |ns: f64| now.saturating_add(ns as u64);
            let mut rest = vec![(after(window.keep_ns), Timer::Expire(flight.function, now))];
            if window.prewarm_ns > 0.0 {
                rest.push((after(window.prewarm_ns), Timer::Prewarm(flight.function, now)));
            }
            // What the call before this one set is void; it must not pile up for as long as code is kept.
            for old in std::mem::replace(&mut f.rest, rest.clone()) {
                self.timers.remove(&old);
            }
            self.timers.extend(rest);
            if window.prewarm_ns > 0.0 {
                self.release(flight.function, out);
            }
        }
        self.look(flight.module, now);
        self.consider(flight.module, now);
    }

    /// Calls nobody asked about count as if somebody had.
    pub(super) fn repeated(
        &mut self,
        now: u64,
        function: FunctionId,
        (tier, bucket): (TierId, u8),
        number: u32,
        took: (f64, f64),
    ) {
        let Some(f) = self.functions.get_mut(&function).filter(|_| number > 0) else { return };
        f.rate.observe_many(now, number);
        f.arrived += f64::from(number);
        f.knowledge.observe_many(tier, bucket, took.0, took.1, number);
        let module = f.module;
        self.look(module, now);
        self.consider(module, now);
    }

    /// Places the calls of a module that wait.
    pub(super) fn resume(&mut self, now: u64, module: ModuleId, out: &mut Vec<Decision>) {
        let waiting = |c: &CallId| self.flights.get(c).is_some_and(|f| f.tier.is_none());
        let calls: Vec<CallId> = self.calls(module).into_iter().filter(waiting).collect();
        for call in calls {
            self.place(now, call, out);
        }
    }

    pub(super) fn calls(&self, module: ModuleId) -> Vec<CallId> {
        let functions = self.modules.get(&module).into_iter().flat_map(|m| &m.functions);
        functions
            .filter_map(|f| self.functions.get(f))
            .flat_map(|f| &f.calls)
            .copied()
            .filter(|c| self.flights.contains_key(c))
            .collect()
    }

    pub(super) fn running_calls(&self, module: ModuleId) -> Vec<CallId> {
        let mut calls = self.calls(module);
        calls.retain(|c| self.flights[c].tier.is_some());
        calls
    }

    /// Lets a better tier that is there race a call that takes long.
    pub(super) fn race(&mut self, now: u64, call: CallId, out: &mut Vec<Decision>) {
        let Some(flight) = self.flights.get(&call) else { return };
        let (Some(tier), None) = (flight.tier, flight.race) else { return };
        let (Some(f), Some(m)) = (self.functions.get(&flight.function), self.modules.get(&flight.module))
        else {
            return;
        };
        if !f.idempotent || f.generation != flight.generation {
            return;
        }
        let elapsed = now.saturating_sub(flight.started) as f64;
        // What took long will take as long again.
        let work = f.knowledge.call(tier, flight.bucket).max(2.0 * elapsed);
        let left = work - elapsed;
        let there = |r: &TierId| f.allowed[*r] && m.tiers[*r] == TierState::Loaded && *r != tier;
        let best = (0..self.tiers.len())
            .filter(there)
            .map(|r| (work * f.knowledge.ratio(r, tier), r))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((time, rival)) = best else { return };
        if time < WORTH_RACING * left {
            out.push(Decision::Race { call, tier: rival });
            self.residents.touch((flight.module, rival));
            if let Some(m) = self.modules.get_mut(&flight.module) {
                m.running[rival] += 1;
            }
            if let Some(flight) = self.flights.get_mut(&call) {
                flight.race = Some(rival);
            }
        }
    }

    /// A call that is overdue counts in hindsight with what it has taken already.
    pub(super) fn check(&mut self, now: u64, call: CallId, out: &mut Vec<Decision>) {
        let Some(flight) = self.flights.get_mut(&call) else { return };
        let Some(tier) = flight.tier else {
            self.place(now, call, out);
            return;
        };
        let Some(f) = self.functions.get_mut(&flight.function) else { return };
        if f.generation != flight.generation {
            return;
        }
        let elapsed = now.saturating_sub(flight.started) as f64;
        for (r, counted) in flight.counted.iter_mut().enumerate() {
            let cost = (elapsed * f.knowledge.ratio(r, tier)).max(*counted);
            f.under_way[r] += cost - *counted;
            *counted = cost;
        }
        let module = flight.module;
        self.timers.insert((now + elapsed.max(FIRST_CHECK as f64) as u64, Timer::Check(call)));
        self.consider(module, now);
        self.race(now, call, out);
    }
}
