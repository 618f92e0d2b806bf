//! The policy's rules for code: what is built, kept and let go.

use crate::online::event::{Decision, FunctionId, ModuleId, TierId};
use crate::online::function::FunctionState;
use crate::online::module::TierState;
use crate::online::policy::{Key, Policy};
use crate::online::{Draws, Wanted};

/// First pause after a failed build, ns; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: u64 = 1_000_000_000;

/// Longest pause after failed builds, ns.
const LONGEST_PAUSE: u64 = 600_000_000_000;

impl<D: Draws> Policy<D> {
    pub(super) fn built(
        &mut self,
        now: u64,
        key: Key,
        took_ns: f64,
        bytes: u64,
        stored: bool,
        out: &mut Vec<Decision>,
    ) {
        self.compiles.remove(key);
        self.loads.remove(key);
        let Some(m) = self.modules.get_mut(&key.0) else {
            out.push(Decision::Evict { module: key.0, tier: key.1 });
            return;
        };
        m.built(key.1, took_ns);
        let regain = m.regain(key.1, stored);
        self.residents.hold(key, bytes, if stored { regain } else { regain.max(took_ns) });
        self.stored(key, stored);
        self.look(key.0, now);
        self.resume(now, key.0, out);
        for call in self.running_calls(key.0) {
            self.race(now, call, out);
        }
        self.consider(key.0, now);
        self.shrink(out);
    }

    pub(super) fn failed(&mut self, now: u64, key: Key, out: &mut Vec<Decision>) {
        self.compiles.remove(key);
        let loading = self.loads.remove(key);
        let Some(m) = self.modules.get_mut(&key.0) else { return };
        let times = match m.tiers[key.1] {
            TierState::Failed { times, .. } => times + 1,
            _ => 1,
        };
        let pause = (FIRST_PAUSE << (times - 1).min(20)).min(LONGEST_PAUSE);
        // An artifact that cannot be loaded is a miss: it is built anew.
        m.tiers[key.1] = if loading {
            TierState::Absent
        } else {
            TierState::Failed { until: now.saturating_add(pause), times }
        };
        self.look(key.0, now);
        self.resume(now, key.0, out);
        self.consider(key.0, now);
    }

    pub(super) fn evicted(&mut self, key: Key) {
        self.residents.release(key);
        if let Some(m) = self.modules.get_mut(&key.0)
            && m.tiers[key.1] == TierState::Loaded
        {
            m.tiers[key.1] = if m.kept(key.1) { TierState::Stored } else { TierState::Absent };
        }
    }

    pub(super) fn stored(&mut self, key: Key, stored: bool) {
        if let Some(m) = self.modules.get_mut(&key.0) {
            m.keep(key.1, stored);
        }
    }

    /// Looks at the ladder again.
    pub(super) fn look(&mut self, module: ModuleId, now: u64) {
        let Some(m) = self.modules.get(&module) else { return };
        let functions: Vec<&FunctionState> =
            m.functions.iter().filter_map(|f| self.functions.get(f)).collect();
        let allowed = |r: usize| functions.iter().any(|f| f.allowed[r]);
        let weight = |f: &FunctionState| f64::from(f.knowledge.observed() + 1);
        let total: f64 = functions.iter().map(|f| weight(f)).sum();
        let typical: Vec<f64> = (0..self.tiers.len())
            .map(|r| {
                if !allowed(r) {
                    return f64::INFINITY;
                }
                functions.iter().map(|f| weight(f) * f.knowledge.typical(r)).sum::<f64>() / total
            })
            .collect();
        let expected = functions.iter().map(|f| f.expected).sum();
        if let Some(m) = self.modules.get_mut(&module) {
            m.look(&typical, expected, now);
        }
    }

