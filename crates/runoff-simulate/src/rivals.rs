//! What others do.

use crate::{Call, ModuleCosts, Outcome, Trace};

fn run(costs: &ModuleCosts, slow: &[f64], tier: usize, call: &Call) -> f64 {
    costs.tiers[tier].setup_ns + slow[tier] * call.work
}

/// One runtime for everything: built with the first call, code kept.
pub fn single(costs: &ModuleCosts, trace: &Trace, tier: usize) -> Outcome {
    let slow = costs.slowdown();
    let build = costs.tiers[tier].build_ns;
    let mut out = Outcome { compiled: build, ..Outcome::default() };
    for call in &trace.calls {
        out.call((build - call.at as f64).max(0.0), run(costs, &slow, tier, call));
    }
    out
}

/// The scheduler of the edge study: the runtime with the lowest total time in a profile per function, which was measured
/// offline on cold runs and is updated with the total times that follow. Code is kept, which the study leaves to future work.
pub fn first_profile(costs: &ModuleCosts, trace: &Trace) -> Outcome {
    let slow = costs.slowdown();
    let mut work: Vec<f64> = trace.calls.iter().map(|c| c.work).collect();
    work.sort_by(f64::total_cmp);
    // Offline, the function was run on a typical input.
    let typical = work.get(work.len() / 2).copied().unwrap_or(0.0);
    let total = |t: usize| costs.tiers[t].build_ns + costs.tiers[t].setup_ns + slow[t] * typical;
    let mut profile: Vec<f64> = (0..costs.tiers.len()).map(total).collect();
    let mut ready: Vec<Option<f64>> = vec![None; costs.tiers.len()];
    let mut out = Outcome::default();
    for call in &trace.calls {
        let Some(tier) = (0..profile.len()).min_by(|a, b| profile[*a].total_cmp(&profile[*b])) else {
            return out;
        };
        let now = call.at as f64;
        let at = *ready[tier].get_or_insert_with(|| {
            out.compiled += costs.tiers[tier].build_ns;
            now + costs.tiers[tier].build_ns
        });
        let (wait, run) = ((at - now).max(0.0), run(costs, &slow, tier, call));
        profile[tier] = 0.5 * (profile[tier] + wait + run);
        out.call(wait, run);
    }
    out
}

/// "Latest compiled wins": everything is compiled from the deployment on, the quickest to build first, one after the
/// other, and calls take the optimising tier that is there, else the last that was built.
pub fn latest_compiled(costs: &ModuleCosts, trace: &Trace) -> Outcome {
    let slow = costs.slowdown();
    let mut order: Vec<usize> = (0..costs.tiers.len()).collect();
    let key = |t: usize| (costs.tiers[t].optimising, costs.tiers[t].build_ns);
    order.sort_by(|a, b| key(*a).0.cmp(&key(*b).0).then(key(*a).1.total_cmp(&key(*b).1)));
    let mut out = Outcome::default();
    let mut ready = Vec::new();
    for tier in &order {
        out.compiled += costs.tiers[*tier].build_ns;
        ready.push(out.compiled);
    }
    for call in &trace.calls {
        let now = call.at as f64;
        let there = ready.partition_point(|at| *at <= now);
        let Some(tier) = order.get(there.saturating_sub(1)) else { return out };
        let wait = if there == 0 { ready[0] - now } else { 0.0 };
        out.call(wait, run(costs, &slow, *tier, call));
    }
    out
}
