//! Events per call.

use std::fmt::Write as _;

use runoff_analysis::CellSummary;
use runoff_data::{CounterSource, Event, units};

use super::super::Run;
use crate::counters::{COLUMNS, count_text, instructions_against, remarks};
use crate::grid::{Datum, Grid};
use crate::plot::{Part, Plot, Span, intervals, stacked_bars};

pub(super) fn per_call(workload: &str, rows: &[&CellSummary]) -> Option<Plot> {
    let source = rows.iter().find_map(|r| r.counters.as_ref())?.source;
    let mut columns = vec!["runtime".to_owned()];
    columns.extend(COLUMNS.iter().map(|(name, _)| format!("#{name}")));
    columns.insert(2, "#/ native".into());
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let caption = format!("{workload}: counters per repeated call, {}", source.name());
    let mut grid = Grid::new(caption, &names);
    for row in rows {
        let Some(counters) = &row.counters else { continue };
        let mut line = vec![Datum::text(&row.runtime)];
        line.extend(COLUMNS.iter().map(|(_, of)| {
            of(counters).map_or_else(Datum::absent, |(text, value)| Datum::number(text, value))
        }));
        line.insert(2, Datum::ratio(instructions_against(rows, row)));
        grid.row(line);
    }
    let of = |row: &&CellSummary| row.counters.as_ref()?.event(Event::Instructions);
    let part = Part { name: "instructions".into(), colour: 5, values: rows.iter().map(of).collect() };
    let names: Vec<String> = rows.iter().map(|r| r.runtime.clone()).collect();
    let mut describe = "One bar per runtime: machine instructions of one repeated call.".to_owned();
    for remark in remarks(rows) {
        // Writing to a string cannot fail.
        let _ = write!(describe, " {}.", sentence(&remark));
    }
    stacked_bars(
        ("counters", format!("{workload}: instructions per call, {}", source.name()), describe),
        &names,
        &[part],
        &count_text,
        "instructions of a repeated call",
        grid.without_empty_columns(),
    )
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Geometric means of instructions against native code, over the workloads that were counted on every counted runtime.
pub(super) fn over_all(run: &Run) -> Option<Plot> {
    let workloads: Vec<&str> = run.result.header.plan.workloads.iter().map(|w| w.name.as_str()).collect();
    let ratio = |workload: &str, runtime: &str| -> Option<f64> {
        let rows: Vec<&CellSummary> = run.overview.of_workload(workload).collect();
        instructions_against(&rows, rows.iter().find(|r| r.runtime == runtime)?)
    };
    let runtimes: Vec<&str> = run
        .result
        .header
        .plan
        .runtimes
        .iter()
        .map(|r| r.id.as_str())
        .filter(|r| workloads.iter().any(|w| ratio(w, r).is_some()))
        .collect();
    let counted: Vec<&str> =
        workloads.iter().copied().filter(|w| runtimes.iter().any(|r| ratio(w, r).is_some())).collect();
    // One that fails often must not decide what means are over.
    let able: Vec<&str> = runtimes
        .into_iter()
        .filter(|r| counted.iter().filter(|w| ratio(w, r).is_some()).count() * 10 >= counted.len() * 9)
        .collect();
    let common: Vec<&str> =
        counted.into_iter().filter(|w| able.iter().all(|r| ratio(w, r).is_some())).collect();
    if common.len() < 2 {
        return None;
    }
    let of = format!("over {} workloads", common.len());
    let simulated = run
        .overview
        .cells
        .iter()
        .filter_map(|c| c.counters.as_ref())
        .any(|c| c.source == CounterSource::Simulated);
    let how = if simulated { "counted exactly by a simulator" } else { "counted by the processor" };
    let mut grid = Grid::new(
        format!("Instructions per call against native, geometric means {of}"),
        &["runtime", "#/ native"],
    );
    let mut spans = Vec::new();
    for runtime in able.iter().filter(|r| **r != "native") {
        let logs: Vec<f64> = common.iter().filter_map(|w| ratio(w, runtime)).map(f64::ln).collect();
        let mean = (logs.iter().sum::<f64>() / logs.len() as f64).exp();
        grid.row(vec![Datum::text(*runtime), Datum::ratio(Some(mean))]);
        spans.push(Span { name: (*runtime).to_owned(), value: mean, interval: None, colour: 5 });
    }
    spans.sort_by(|a, b| a.value.total_cmp(&b.value));
    intervals(
        (
            "instructions",
            "Instructions per call against native, geometric mean".into(),
            format!(
                "One point per runtime: how many times as many instructions as native code a call takes, {of}; {how}."
            ),
        ),
        &spans,
        &[],
        &units::digits,
        ("times native", Some(1.0)),
        grid,
    )
}
