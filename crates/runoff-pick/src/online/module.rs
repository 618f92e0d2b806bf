//! A module's builds.

use std::collections::BTreeSet;

use crate::online::event::{FunctionId, TierFacts, TierId};
use crate::online::ladder;
use crate::online::{LogNormal, Prior};

/// Noise of build times of the same module, as the standard deviation of the logarithm.
const BUILD_NOISE: f64 = 0.2;

/// The part of a guess's error that is the tier's own, as the standard deviation of the logarithm.
const SHARED_ERROR: f64 = 0.3;

/// How far estimates may move before the ladder is looked at again.
const MOVED: f64 = 0.05;

/// Where a tier's code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierState {
    /// Nowhere.
    Absent,
    /// In an artifact.
    Stored,
    /// In memory.
    Loaded,
    /// It could not be built; not to be tried again before a time.
    Failed {
        /// Nanoseconds on the policy's clock.
        until: u64,
        /// Attempts so far.
        times: u32,
    },
}

/// What is known of one module.
#[derive(Clone, Debug)]
pub(crate) struct ModuleState {
    pub(crate) tiers: Vec<TierState>,
    pub(crate) functions: BTreeSet<FunctionId>,
    /// Calls running per tier.
    pub(crate) running: Vec<usize>,
    build: Vec<LogNormal>,
    load: Vec<LogNormal>,
    /// Build times as they were guessed: median and uncertainty.
    guessed: Vec<(f64, f64)>,
    /// ln of how much longer builds of this module took than guessed.
    error: f64,
    /// What a build took, once there was one.
    paid: Vec<Option<f64>>,
    /// Whether an artifact is there, whatever is in memory.
    kept: Vec<bool>,
    ladder: Vec<TierId>,
    ladder_of: Vec<(f64, f64)>,
    ladder_for: f64,
}

impl ModuleState {
    pub(crate) fn new(facts: &[TierFacts]) -> Self {
        let beliefs = |of: fn(&TierFacts) -> Prior| -> Vec<LogNormal> {
            facts.iter().map(|f| LogNormal::new(of(f), BUILD_NOISE)).collect()
        };
        let state = |f: &TierFacts| if f.stored { TierState::Stored } else { TierState::Absent };
        Self {
            tiers: facts.iter().map(state).collect(),
            functions: BTreeSet::new(),
            running: vec![0; facts.len()],
            build: beliefs(|f| f.build),
            load: beliefs(|f| f.load),
            guessed: facts.iter().map(|f| (f.build.median, f.build.spread)).collect(),
            error: 0.0,
            paid: vec![None; facts.len()],
            kept: facts.iter().map(|f| f.stored).collect(),
            ladder: Vec::new(),
            ladder_of: Vec::new(),
            ladder_for: 0.0,
        }
    }

    /// Time to get the code into memory from where it is, ns.
    pub(crate) fn expect(&self, tier: TierId) -> f64 {
        match self.tiers[tier] {
            TierState::Loaded => 0.0,
            TierState::Stored => self.load[tier].median(),
            _ => self.guess(tier),
        }
    }

    /// `b_r`: what the tier's code cost, or would cost, ns.
    pub(crate) fn price(&self, tier: TierId) -> f64 {
        self.paid[tier].unwrap_or_else(|| match self.tiers[tier] {
            TierState::Stored => self.load[tier].median(),
            _ => self.guess(tier),
        })
    }

    /// Time to build a tier, ns: what took longer than thought on other tiers will on this one, too.
    fn guess(&self, tier: TierId) -> f64 {
        let (prior, uncertain) = self.guessed[tier];
        if self.build[tier].samples() > 0 {
            return self.build[tier].median();
        }
        // Errors of guesses that stem from the module, not the tier, are most of them.
        let share = uncertain * uncertain / (uncertain * uncertain + SHARED_ERROR * SHARED_ERROR);
        prior * (self.error * share).exp()
    }

    /// Time to get the code back after it was let go, ns.
    pub(crate) fn regain(&self, tier: TierId, stored: bool) -> f64 {
        if stored { self.load[tier].median() } else { self.guess(tier) }
    }

    /// Learns a finished build or load.
    pub(crate) fn built(&mut self, tier: TierId, took_ns: f64) {
        if self.tiers[tier] == TierState::Stored {
            self.load[tier].observe(took_ns);
        } else {
            let (prior, uncertain) = self.guessed[tier];
            let n = self.build.iter().filter(|b| b.samples() > 0).count() as f64;
            // A guess that was known well says nothing of those that were not.
            if uncertain > SHARED_ERROR && self.build[tier].samples() == 0 {
                self.error = (self.error * n + (took_ns.max(1.0) / prior).ln()) / (n + 1.0);
            }
            self.build[tier].observe(took_ns);
        }
        // A load after an eviction is no second purchase: what was bought first stays the price.
        self.paid[tier].get_or_insert(took_ns);
        self.tiers[tier] = TierState::Loaded;
    }

    /// Whether an artifact is there.
    pub(crate) fn kept(&self, tier: TierId) -> bool {
        self.kept[tier]
    }

    /// Notes whether an artifact is there.
    pub(crate) fn keep(&mut self, tier: TierId, kept: bool) {
        self.kept[tier] = kept;
    }

    /// Whether a tier may be asked for at `now`.
    pub(crate) fn reachable(&self, tier: TierId, now: u64) -> bool {
        !matches!(self.tiers[tier], TierState::Failed { until, .. } if until > now)
    }

    /// The tiers worth building, as last looked at.
    pub(crate) fn ladder(&self) -> &[TierId] {
        &self.ladder
    }

    /// Looks at the ladder again if calls (`typical`, ns per tier; infinite where not allowed) or builds cost
    /// something else than last time. What is best for the `expected` number of calls is on it in any case.
    pub(crate) fn look(&mut self, typical: &[f64], expected: f64, now: u64) {
        let usable: Vec<TierId> =
            (0..typical.len()).filter(|r| typical[*r].is_finite() && self.reachable(*r, now)).collect();
        let costs: Vec<(f64, f64)> = typical
            .iter()
            .enumerate()
            .map(|(r, run)| if usable.contains(&r) { (self.price(r), *run) } else { (-1.0, -1.0) })
            .collect();
        let near = |a: f64, b: f64| (a - b).abs() <= MOVED * b.abs();
        let same = costs.len() == self.ladder_of.len()
            && costs.iter().zip(&self.ladder_of).all(|(a, b)| near(a.0, b.0) && near(a.1, b.1));
        if same && near(expected, self.ladder_for) {
            return;
        }
        let build: Vec<f64> = usable.iter().map(|r| costs[*r].0).collect();
        let run: Vec<f64> = usable.iter().map(|r| costs[*r].1).collect();
        let bought = |r: TierId| self.paid[r].is_some();
        let total = |i: usize| build[i] + expected * run[i];
        let best =
            (0..usable.len()).min_by(|a, b| total(*a).total_cmp(&total(*b))).filter(|_| expected > 0.0);
        let have: Vec<usize> = (0..usable.len()).filter(|i| bought(usable[*i]) || best == Some(*i)).collect();
        self.ladder = ladder::choose(&build, &run, &have).tiers.into_iter().map(|i| usable[i]).collect();
        (self.ladder_of, self.ladder_for) = (costs, expected);
    }
}
