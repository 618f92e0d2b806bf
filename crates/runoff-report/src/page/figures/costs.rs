//! What it takes to get going: phases, code, memory.

use runoff_analysis::{CellSummary, startup};
use runoff_data::{Phase, View, units};

use crate::grid::{Datum, Grid};
use crate::plot::{Dot, Part, Plot, plane, stacked_bars};

/// Memory is drawn in these, so that its axis has round numbers.
const MIB: f64 = 1_048_576.0;

pub(super) fn phases(workload: &str, rows: &[&CellSummary]) -> Option<Plot> {
    let shown = [
        (Phase::Init, 7),
        (Phase::Validate, 5),
        (Phase::Compile, 1),
        (Phase::Instantiate, 2),
        (Phase::FirstCall, 0),
    ];
    let others = [Phase::Bootstrap, Phase::Save, Phase::Load, Phase::Teardown];
    let cold = |row: &CellSummary, p: Phase| row.phases.get(&p).and_then(|s| s.cold);
    let columns: Vec<String> = std::iter::once("runtime".to_owned())
        .chain(shown.iter().map(|(p, _)| *p).chain(others).map(|p| format!("#{}", p.name())))
        .chain(["#aot execute".to_owned(), "#call (repeated)".to_owned()])
        .collect();
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut grid = Grid::new(
        format!("{workload}: phases, first time in a fresh process; medians ± half of the 95 % interval"),
        &names,
    );
    for row in rows {
        let mut line = vec![Datum::text(&row.runtime)];
        line.extend(shown.iter().map(|(p, _)| *p).chain(others).map(|p| Datum::estimate(cold(row, p))));
        line.push(Datum::estimate(row.views.get(&View::AotExecute).and_then(|v| v.cold)));
        line.push(Datum::estimate(row.phases.get(&Phase::Call).and_then(|s| s.warm)));
        grid.row(line);
    }
    let parts: Vec<Part> = shown
        .iter()
        .map(|(phase, colour)| Part {
            name: phase.name().replace('_', " "),
            colour: *colour,
            values: rows.iter().map(|r| cold(r, *phase).map(|e| e.median)).collect(),
        })
        .collect();
    let names: Vec<String> = rows.iter().map(|r| r.runtime.clone()).collect();
    stacked_bars(
        (
            "phases",
            format!("{workload}: from engine to first result"),
            "One bar per runtime, one part per phase, cold medians; the text at its end is the sum.".into(),
        ),
        &names,
        &parts,
        &units::time,
        "time in a fresh process",
        grid.without_empty_columns(),
    )
}

pub(super) fn plane_of_code(workload: &str, rows: &[&CellSummary]) -> Option<Plot> {
    let mut grid = Grid::new(
        format!("{workload}: start-up and call"),
        &["runtime", "#start-up", "#call", "#machine code", "#artifact"],
    );
    let mut dots = Vec::new();
    for row in rows {
        let (Some(start), Some(call)) = (startup(row), row.call()) else { continue };
        grid.row(vec![
            Datum::text(&row.runtime),
            Datum::time(Some(start)),
            Datum::estimate(Some(call)),
            Datum::bytes(row.memory.code),
            Datum::bytes(row.memory.artifact),
        ]);
        dots.push(Dot { name: row.runtime.clone(), x: start, y: call.median, colour: 0 });
    }
    plane(
        (
            "plane",
            format!("{workload}: speed of compiling and quality of code"),
            "One point per runtime: start-up to the right, the repeated call upwards. Low and left is better.".into(),
        ),
        &dots,
        (&units::time, &units::time),
        ("start-up: validate, compile, instantiate", "time of a call"),
        grid.without_empty_columns(),
    )
}

pub(super) fn memory(workload: &str, rows: &[&CellSummary]) -> Option<Plot> {
    let mut grid = Grid::new(
        format!("{workload}: memory after the first call"),
        &[
            "runtime",
            "#floor",
            "#peak rss",
            "#pss",
            "#machine code",
            "#linear memory",
            "#reserved",
            "#artifact",
        ],
    );
    for row in rows {
        let m = &row.memory;
        let mut line = vec![Datum::text(&row.runtime)];
        line.extend(
            [m.floor_rss, m.peak_rss, m.pss, m.code, m.linear, m.reserved, m.artifact].map(Datum::bytes),
        );
        grid.row(line);
    }
    let names: Vec<String> = rows.iter().map(|r| r.runtime.clone()).collect();
    let above =
        |r: &&CellSummary| Some((r.memory.peak_rss? - r.memory.floor_rss.unwrap_or(0.0)).max(0.0) / MIB);
    let parts = [
        Part {
            name: "process before its engine".into(),
            colour: 7,
            values: rows.iter().map(|r| r.memory.peak_rss.and(r.memory.floor_rss).map(|b| b / MIB)).collect(),
        },
        Part { name: "engine, code and guest".into(), colour: 3, values: rows.iter().map(above).collect() },
    ];
    stacked_bars(
        (
            "memory",
            format!("{workload}: peak resident memory"),
            "One bar per runtime: the process before its engine was made, and what came on top of it.".into(),
        ),
        &names,
        &parts,
        &|mib| format!("{} MiB", units::digits(mib)),
        "peak resident set",
        grid.without_empty_columns(),
    )
}
