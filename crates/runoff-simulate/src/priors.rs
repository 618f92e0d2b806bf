//! What a policy is told beforehand.

use std::collections::BTreeMap;

use runoff_pick::online::{Deployment, Prior, TierFacts, bucket};
use runoff_stats::{geometric_mean, median};

use crate::{CostTable, ModuleCosts, Trace};

/// How much is known of a function when it is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learning {
    /// Its module was measured: builds, slow-downs and, for exact traces, the time of every size of input.
    Known,
    /// The same, and how often it will be called.
    Calls,
    /// It is new: what the *other* modules of the table say.
    New,
}

/// Spread of run times nobody knows anything of: a tenth to ten times.
pub const WORK: Prior = Prior { median: 10e6, spread: 1.8 };

/// Uncertainty of a build time that is guessed from the module's length.
const BUILD_SPREAD: f64 = 0.7;

/// Least uncertainty of a slow-down that was measured on other modules.
const LEAST_SPREAD: f64 = 0.3;

impl Learning {
    /// The deployment of a trace's function.
    pub fn deployment(self, table: &CostTable, trace: &Trace) -> Deployment {
        let module = &table.modules[trace.module];
        let tiers = match self {
            Self::Known | Self::Calls => known(module),
            Self::New => guessed(table, trace.module),
        };
        let told = if self != Self::New && trace.exact { told(trace) } else { BTreeMap::new() };
        let work = match self {
            Self::Known | Self::Calls if !trace.exact => {
                let work: Vec<f64> = trace.calls.iter().map(|c| c.work).collect();
                Prior::new(median(&work).unwrap_or(WORK.median), 0.3)
            }
            _ => WORK,
        };
        let expected_calls = if self == Self::Calls { trace.calls.len() as f64 } else { 0.0 };
        Deployment {
            function: 0,
            module: 0,
            tiers,
            work,
            told,
            idempotent: false,
            deadline_ns: f64::INFINITY,
            expected_calls,
        }
    }
}

fn told(trace: &Trace) -> BTreeMap<u8, Prior> {
    let mut sizes: BTreeMap<u8, Vec<f64>> = BTreeMap::new();
    for call in &trace.calls {
        sizes.entry(bucket(call.size)).or_default().push(call.work);
    }
    sizes.into_iter().filter_map(|(b, work)| Some((b, Prior::known(median(&work)?)))).collect()
}

fn known(module: &ModuleCosts) -> Vec<TierFacts> {
    module
        .tiers
        .iter()
        .zip(module.slowdown())
        .map(|(tier, slow)| TierFacts {
            allowed: true,
            stored: false,
            build: Prior::known(tier.build_ns),
            load: Prior::known(tier.load_ns.unwrap_or(tier.build_ns)),
            setup: Prior::known(tier.setup_ns),
            slowdown: Prior::known(slow),
        })
        .collect()
}

/// From the other modules: slow-downs as their geometric mean, builds by the module's length.
fn guessed(table: &CostTable, index: usize) -> Vec<TierFacts> {
    let module = &table.modules[index];
    module.tiers.iter().map(|t| facts(table, &t.runtime, module.bytes, Some(index))).collect()
}

/// What the suite says of a module it does not know: `runtimes` in order, for a module of so many bytes.
pub fn suite_facts(table: &CostTable, runtimes: &[String], bytes: u64) -> Vec<TierFacts> {
    runtimes.iter().map(|id| facts(table, id, bytes, None)).collect()
}

fn facts(table: &CostTable, id: &str, bytes: u64, but: Option<usize>) -> TierFacts {
    let others = table.modules.iter().enumerate().filter(|(i, _)| Some(*i) != but);
    let mut slow = Vec::new();
    let (mut setup, mut load) = (Vec::new(), Vec::new());
    let mut builds: Vec<(f64, f64)> = Vec::new();
    for (_, other) in others {
        let place = other.tiers.iter().zip(other.slowdown()).find(|(t, _)| t.runtime == id);
        let Some((costs, ratio)) = place else { continue };
        slow.push(ratio);
        setup.push(costs.setup_ns);
        load.extend(costs.load_ns);
        builds.push((other.bytes as f64, costs.build_ns));
    }
    let ln: Vec<f64> = slow.iter().map(|r| r.ln()).collect();
    let spread = runoff_stats::standard_deviation(&ln).unwrap_or(1.0).max(LEAST_SPREAD);
    let build = by_length(&builds, bytes as f64);
    TierFacts {
        allowed: true,
        stored: false,
        build: Prior::new(build, BUILD_SPREAD),
        load: Prior::new(geometric_mean(&load).unwrap_or(build), BUILD_SPREAD),
        setup: Prior::new(geometric_mean(&setup).unwrap_or(1e5), 1.0),
        slowdown: Prior::new(geometric_mean(&slow).unwrap_or(3.0), spread),
    }
}

/// A line through the shortest and the longest module, never below the cheapest build.
fn by_length(builds: &[(f64, f64)], bytes: f64) -> f64 {
    let by = |a: &&(f64, f64), b: &&(f64, f64)| a.0.total_cmp(&b.0);
    let (Some(short), Some(long)) = (builds.iter().min_by(by), builds.iter().max_by(by)) else { return 10e6 };
    let least = builds.iter().map(|(_, ns)| *ns).fold(f64::INFINITY, f64::min);
    if long.0 <= short.0 {
        return least;
    }
    let slope = ((long.1 - short.1) / (long.0 - short.0)).max(0.0);
    (short.1 + slope * (bytes - short.0)).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_module_is_judged_by_the_others_alone() {
        let mut table = CostTable::bundled().unwrap();
        let trace = Trace::new("t", 0, vec![crate::Call { at: 0, size: 5, work: 1e6 }], true);
        let before = Learning::New.deployment(&table, &trace);
        for tier in &mut table.modules[0].tiers {
            tier.build_ns *= 100.0;
            tier.call_ns *= 3.0;
        }
        assert_eq!(before, Learning::New.deployment(&table, &trace));
        assert_ne!(before, Learning::Known.deployment(&table, &trace));
        assert!(before.told.is_empty() && Learning::Known.deployment(&table, &trace).told.len() == 1);
    }

    #[test]
    fn builds_grow_with_length() {
        let builds = [(100.0, 10.0), (1100.0, 110.0), (600.0, 300.0)];
        assert!((by_length(&builds, 600.0) - 60.0).abs() < 1e-9);
        assert!((by_length(&builds, 1.0) - 10.0).abs() < 1e-9);
    }
}
