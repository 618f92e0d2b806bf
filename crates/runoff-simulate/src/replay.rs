//! All policies on all traces.

use std::collections::BTreeMap;

use runoff_pick::online::{Certain, Core, Seeded, ladder};
use runoff_stats::quantile;

use crate::{
    CostTable, Histogram, Learning, Optimum, Outcome, Trace, first_profile, latest_compiled, optimum, ours,
    single,
};

/// The trace a policy did worst on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worst {
    /// Its number.
    pub index: usize,
    /// Its kind.
    pub kind: String,
    /// Its module's name.
    pub module: String,
    /// Its calls.
    pub calls: usize,
}

/// One policy over all traces.
#[derive(Clone, Debug)]
pub struct PolicyReport {
    /// Its name: a runtime id for those that use one alone.
    pub name: String,
    /// Traces it ran on.
    pub traces: usize,
    /// Mean over traces of cost over the optimum.
    pub mean: f64,
    /// Largest of them.
    pub worst: f64,
    /// Where.
    pub worst_at: Worst,
    /// Mean over traces of work over the optimum of work.
    pub work_mean: f64,
    /// Largest of them.
    pub work_worst: f64,
    /// Response times together, ns.
    pub waited_ns: f64,
    /// Compile time together, ns.
    pub compiled_ns: f64,
    /// Quantiles of all response times: 50, 95, 99 %, ns; zero for those that have none.
    pub response_ns: [f64; 3],
    /// 95 % quantile of first responses, ns.
    pub first_p95_ns: f64,
    ratios: Vec<f64>,
    work_ratios: Vec<f64>,
    firsts: Vec<f64>,
    responses: Histogram,
}

impl PolicyReport {
    fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            traces: 0,
            mean: 0.0,
            worst: 0.0,
            worst_at: Worst::default(),
            work_mean: 0.0,
            work_worst: 0.0,
            waited_ns: 0.0,
            compiled_ns: 0.0,
            response_ns: [0.0; 3],
            first_p95_ns: 0.0,
            ratios: Vec::new(),
            work_ratios: Vec::new(),
            firsts: Vec::new(),
            responses: Histogram::default(),
        }
    }

    fn add(&mut self, outcome: &Outcome, best: &Optimum, at: &Worst) {
        let (ratio, work) = (outcome.cost() / best.cost, outcome.work() / best.work);
        if ratio > self.worst {
            (self.worst, self.worst_at) = (ratio, at.clone());
        }
        self.ratios.push(ratio);
        self.work_ratios.push(work);
        self.waited_ns += outcome.waited;
        self.compiled_ns += outcome.compiled;
        self.firsts.extend(outcome.responses.first());
        outcome.responses.iter().for_each(|ns| self.responses.add(*ns));
    }

    /// A policy without time: only what it works counts.
    fn add_work(&mut self, work: f64, compiled: f64, best: &Optimum, at: &Worst) {
        let ratio = work / best.work;
        if ratio > self.work_ratios.iter().copied().fold(0.0, f64::max) {
            self.worst_at = at.clone();
        }
        self.work_ratios.push(ratio);
        self.compiled_ns += compiled;
    }

    fn finish(&mut self) {
        let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len().max(1) as f64;
        self.traces = self.work_ratios.len();
        (self.mean, self.work_mean) = (mean(&self.ratios), mean(&self.work_ratios));
        self.work_worst = self.work_ratios.iter().copied().fold(0.0, f64::max);
        self.response_ns = [0.5, 0.95, 0.99].map(|q| self.responses.quantile(q));
        self.first_p95_ns = quantile(&self.firsts, 0.95).unwrap_or(0.0);
    }
}

/// Our policy on traces of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KindReport {
    /// Traces.
    pub traces: usize,
    /// Mean of cost over the optimum.
    pub mean: f64,
    /// Largest of them.
    pub worst: f64,
    /// Mean of work over the optimum of work.
    pub work_mean: f64,
    /// Largest of them.
    pub work_worst: f64,
}

impl KindReport {
    fn add(&mut self, outcome: &Outcome, best: &Optimum) {
        let (ratio, work) = (outcome.cost() / best.cost, outcome.work() / best.work);
        self.traces += 1;
        let step = 1.0 / self.traces as f64;
        self.mean += step * (ratio - self.mean);
        self.work_mean += step * (work - self.work_mean);
        self.worst = self.worst.max(ratio);
        self.work_worst = self.work_worst.max(work);
    }
}

