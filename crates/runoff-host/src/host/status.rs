//! What the host does with each function, for operators.

use std::sync::atomic::Ordering;

use runoff_pick::online::TierState;
use serde::Serialize;

use super::Host;
use crate::function::Function;

/// One tier of a function.
#[derive(Clone, Debug, Serialize)]
pub struct TierStatus {
    /// Runtime id.
    pub runtime: String,
    /// Why the function may not run there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Where its code is: `absent`, `stored`, `loaded` or `failed`.
    pub state: &'static str,
    /// Runs.
    pub runs: u64,
    /// Expected time of a call without input, ns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate_ns: Option<f64>,
    /// What all calls so far would have cost on this tier alone, its build included, ns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hindsight_ns: Option<f64>,
}

/// One function.
#[derive(Clone, Debug, Serialize)]
pub struct FunctionStatus {
    /// Its name.
    pub name: String,
    /// Path prefix it answers.
    pub route: String,
    /// How it is called.
    pub abi: crate::config::Abi,
    /// SHA-256 of its module.
    pub module_sha256: String,
    /// The one runtime it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// Requests under way.
    pub active: usize,
    /// Where it ran last.
    pub tier: Option<String>,
    /// How often that changed.
    pub switches: u64,
    /// Requests answered 503 without a run.
    pub unserved: u64,
    /// Requests that waited for code.
    pub cold: u64,
    /// Requests turned away at its limit.
    pub limited: u64,
    /// Where it may run and does.
    pub tiers: Vec<TierStatus>,
}

impl Host {
    /// What the host does with a function.
    pub fn status(&self, function: &Function) -> FunctionStatus {
        let metrics = &function.metrics;
        let last = metrics.last_tier.load(Ordering::Relaxed) as usize;
        let tiers = self.tiers.list().iter().enumerate().map(|(i, tier)| {
            let outcomes = &metrics.tiers[i].outcomes;
            let allowed = function.refused[i].is_none();
            TierStatus {
                runtime: tier.runtime.clone(),
                refused: function.refused[i].clone(),
                state: match self.scheduler.state(function.module.id, i) {
                    Some(TierState::Stored) => "stored",
                    Some(TierState::Loaded) => "loaded",
                    Some(TierState::Failed { .. }) => "failed",
                    Some(TierState::Absent) | None => "absent",
                },
                runs: outcomes.iter().map(|o| o.load(Ordering::Relaxed)).sum(),
                estimate_ns: self.scheduler.estimate(function.id, i, 0),
                hindsight_ns: self.scheduler.hindsight(function.module.id, i).filter(|_| allowed),
            }
        });
        FunctionStatus {
            name: function.config.name.clone(),
            route: function.config.route.clone(),
            abi: function.abi,
            module_sha256: function.module.sha256.clone(),
            pin: function.config.pin.clone(),
            active: function.active(),
            tier: (last > 0).then(|| self.tiers.list()[last - 1].runtime.clone()),
            switches: metrics.switches.load(Ordering::Relaxed),
            unserved: metrics.unserved.load(Ordering::Relaxed),
            cold: metrics.cold.load(Ordering::Relaxed),
            limited: metrics.limited.load(Ordering::Relaxed),
            tiers: tiers.collect(),
        }
    }
}

impl Host {
    /// What a function's answered runs cost, with the builds that were made, over the best single tier in hindsight; `None`
    /// before the first.
    pub fn regret(&self, function: &Function) -> Option<f64> {
        let tiers = &function.metrics.tiers;
        let spent: u64 = tiers.iter().map(|t| t.answered_ns.load(Ordering::Relaxed)).sum();
        if spent == 0 {
            return None;
        }
        let builds: f64 = self.book.builds(&function.module.code_sha256);
        let hindsight = |i: usize| self.scheduler.hindsight(function.module.id, i);
        let best = (0..tiers.len())
            .filter(|i| function.refused[*i].is_none())
            .filter_map(hindsight)
            .fold(f64::INFINITY, f64::min);
        best.is_finite().then(|| (spent as f64 + builds) / best.max(1.0))
    }
}
