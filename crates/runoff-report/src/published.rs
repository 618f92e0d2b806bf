//! Published figures beside ours.

use runoff_analysis::{CellSummary, PhaseSummary, summarise};
use runoff_data::{Phase, ResultFile, View, units};
use runoff_workloads::{Published, PublishedRow, Workload};

use crate::Table;
use crate::estimate_text;
use crate::table::ABSENT;

/// One table per published table of the workloads measured. Absolute figures come from other machines and
/// years: the ratios between runtimes are what can be compared.
pub fn published_tables(result: &ResultFile, workloads: &[Workload]) -> Vec<Table> {
    let cells = summarise(result);
    workloads
        .iter()
        .flat_map(|w| w.published.iter().map(move |p| (w, p)))
        .map(|(workload, published)| {
            let rows: Vec<&CellSummary> = cells.iter().filter(|c| c.workload == workload.spec.name).collect();
            if published.rows.iter().any(|r| r.process_wall.is_some()) {
                process_table(&workload.spec.name, published, &rows)
            } else {
                phase_table(&workload.spec.name, published, &rows)
            }
        })
        .collect()
}

type Column = (&'static str, fn(&PublishedRow) -> Option<f64>, fn(&CellSummary) -> Option<(f64, f64)>);

/// Cold and repeated medians of a summary.
fn medians(summary: Option<&PhaseSummary>) -> Option<(f64, f64)> {
    let summary = summary?;
    let cold = summary.cold.or(summary.warm)?;
    Some((cold.median, summary.warm.map_or(cold.median, |e| e.median)))
}

const COLUMNS: [Column; 6] = [
    ("compile", |r| r.compile, |c| medians(c.phases.get(&Phase::Compile))),
    ("instantiate", |r| r.instantiate, |c| medians(c.phases.get(&Phase::Instantiate))),
    ("call", |r| r.call, |c| medians(c.phases.get(&Phase::Call))),
    ("jit", |r| r.jit, |c| medians(c.views.get(&View::Jit))),
    ("aot_compile", |r| r.aot_compile, |c| medians(c.views.get(&View::AotCompile))),
    ("aot_execute", |r| r.aot_execute, |c| medians(c.views.get(&View::AotExecute))),
];

fn phase_table(workload: &str, published: &Published, rows: &[&CellSummary]) -> Table {
    let title = format!("{workload} – source {}: published, then ours cold | repeated", published.source);
    let header: Vec<&str> = std::iter::once("runtime").chain(COLUMNS.iter().map(|c| c.0)).collect();
    let mut table = Table::new(title, &header);
    let theirs = |runtime: &str| published.rows.iter().find(|r| r.runtime == runtime);
    let ours_only = rows.iter().filter(|c| theirs(&c.runtime).is_none()).map(|c| c.runtime.as_str());
    for runtime in published.rows.iter().map(|r| r.runtime.as_str()).chain(ours_only) {
        let (figure, cell) = (theirs(runtime), rows.iter().find(|c| c.runtime == runtime));
        let mut cells = vec![runtime.to_owned()];
        for (_, published_of, ours_of) in COLUMNS {
            let then = figure.and_then(published_of).map(|x| units::time(x * published.unit_ns()));
            let now = cell.and_then(|c| ours_of(c)).map(|(cold, warm)| {
                if (cold - warm).abs() < f64::EPSILON {
                    units::time(cold)
                } else {
                    format!("{} | {}", units::time(cold), units::time(warm))
                }
            });
            cells.push(match (then, now) {
                (None, None) => ABSENT.into(),
                (then, now) => {
                    format!("{} → {}", then.unwrap_or(ABSENT.into()), now.unwrap_or(ABSENT.into()))
                }
            });
        }
        table.row(cells);
    }
    extremes(&mut table, rows);
    table.note(published.what.clone());
    table
}

/// The two figures people quote from such a table.
fn extremes(table: &mut Table, rows: &[&CellSummary]) {
    let best = |view: View| {
        rows.iter()
            .filter(|c| c.runtime != "native")
            .filter_map(|c| Some((c.runtime.as_str(), c.views.get(&view)?.cold?)))
            .min_by(|a, b| a.1.median.total_cmp(&b.1.median))
    };
    // Whose interval reaches below the end of the best one's.
    let near = |view: View, best: &str, high: f64| -> Vec<&str> {
        let low = |c: &CellSummary| c.views.get(&view)?.cold?.interval.map(|i| i.0);
        let close = |c: &&&CellSummary| {
            c.runtime != "native" && c.runtime != best && low(c).is_some_and(|low| low < high)
        };
        rows.iter().filter(close).map(|c| c.runtime.as_str()).collect()
    };
    for (view, name) in [(View::Jit, "fastest cold start (jit)"), (View::AotExecute, "fastest aot_execute")] {
        if let Some((runtime, estimate)) = best(view) {
            let near = near(view, runtime, estimate.interval.map_or(estimate.median, |i| i.1));
            let near = if near.is_empty() {
                String::new()
            } else {
                format!("; not told apart: {}", near.join(", "))
            };
            table.note(format!("{name}: {runtime}, {}{near}", estimate_text(Some(estimate))));
        }
    }
}

fn process_table(workload: &str, published: &Published, rows: &[&CellSummary]) -> Table {
    let title = format!("{workload} – source {}: whole process, published → ours", published.source);
    let mut table =
        Table::new(title, &["runtime", "user or cpu / native", "wall / native", "cpu", "wall", "peak rss"]);
    let base = published.rows.iter().find(|r| r.runtime == "native");
    let native = rows.iter().find(|c| c.runtime == "native").and_then(|c| c.process);
    let arrow = |then: Option<String>, now: Option<String>| match (then, now) {
        (None, None) => ABSENT.to_owned(),
        (then, now) => format!("{} → {}", then.unwrap_or(ABSENT.into()), now.unwrap_or(ABSENT.into())),
    };
    for cell in rows {
        let figure = published.rows.iter().find(|r| r.runtime == cell.runtime);
        let ratio =
            |get: fn(&PublishedRow) -> Option<f64>| Some(format!("{:.2}", get(figure?)? / get(base?)?));
        let seconds = |x: Option<f64>| x.map(|x| units::time(x * published.unit_ns()));
        let (wall, cpu) = (cell.process.map(|p| p.0.median), cell.process.map(|p| p.1.median));
        let to = |x: Option<f64>, base: Option<f64>| Some(format!("{:.2}", x? / base?));
        table.row(vec![
            cell.runtime.clone(),
            arrow(ratio(|r| r.process_user), to(cpu, native.map(|n| n.1.median))),
            arrow(ratio(|r| r.process_wall), to(wall, native.map(|n| n.0.median))),
            arrow(seconds(figure.and_then(|r| r.process_user)), cpu.map(units::time)),
            arrow(seconds(figure.and_then(|r| r.process_wall)), wall.map(units::time)),
            arrow(
                figure.and_then(|r| r.peak_rss_mb).map(|mb| format!("{mb} MB")),
                cell.process.and_then(|p| p.2).map(|rss| format!("{:.1} MB", rss / 1e6)),
            ),
        ]);
    }
    table.note(published.what.clone());
    table
        .note("ours: `runoff run`, one binary holding every engine; its own floor is the peak rss of native");
    table
}