    /// The later rule. While more calls are expected, what is best for those to come is asked for, with what is there or on
    /// its way costing nothing, as if somebody waited: who was called often before need not prove again that a build pays.
    /// After that what leads in hindsight is. What does neither any longer is not asked for.
    pub(super) fn consider(&mut self, module: ModuleId, now: u64) {
        let Some(m) = self.modules.get(&module) else { return };
        let foresight = self.expects(module);
        let total = |r: &TierId| {
            if !foresight {
                return self.hindsight(module, *r).unwrap_or(f64::INFINITY);
            }
            let ahead: f64 =
                m.functions.iter().filter_map(|f| self.functions.get(f)).map(|f| f.ahead(*r)).sum();
            let begun = m.tiers[*r] == TierState::Loaded || self.compiles.runs((module, *r));
            ahead + if begun { 0.0 } else { m.expect(*r) }
        };
        let leader = m
            .ladder()
            .iter()
            .copied()
            .filter(|r| m.reachable(*r, now))
            .min_by(|a, b| total(a).total_cmp(&total(b)));
        let Some(leader) = leader else { return };
        // What was let go while nobody calls is loaded for the next call, or before it by its timer.
        let idle = m.functions.iter().filter_map(|f| self.functions.get(f)).all(|f| f.calls.is_empty());
        let have = match m.tiers[leader] {
            TierState::Loaded => true,
            TierState::Stored => idle,
            _ => false,
        };
        for tier in (0..self.tiers.len()).filter(|r| *r != leader) {
            self.compiles.unwant((module, tier));
        }
        if !have {
            self.want((module, leader), false, now);
        }
    }

    pub(super) fn want(&mut self, key: Key, urgent: bool, now: u64) {
        let Some(m) = self.modules.get(&key.0) else { return };
        let expect_ns = m.expect(key.1);
        let saving: f64 = m
            .functions
            .iter()
            .filter_map(|f| self.functions.get(f))
            .map(|f| {
                let current = (0..self.tiers.len())
                    .filter(|r| m.tiers[*r] == TierState::Loaded && f.allowed[*r])
                    .map(|r| f.knowledge.typical(r))
                    .fold(f64::INFINITY, f64::min);
                let saved = current - f.knowledge.typical(key.1);
                // Without any tier everything waits: worth more than any saving.
                f.rate.per_ns(now) * if saved.is_finite() { saved } else { expect_ns }
            })
            .sum();
        let worth = saving / expect_ns.max(1.0);
        let wanted = Wanted { urgent, optimising: self.tiers[key.1].optimising, worth, expect_ns };
        let stored = m.tiers[key.1] == TierState::Stored;
        if stored { self.loads.want(key, wanted) } else { self.compiles.want(key, wanted) }
    }

    pub(super) fn start(&mut self, now: u64, out: &mut Vec<Decision>) {
        for (module, tier) in self.loads.start(now) {
            out.push(Decision::Load { module, tier });
        }
        for (module, tier) in self.compiles.start(now) {
            out.push(Decision::Build { module, tier });
        }
    }

    /// Whether a function had no call since one that ended at `end`.
    pub(super) fn rests(&self, function: FunctionId, end: u64) -> bool {
        self.functions.get(&function).is_some_and(|f| f.calls.is_empty() && f.last_end == Some(end))
    }

    pub(super) fn prewarm(&mut self, now: u64, function: FunctionId, end: u64) {
        if self.rests(function, end) {
            self.ready(now, function);
        }
    }

    /// Loads the best code that is kept of a function before anybody calls it.
    pub(super) fn ready(&mut self, now: u64, function: FunctionId) {
        let Some(f) = self.functions.get(&function) else { return };
        let Some(m) = self.modules.get(&f.module) else { return };
        let best = (0..self.tiers.len())
            .filter(|r| f.allowed[*r] && matches!(m.tiers[*r], TierState::Stored | TierState::Loaded))
            .min_by(|a, b| f.knowledge.typical(*a).total_cmp(&f.knowledge.typical(*b)));
        if let Some(tier) = best
            && m.tiers[tier] == TierState::Stored
        {
            self.want((f.module, tier), false, now);
        }
    }

    /// Lets go what can be loaded again, unless another function or call needs it.
    pub(super) fn release(&mut self, function: FunctionId, out: &mut Vec<Decision>) {
        let Some(f) = self.functions.get(&function) else { return };
        let module = f.module;
        let Some(m) = self.modules.get(&module) else { return };
        if m.functions.len() > 1 {
            return;
        }
        for tier in 0..self.tiers.len() {
            let m = &self.modules[&module];
            if m.tiers[tier] == TierState::Loaded && m.running[tier] == 0 && m.kept(tier) {
                self.evicted((module, tier));
                out.push(Decision::Evict { module, tier });
            }
        }
    }

    pub(super) fn shrink(&mut self, out: &mut Vec<Decision>) {
        let modules = &self.modules;
        let busy = |(module, tier): Key| modules.get(&module).is_some_and(|m| m.running[tier] > 0);
        for key in self.residents.shrink(busy) {
            self.evicted(key);
            out.push(Decision::Evict { module: key.0, tier: key.1 });
        }
    }
}
