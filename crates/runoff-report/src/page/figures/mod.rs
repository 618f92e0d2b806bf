//! The plots of a run.

mod calls;
mod costs;
mod counts;
mod ratios;

use runoff_analysis::CellSummary;
use runoff_data::units;

use super::Run;
use crate::grid::{Datum, Grid};
use crate::plot::{Dot, Plot, Span, intervals, plane};

/// How much is drawn: a page of thousands of cells draws fewer strokes of a distribution.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    Full,
    Few,
}

/// Plots over all workloads; none when there is only one.
pub(crate) fn over_all(run: &Run) -> Vec<Plot> {
    let overview = &run.overview;
    let (Some(baseline), true) = (&overview.baseline, overview.common.len() > 1) else { return Vec::new() };
    let of = format!("over the {} workloads every measured runtime ran", overview.common.len());
    let mut grid = Grid::new(
        format!("Geometric means {of}"),
        &["runtime", "#call / baseline", "#start-up (validate, compile, instantiate)"],
    );
    for row in &overview.overall {
        grid.row(vec![Datum::text(&row.runtime), Datum::ratio(Some(row.call)), Datum::time(row.startup_ns)]);
    }
    let spans: Vec<Span> = overview
        .overall
        .iter()
        .map(|o| Span { name: o.runtime.clone(), value: o.call, interval: None, colour: 0 })
        .collect();
    let dots: Vec<Dot> = overview
        .overall
        .iter()
        .filter_map(|o| Some(Dot { name: o.runtime.clone(), x: o.startup_ns?, y: o.call, colour: 0 }))
        .collect();
    let slowdown = intervals(
        (
            "slowdown",
            format!("Steady call against {baseline}, geometric mean"),
            format!("One point per runtime: how many times as long as on {baseline} a call takes, {of}."),
        ),
        &spans,
        &[],
        &units::digits,
        (&format!("times {baseline}"), Some(1.0)),
        grid.clone(),
    );
    let plane = plane(
        (
            "plane",
            "Speed of compiling and quality of code".into(),
            format!(
                "One point per runtime, geometric means {of}: start-up to the right, call time upwards. Low and left is better."
            ),
        ),
        &dots,
        (&units::time, &units::digits),
        ("start-up: validate, compile, instantiate", &format!("call, times {baseline}")),
        grid,
    );
    slowdown.into_iter().chain(plane).chain(counts::over_all(run)).collect()
}

/// Plots of one workload; those without data are left out.
pub(crate) fn of_workload(run: &Run, workload: &str, detail: Detail) -> Vec<Plot> {
    let rows: Vec<&CellSummary> = run.overview.of_workload(workload).filter(|c| c.measured > 0).collect();
    let choice = run.overview.choices.iter().find(|c| c.workload == workload);
    [
        choice.and_then(|c| calls::envelope(workload, c)),
        ratios::slowdown(run, workload),
        costs::phases(workload, &rows),
        costs::plane_of_code(workload, &rows),
        choice.and_then(|c| calls::curve(workload, c)),
        costs::memory(workload, &rows),
        counts::per_call(workload, &rows),
        ratios::distribution(run, workload, detail),
    ]
    .into_iter()
    .flatten()
    .collect()
}
