//! What somebody who knows the future would pay.
//!
//! Given the set S of tiers that are ever built, it is best to build all of them when the function is deployed:
//! starting a build earlier costs nothing and makes no call slower. Then calls are independent, and each takes the
//! tier of S that answers it first. So
//!
//! - `cost = min over S of Σ b_r + Σ_i min over r ∈ S of (max(0, b_r − a_i) + E_r(i))`,
//! - `work = min over S of Σ b_r + Σ_i min over r ∈ S of E_r(i)`,
//!
//! with `a_i` the arrival of call i after the deployment. Both are found by going through all S of tiers that are not
//! beaten by another in everything, hence exact for as many compile threads as tiers, and no more than the optimum for
//! fewer. Tests compare them with exhaustive search over assignments of calls and starts of builds.

use runoff_pick::online::TierId;

use crate::{Call, ModuleCosts, Trace};

/// Clairvoyant costs, nanoseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimum {
    /// Response times and builds.
    pub cost: f64,
    /// Processor time of calls and builds.
    pub work: f64,
    /// The tiers it builds for the former.
    pub tiers: Vec<TierId>,
}

/// Build, set-up and slow-down of one tier.
#[derive(Clone, Copy, Debug)]
struct Line {
    tier: TierId,
    build: f64,
    setup: f64,
    slow: f64,
}

impl Line {
    fn at(&self, work: f64) -> f64 {
        self.setup + self.slow * work
    }
}

/// Calls sorted by work, with sums from the start: any set of tiers is summed by bisection.
struct Sorted {
    work: Vec<f64>,
    sums: Vec<f64>,
}

impl Sorted {
    fn new(mut work: Vec<f64>) -> Self {
        work.sort_by(f64::total_cmp);
        let mut sums = vec![0.0];
        for w in &work {
            sums.push(sums[sums.len() - 1] + w);
        }
        Self { work, sums }
    }

    /// Σ over calls of the cheapest line, lines sorted by falling slope.
    fn total(&self, lines: &[Line]) -> f64 {
        // The cheapest for no work; of equals the flattest, which stays cheapest.
        let first = lines.iter().min_by(|a, b| a.setup.total_cmp(&b.setup).then(a.slow.total_cmp(&b.slow)));
        let Some(mut current) = first else { return f64::INFINITY };
        let (mut total, mut from, mut at) = (0.0, 0, 0.0_f64);
        while from < self.work.len() {
            // Where a flatter line gets cheaper. Going on with that line, whatever rounding says of the two there.
            let crossing = |l: &Line| ((l.setup - current.setup) / (current.slow - l.slow)).max(at);
            let flatter = lines.iter().filter(|l| l.slow < current.slow);
            let next =
                flatter.min_by(|a, b| crossing(a).total_cmp(&crossing(b)).then(a.slow.total_cmp(&b.slow)));
            let end = next.map_or(f64::INFINITY, crossing);
            let to = from + self.work[from..].partition_point(|w| *w <= end);
            total += (to - from) as f64 * current.setup + current.slow * (self.sums[to] - self.sums[from]);
            let Some(next) = next else { break };
            (from, at, current) = (to, end, next);
        }
        total
    }
}

/// The optimum of a trace.
pub fn optimum(costs: &ModuleCosts, trace: &Trace) -> Optimum {
    let all: Vec<Line> = costs
        .tiers
        .iter()
        .zip(costs.slowdown())
        .enumerate()
        .map(|(tier, (t, slow))| Line { tier, build: t.build_ns, setup: t.setup_ns, slow })
        .collect();
    let lines = unbeaten(&all);
    let slowest = lines.iter().map(|l| l.build).fold(0.0, f64::max);
    let (early, late): (Vec<Call>, Vec<Call>) =
        trace.calls.iter().copied().partition(|c| (c.at as f64) < slowest);
    // Calls of a herd are the same call many times.
    let mut herds: Vec<(f64, f64, f64)> = Vec::new();
    for call in early {
        match herds.last_mut() {
            // The very same numbers: near ones are other calls.
            Some((at, work, n))
                if at.to_bits() == (call.at as f64).to_bits() && work.to_bits() == call.work.to_bits() =>
            {
                *n += 1.0;
            }
            _ => herds.push((call.at as f64, call.work, 1.0)),
        }
    }
    let late = Sorted::new(late.iter().map(|c| c.work).collect());
    let everything = Sorted::new(trace.calls.iter().map(|c| c.work).collect());
    let mut best = Optimum { cost: f64::INFINITY, work: f64::INFINITY, tiers: Vec::new() };
    for mask in 1_u64..1 << lines.len() {
        let set: Vec<Line> =
            lines.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, l)| *l).collect();
        let build: f64 = set.iter().map(|l| l.build).sum();
        if build >= best.cost && build >= best.work {
            continue;
        }
        best.work = best.work.min(build + everything.total(&set));
        let waiting = |at: f64, work: f64| {
            set.iter().map(|l| (l.build - at).max(0.0) + l.at(work)).fold(f64::INFINITY, f64::min)
        };
        let mut cost = build + late.total(&set);
        for (at, work, n) in &herds {
            if cost >= best.cost {
                break;
            }
            cost += n * waiting(*at, *work);
        }
        if cost < best.cost {
            best.cost = cost;
            best.tiers = set.iter().map(|l| l.tier).collect();
        }
    }
    if trace.calls.is_empty() { Optimum { cost: 0.0, work: 0.0, tiers: Vec::new() } } else { best }
}

