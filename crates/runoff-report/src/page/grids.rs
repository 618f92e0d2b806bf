//! The tables of a report.

use std::collections::BTreeMap;

use runoff_data::{Phase, PlannedWorkload, View, units};
use runoff_stats::Verdict;

use super::{Report, Run, machine_name};
use crate::grid::{Datum, Grid};
use crate::table::ABSENT;

/// Every cell of every run.
pub(crate) fn all_cells(report: &Report) -> Grid {
    let several = report.runs.len() > 1;
    let mut grid = Grid::new(
        "All cells: medians ± half of the 95 % interval; first use is validate + compile + instantiate + first call",
        &[
            "runtime",
            "workload",
            "run",
            "#call",
            "#/ baseline",
            "verdict",
            "#first use",
            "#load and use",
            "#whole process",
            "#peak rss",
            "#machine code",
            "problem",
        ],
    );
    for run in &report.runs {
        for cell in &run.overview.cells {
            let standing = run
                .overview
                .standings
                .iter()
                .find(|s| s.workload == cell.workload && s.runtime == cell.runtime);
            let call = standing.and_then(|s| s.call.as_ref());
            let verdict = call.map(|c| c.verdict);
            let is_baseline = run.overview.baseline.as_ref() == Some(&cell.runtime);
            let view = |v: View| Datum::estimate(cell.views.get(&v).and_then(|s| s.cold));
            let problem = cell.failures().next().map(|(_, kind, ..)| (*kind).to_owned()).unwrap_or_default();
            let problem =
                if cell.measured == 0 && problem.is_empty() { "not measured".into() } else { problem };
            grid.row(vec![
                Datum::text(&cell.runtime),
                Datum::text(&cell.workload),
                Datum::text(if several { run.label.clone() } else { String::new() }),
                Datum::estimate(cell.call()),
                if is_baseline { Datum::number("1", 1.0) } else { Datum::ratio(call.map(|c| c.ratio)) },
                match verdict {
                    Some(v) => Datum::text(v.name()).classed(v.name()),
                    None if is_baseline && cell.measured > 0 => Datum::text("baseline"),
                    None => Datum::absent(),
                },
                view(View::Jit),
                view(View::AotExecute),
                Datum::estimate(cell.process.map(|(wall, ..)| wall)),
                Datum::bytes(cell.memory.peak_rss.or(cell.process.and_then(|(.., rss)| rss))),
                Datum::bytes(cell.memory.code),
                if problem.is_empty() { Datum::default() } else { Datum::text(problem).classed("problem") },
            ]);
        }
    }
    grid.without_empty_columns()
}

/// Who wins for how many calls, all workloads of a run.
pub(crate) fn winners(run: &Run) -> Grid {
    let mut grid = Grid::new(
        "Cheapest runtime for so many calls, from bytes to the last result",
        &["workload", "#calls", "runtime", "#time", "next best", "#next / winner", "certain?"],
    );
    for choice in &run.overview.choices {
        for winner in &choice.decision.winners {
            let next = winner.next.as_ref();
            let sure = match next {
                None => "the only one left".to_owned(),
                Some((_, c)) if c.verdict == Verdict::Unsure && c.interval.is_none() => {
                    "too few rounds".into()
                }
                _ if winner.too_close.is_empty() => "yes".into(),
                _ => {
                    let first: Vec<&str> = winner.too_close.iter().take(2).map(String::as_str).collect();
                    let more = winner.too_close.len().saturating_sub(2);
                    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                    format!("too close to call: {}{more}", first.join(", "))
                }
            };
            grid.row(vec![
                Datum::text(&choice.workload),
                Datum::number(units::count(winner.calls as f64), winner.calls as f64),
                Datum::text(&winner.runtime),
                Datum::time(Some(winner.total_ns)),
                Datum::text(next.map_or(ABSENT, |(name, _)| name)),
                Datum::ratio(next.map(|(_, c)| c.ratio)),
                Datum::text(sure),
            ]);
        }
    }
    grid
}

/// What went wrong, all reasons.
pub(crate) fn problems(run: &Run) -> Grid {
    let mut grid = Grid::new(
        "What could not be measured, and why",
        &["workload", "runtime", "what", "#processes", "reason"],
    );
    for cell in &run.overview.cells {
        for (mode, kind, reason, blocks) in &cell.problems {
            grid.row(vec![
                Datum::text(&cell.workload),
                Datum::text(&cell.runtime),
                Datum::text(format!("{kind} ({})", format!("{mode:?}").to_lowercase())),
                Datum::number(blocks.to_string(), *blocks as f64),
                Datum::text(reason),
            ]);
        }
        if cell.measured == 0 && cell.problems.is_empty() {
            grid.row(vec![
                Datum::text(&cell.workload),
                Datum::text(&cell.runtime),
                Datum::text("not measured"),
                Datum::number("0", 0.0),
                Datum::text("the run ended before its turn"),
            ]);
        }
    }
    grid
}

/// The runtimes as they were.
pub(crate) fn runtimes(run: &Run) -> Grid {
    let mut grid = Grid::new(
        "Runtimes as measured",
        &[
            "runtime",
            "version",
            "how it works",
            "features",
            "flags",
            "#compile threads",
            "bounds checks",
            "licence restricts",
        ],
    );
    for runtime in &run.result.header.plan.runtimes {
        let identity = &runtime.identity;
        let flags: Vec<String> = identity.flags.iter().map(|(k, v)| format!("{k}={v}")).collect();
        grid.row(vec![
            Datum::text(runtime.id.as_str()),
            Datum::text(&identity.version),
            Datum::text(&identity.technique),
            Datum::text(identity.features.join(" ")),
            Datum::text(flags.join(" ")),
            Datum::text(identity.compile_threads.to_string()),
            Datum::text(
                serde_json::to_value(identity.bounds_checks)
                    .ok()
                    .and_then(|v| v.as_str().map(ToOwned::to_owned))
                    .unwrap_or_default(),
            ),
            Datum::text(identity.restriction.clone().unwrap_or_default()),
        ]);
    }
    grid.without_empty_columns()
}