/// Everything a replay found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Traces.
    pub traces: usize,
    /// Calls in them.
    pub calls: u64,
    /// Policies: single runtimes, other schedulers, ours, and the core of ours.
    pub policies: Vec<PolicyReport>,
    /// Our policy by kind of trace; recorded traces are one kind each.
    pub kinds: BTreeMap<String, KindReport>,
    /// Response times of the clairvoyant are not defined (it has none to choose); its cost together, ns.
    pub optimum_ns: f64,
    /// 95 % quantile of our first response over that of the tier that starts fastest, each over all traces.
    pub first_request: f64,
}

/// Name of our policy.
pub const OURS: &str = "runoff";

/// Name of its deterministic core, whose builds take no time.
pub const CORE: &str = "runoff (core)";

/// Name of the scheduler of the edge study.
pub const PROFILE: &str = "offline profile (004)";

/// Name of eager compilation.
pub const LATEST: &str = "latest compiled wins";

/// Name of the row for the tier that starts fastest.
const FASTEST: &str = "fastest start";

/// Replays traces with every policy.
pub fn replay(
    table: &CostTable,
    traces: impl Iterator<Item = Trace>,
    learning: Learning,
    seed: u64,
    idempotent: bool,
    mut progress: impl FnMut(usize),
) -> Report {
    let runtimes: Vec<String> = table.runtimes().iter().map(ToString::to_string).collect();
    let mut singles: Vec<PolicyReport> = runtimes.iter().map(|r| PolicyReport::new(r)).collect();
    let mut others = [PROFILE, LATEST, OURS, CORE, FASTEST].map(PolicyReport::new);
    let mut report = Report {
        traces: 0,
        calls: 0,
        policies: Vec::new(),
        kinds: BTreeMap::new(),
        optimum_ns: 0.0,
        first_request: 1.0,
    };
    for (index, trace) in traces.enumerate() {
        progress(index);
        if trace.calls.is_empty() {
            continue;
        }
        let costs = &table.modules[trace.module];
        let best = optimum(costs, &trace);
        let at =
            Worst { index, kind: trace.kind.clone(), module: costs.name.clone(), calls: trace.calls.len() };
        report.traces += 1;
        report.calls += trace.calls.len() as u64;
        report.optimum_ns += best.cost;
        for (i, tier) in costs.tiers.iter().enumerate() {
            let row = singles.iter_mut().find(|r| r.name == tier.runtime);
            if let Some(row) = row {
                row.add(&single(costs, &trace, i), &best, &at);
            }
        }
        let [profile, latest, mine, core, fastest] = &mut others;
        profile.add(&first_profile(costs, &trace), &best, &at);
        latest.add(&latest_compiled(costs, &trace), &best, &at);
        let outcome = match learning {
            // With everything known there is nothing to explore.
            Learning::Known | Learning::Calls => ours(table, &trace, learning, Certain, idempotent),
            Learning::New => {
                ours(table, &trace, learning, Seeded::new(seed.wrapping_add(index as u64)), idempotent)
            }
        };
        mine.add(&outcome, &best, &at);
        report.kinds.entry(trace.kind.clone()).or_default().add(&outcome, &best);
        let (work, compiled) = core_work(table, &trace);
        core.add_work(work, compiled, &best, &at);
        fastest.add(&single(costs, &trace, costs.fastest_start()), &best, &at);
    }
    for policy in singles.iter_mut().chain(&mut others) {
        policy.finish();
    }
    let [profile, latest, mine, core, fastest] = others;
    if fastest.first_p95_ns > 0.0 {
        report.first_request = mine.first_p95_ns / fastest.first_p95_ns;
    }
    singles.retain(|p| p.traces > 0);
    report.policies = singles;
    report.policies.extend([profile, latest, core, mine]);
    report
}

/// Work of the deterministic core, and what of it was compiling.
fn core_work(table: &CostTable, trace: &Trace) -> (f64, f64) {
    let costs = &table.modules[trace.module];
    let (build, slow) = (costs.builds(), costs.slowdown());
    let call = |work: f64| -> Vec<f64> {
        costs.tiers.iter().zip(&slow).map(|(t, s)| t.setup_ns + s * work).collect()
    };
    let mean = trace.calls.iter().map(|c| c.work).sum::<f64>() / trace.calls.len().max(1) as f64;
    let ladder = ladder::choose(&build, &call(mean), &[]);
    let mut core = Core::new(build, &ladder.tiers);
    for one in &trace.calls {
        core.call(&call(one.work));
    }
    (core.cost(), core.spent())
}