/// Tiers that no other beats in build, set-up and run: an optimum needs no others.
fn unbeaten(lines: &[Line]) -> Vec<Line> {
    let beats = |q: &Line, r: &Line| {
        let no_worse = q.build <= r.build && q.setup <= r.setup && q.slow <= r.slow;
        no_worse && (q.build < r.build || q.setup < r.setup || q.slow < r.slow || q.tier < r.tier)
    };
    let mut left: Vec<Line> = lines.iter().filter(|r| !lines.iter().any(|q| beats(q, r))).copied().collect();
    left.sort_by(|a, b| b.slow.total_cmp(&a.slow));
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TierCosts;
    use proptest::prelude::*;

    fn module(tiers: &[(f64, f64, f64)]) -> ModuleCosts {
        let tier = |(i, (build_ns, setup_ns, call_ns)): (usize, &(f64, f64, f64))| TierCosts {
            runtime: format!("r{i}"),
            version: String::new(),
            optimising: false,
            build_ns: *build_ns,
            load_ns: None,
            setup_ns: *setup_ns,
            call_ns: *call_ns,
            memory_bytes: 0,
        };
        ModuleCosts { name: "m".into(), bytes: 1, tiers: tiers.iter().enumerate().map(tier).collect() }
    }

    /// Every assignment of calls to tiers and every start of each used tier's build among the arrivals.
    fn exhaustive(costs: &ModuleCosts, trace: &Trace) -> (f64, f64) {
        let (n, r) = (trace.calls.len(), costs.tiers.len());
        let slow = costs.slowdown();
        let run = |i: usize, t: usize| costs.tiers[t].setup_ns + slow[t] * trace.calls[i].work;
        let (mut cost, mut work) = (f64::INFINITY, f64::INFINITY);
        for code in 0..r.pow(n as u32) {
            let tiers: Vec<usize> = (0..n).map(|i| code / r.pow(i as u32) % r).collect();
            let used: Vec<usize> = (0..r).filter(|t| tiers.contains(t)).collect();
            let build: f64 = used.iter().map(|t| costs.tiers[*t].build_ns).sum();
            let runs: f64 = (0..n).map(|i| run(i, tiers[i])).sum();
            work = work.min(build + runs);
            for starts in 0..n.pow(used.len() as u32) {
                let mut total = build + runs;
                for (k, t) in used.iter().enumerate() {
                    let start = trace.calls[starts / n.pow(k as u32) % n].at as f64;
                    let calls = (0..n).filter(|i| tiers[*i] == *t);
                    total += calls
                        .map(|i| (start + costs.tiers[*t].build_ns - trace.calls[i].at as f64).max(0.0))
                        .sum::<f64>();
                }
                cost = cost.min(total);
            }
        }
        (cost, work)
    }

    proptest! {
        #[test]
        fn it_is_the_optimum(
            tiers in prop::collection::vec((0.0_f64..200.0, 0.0_f64..20.0, 1.0_f64..30.0), 1..4),
            calls in prop::collection::vec((0_u64..300, 0.0_f64..40.0), 1..5),
        ) {
            let costs = module(&tiers);
            let calls = calls.into_iter().map(|(at, work)| Call { at, size: 1, work }).collect();
            let trace = Trace::new("t", 0, calls, true);
            let found = optimum(&costs, &trace);
            let (cost, work) = exhaustive(&costs, &trace);
            prop_assert!((found.cost - cost).abs() <= 1e-9 * cost.max(1.0), "{} is not {cost}", found.cost);
            prop_assert!((found.work - work).abs() <= 1e-9 * work.max(1.0), "{} is not {work}", found.work);
        }
    }

    #[test]
    fn a_herd_is_summed_like_single_calls() {
        let costs = module(&[(10.0, 1.0, 10.0), (500.0, 2.0, 1.0)]);
        let herd: Vec<Call> = (0..100).map(|_| Call { at: 0, size: 1, work: 20.0 }).collect();
        let found = optimum(&costs, &Trace::new("herd", 0, herd, true));
        // 100 calls wait 10 and take 1 + 200 on the first tier; the second would make each wait 500.
        assert!((found.cost - (10.0 + 100.0 * 211.0)).abs() < 1e-6, "{found:?}");
        assert_eq!(found.tiers, [0]);
        assert!((found.work - (500.0 + 100.0 * 22.0)).abs() < 1e-6, "{found:?}");
    }
}