/// The workloads as they were.
pub(crate) fn workloads(run: &Run) -> Grid {
    let mut grid =
        Grid::new("Workloads as measured", &["workload", "call", "#module", "SHA-256 of the module"]);
    for w in &run.result.header.plan.workloads {
        grid.row(vec![
            Datum::text(&w.name),
            Datum::text(w.call_text()),
            Datum::bytes(Some(w.bytes as f64)),
            Datum::text(&w.sha256),
        ]);
    }
    grid
}

/// Names and values of the machine and the method, for a list.
pub(crate) fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let (header, machine) = (&run.result.header, &run.result.header.machine);
    let yes_no = |x: Option<bool>| {
        x.map_or_else(|| "not readable".to_owned(), |x| if x { "on" } else { "off" }.to_owned())
    };
    let plan = &header.plan;
    let end = run.result.end.as_ref().map_or_else(
        || "none".to_owned(),
        |e| {
            format!(
                "{} after {} and {}",
                format!("{:?}", e.reason).to_lowercase(),
                if e.rounds == 1 { "1 round".to_owned() } else { format!("{} rounds", e.rounds) },
                units::time(e.seconds * 1e9)
            )
        },
    );
    let clock: Vec<f64> = run.result.blocks.iter().filter_map(|b| b.samples.clock_ns).collect();
    vec![
        ("file", run.name.clone()),
        ("SHA-256 of the file", run.digest.clone()),
        ("measured", units::moment(header.created_unix)),
        (
            "Runoff",
            format!(
                "{}{}",
                header.runoff_version,
                if header.optimised_build { "" } else { " (debug build)" }
            ),
        ),
        ("machine", machine_name(machine)),
        ("memory", units::bytes(machine.memory_bytes)),
        ("system", machine.os.clone()),
        ("governor", machine.governor.clone().unwrap_or_else(|| "not readable".into())),
        ("turbo", yes_no(machine.turbo)),
        ("SMT", yes_no(machine.smt)),
        ("ASLR", machine.aslr.map_or_else(|| "not readable".into(), |n| n.to_string())),
        ("load at the start", machine.load.map_or_else(|| "not readable".into(), units::digits)),
        (
            "surroundings",
            if machine.environment.is_empty() {
                "nothing noticed".into()
            } else {
                machine.environment.join(", ")
            },
        ),
        ("seed of the order", plan.seed.to_string()),
        ("time budget", plan.budget_s.map_or_else(|| "none".into(), |s| units::time(s * 1e9))),
        ("wanted precision", format!("±{} %", units::digits(plan.precision * 100.0))),
        ("ended", end),
        ("processor's counters", machine.counters.clone().unwrap_or_else(|| "not asked".into())),
        (
            "events counted",
            plan.counters
                .map_or_else(|| "none".to_owned(), |c| format!("{}, of repeated calls", c.source.name())),
        ),
        (
            "reading the clock takes",
            runoff_stats::median(&clock).map_or_else(|| "not measured".into(), units::time),
        ),
        ("compared with", run.overview.baseline.clone().unwrap_or_else(|| "nothing".into())),
    ]
}

/// Cells that several runs have, side by side: the same module, call and runtime.
pub(crate) fn side_by_side(report: &Report) -> Grid {
    let labels: Vec<String> = report
        .runs
        .iter()
        .flat_map(|r| {
            [
                format!("#{} call", r.label),
                format!("#{} / baseline", r.label),
                format!("#{} first use", r.label),
            ]
        })
        .collect();
    let columns: Vec<&str> =
        ["runtime", "workload"].into_iter().chain(labels.iter().map(String::as_str)).collect();
    let mut grid = Grid::new("Identical cells side by side: the same module, call and runtime", &columns);
    let work = |w: &PlannedWorkload| (w.name.clone(), w.sha256.clone(), w.call_text());
    let mut rows: BTreeMap<_, Vec<Option<[Datum; 3]>>> = BTreeMap::new();
    for (i, run) in report.runs.iter().enumerate() {
        for workload in &run.result.header.plan.workloads {
            for cell in run.overview.of_workload(&workload.name).filter(|c| c.measured > 0) {
                let standing = run
                    .overview
                    .standings
                    .iter()
                    .find(|s| s.workload == cell.workload && s.runtime == cell.runtime);
                let ratio = standing.and_then(|s| s.call.as_ref()).map(|c| c.ratio);
                let places = rows
                    .entry((work(workload), cell.runtime.clone()))
                    .or_insert_with(|| vec![None; report.runs.len()]);
                places[i] = Some([
                    Datum::estimate(cell.phases.get(&Phase::Call).and_then(|p| p.warm)),
                    Datum::ratio(ratio),
                    Datum::estimate(cell.views.get(&View::Jit).and_then(|v| v.cold)),
                ]);
            }
        }
    }
    for (((name, ..), runtime), places) in rows {
        if places.iter().flatten().count() < 2 {
            continue;
        }
        let mut row = vec![Datum::text(runtime), Datum::text(name)];
        row.extend(
            places
                .into_iter()
                .flat_map(|p| p.unwrap_or_else(|| [Datum::absent(), Datum::absent(), Datum::absent()])),
        );
        grid.row(row);
    }
    grid.without_empty_columns()
}
