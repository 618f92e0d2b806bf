//! Everything a report says of one result, computed once.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::thread;

use runoff_data::{BlockMode, Cell, Phase, ResultFile, View, cells};
use runoff_pick::{Candidate, Constraints, Decision, decide};
use runoff_stats::{
    Blocks, Comparison, DEFAULT_MARGIN, Geomean, compare, geomean_over_intersection, geometric_mean,
};

use crate::{CellSummary, SEED, candidates, summarise};

/// A cell's steady call and first use, each against the baseline's on the same workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Workload.
    pub workload: String,
    /// Runtime.
    pub runtime: String,
    /// Steady call against the baseline's; `None` where one of the two was not measured.
    pub call: Option<Comparison>,
    /// From bytes to the first result against the baseline's.
    pub start: Option<Comparison>,
}

/// Which runtime to use on one workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Workload.
    pub workload: String,
    /// Who wins for how many calls.
    pub decision: Decision,
    /// The runtimes that were there to choose from; the native twin is none.
    pub candidates: Vec<Candidate>,
}

/// A runtime over all workloads everybody ran.
#[derive(Clone, Debug, PartialEq)]
pub struct Overall {
    /// Runtime.
    pub runtime: String,
    /// Geometric mean of the steady call's ratio to the baseline's.
    pub call: f64,
    /// Geometric mean of what comes before the first call (validate, compile, instantiate), nanoseconds; `None` for a
    /// runtime that has no such time everywhere.
    pub startup_ns: Option<f64>,
}

/// One result, summarised.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// All cells in plan order.
    pub cells: Vec<CellSummary>,
    /// What the others are compared with; `None` when nothing was measured phase by phase.
    pub baseline: Option<String>,
    /// Cells against the baseline, without the baseline itself.
    pub standings: Vec<Standing>,
    /// One choice per workload.
    pub choices: Vec<Choice>,
    /// Runtimes over the workloads all of them ran, the quickest call first; runtimes that ran nothing left out.
    pub overall: Vec<Overall>,
    /// Workloads that went into `overall`.
    pub common: Vec<String>,
}

impl Overview {
    /// Summarises a result. `baseline` names what to compare with: by default the native twin, else the runtime that
    /// ran most workloads. `calls` are the numbers of calls to name a winner for.
    pub fn of(result: &ResultFile, baseline: Option<&str>, calls: &[u64]) -> Self {
        let cells = summarise(result);
        let baseline = baseline.map(ToOwned::to_owned).or_else(|| usual_baseline(result, &cells));
        let standings =
            baseline.as_deref().map_or_else(Vec::new, |baseline| standings(result, baseline, DEFAULT_MARGIN));
        let names: Vec<&str> = result.header.plan.workloads.iter().map(|w| w.name.as_str()).collect();
        let choices = in_parallel(&names, |name| {
            let mut all = candidates(result, name, false);
            all.retain(|c| c.runtime != "native");
            let decision = decide(&all, calls, &Constraints::default(), DEFAULT_MARGIN);
            Choice { workload: (*name).to_owned(), decision, candidates: all }
        });
        let (overall, common) = overall(&cells, baseline.as_deref());
        Self { cells, baseline, standings, choices, overall, common }
    }

    /// The summary of a cell.
    pub fn cell(&self, workload: &str, runtime: &str) -> Option<&CellSummary> {
        self.cells.iter().find(|c| c.workload == workload && c.runtime == runtime)
    }

    /// Cells of a workload in plan order.
    pub fn of_workload<'a>(&'a self, workload: &'a str) -> impl Iterator<Item = &'a CellSummary> {
        self.cells.iter().filter(move |c| c.workload == workload)
    }
}

fn usual_baseline(result: &ResultFile, cells: &[CellSummary]) -> Option<String> {
    let ran = |id: &str| cells.iter().filter(|c| c.runtime == id && c.call().is_some()).count();
    if ran("native") > 0 {
        return Some("native".into());
    }
    let ids = result.header.plan.runtimes.iter().map(|r| r.id.as_str());
    // Of equals the first of the plan: `max_by_key` would take the last.
    ids.rev().filter(|id| ran(id) > 0).max_by_key(|id| ran(id)).map(ToOwned::to_owned)
}

fn standings(result: &ResultFile, baseline: &str, margin: f64) -> Vec<Standing> {
    let all = cells(result);
    let base: BTreeMap<&str, &Cell<'_>> =
        all.iter().filter(|c| c.runtime == baseline).map(|c| (c.workload, c)).collect();
    let others: Vec<&Cell<'_>> = all.iter().filter(|c| c.runtime != baseline).collect();
    in_parallel(&others, |cell| {
        let against = |measure: fn(&Cell<'_>) -> Blocks| {
            compare(&measure(base.get(cell.workload)?), &measure(cell), margin, SEED)
        };
        Standing {
            workload: cell.workload.into(),
            runtime: cell.runtime.into(),
            call: against(steady_call),
            start: against(first_use),
        }
    })
}

/// The repeated call of a cell.
pub(crate) fn steady_call(cell: &Cell<'_>) -> Blocks {
    Blocks::new(cell.warm(BlockMode::Jit, Phase::Call))
}

/// From bytes to the first result, cold.
pub(crate) fn first_use(cell: &Cell<'_>) -> Blocks {
    cold_view(cell, View::Jit, BlockMode::Jit)
}

/// A view's cold time per process; processes that lack one of its phases are left out.
pub(crate) fn cold_view(cell: &Cell<'_>, view: View, mode: BlockMode) -> Blocks {
    Blocks::new(cell.ok(mode).filter_map(|block| {
        let mut total = 0.0;
        for phase in view.phases() {
            match block.samples.phases.get(phase).and_then(|s| s.cold_ns) {
                Some(ns) => total += ns,
                None if view.optional(*phase) => {}
                None => return None,
            }
        }
        Some((block.round, vec![total]))
    }))
}

fn overall(cells: &[CellSummary], baseline: Option<&str>) -> (Vec<Overall>, Vec<String>) {
    let mut table: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for cell in cells {
        let Some(call) = cell.phases.get(&Phase::Call).and_then(|p| p.warm) else { continue };
        table.entry(cell.runtime.clone()).or_default().insert(cell.workload.clone(), call.median);
    }
    let Some(Geomean { rows, used, .. }) = baseline.and_then(|b| geomean_over_intersection(&table, b)) else {
        return (Vec::new(), Vec::new());
    };
    let startup = |runtime: &str| {
        let times: Option<Vec<f64>> = used
            .iter()
            .map(|workload| {
                let cell = cells.iter().find(|c| c.runtime == runtime && c.workload == *workload)?;
                startup(cell)
            })
            .collect();
        geometric_mean(&times?)
    };
    let mut overall: Vec<Overall> = rows
        .into_iter()
        .map(|(runtime, call)| Overall { startup_ns: startup(&runtime), runtime, call })
        .collect();
    overall.sort_by(|a, b| a.call.total_cmp(&b.call).then_with(|| a.runtime.cmp(&b.runtime)));
    (overall, used)
}

/// What comes before the first call: validate, compile, instantiate, cold medians, nanoseconds.
pub fn startup(cell: &CellSummary) -> Option<f64> {
    let cold = |p: Phase| cell.phases.get(&p).and_then(|s| s.cold).map(|e| e.median);
    Some(cold(Phase::Validate).unwrap_or(0.0) + cold(Phase::Compile)? + cold(Phase::Instantiate)?)
}

/// Maps in order on all processors: resampling thousands of cells takes a while.
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let chunk = items.len().div_ceil(threads).max(1);
    let work = &work;
    thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(chunk)
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>()))
            .collect();
        let joined = parts.into_iter().map(|part| match part.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.flatten().collect()
    })
}
