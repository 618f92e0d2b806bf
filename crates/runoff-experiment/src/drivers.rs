//! What must be said of a figure that shows runtimes in programs of their own beside those in Runoff's worker.

use runoff_analysis::CellSummary;
use runoff_data::{Phase, ResultFile, View, units};
use runoff_stats::median;

use crate::Measure;

/// The remark on a measure; `None` where drivers are like the others, or absent.
pub(crate) fn remark(measure: Measure, result: &ResultFile, cells: &[CellSummary]) -> Option<String> {
    let starts = matches!(
        measure,
        Measure::View(View::Jit | View::AotExecute | View::AotTotal | View::AotCompile) | Measure::Calls(_)
    );
    let of_driver = |id: &str| result.header.plan.runtimes.iter().any(|r| r.driver && r.id.as_str() == id);
    let shown = |c: &&CellSummary| measure.of(c).is_some();
    let mut drivers: Vec<&str> = Vec::new();
    for cell in cells.iter().filter(shown).filter(|c| of_driver(&c.runtime)) {
        if !drivers.contains(&cell.runtime.as_str()) {
            drivers.push(&cell.runtime);
        }
    }
    if drivers.is_empty() {
        return None;
    }
    if starts {
        let ready = |c: &CellSummary| c.phases.get(&Phase::Bootstrap)?.cold.map(|e| e.median);
        let each = each(&drivers, cells, ready, units::time);
        let own = worker(&of_driver, cells, ready, units::time);
        return Some(format!(
            "Starting the process is in no number here: a driver's takes its own time ({each}), Runoff's worker {own}."
        ));
    }
    let floor = |c: &CellSummary| c.memory.floor_rss;
    let bytes = |n: f64| units::bytes(n as u64);
    match measure {
        Measure::PeakRss => Some(format!(
            "Drivers are programs of their own, with memory of their own before their engine is made ({}; Runoff's worker, \
             which holds every engine that is linked in, {}): what an engine adds to its process is `engine_rss`.",
            each(&drivers, cells, floor, bytes),
            worker(&of_driver, cells, floor, bytes)
        )),
        Measure::EngineRss => Some(format!(
            "Of drivers ({}) it is what came on top of their own program, which has the engine's code, and of Node.js \
             its heap, in memory already: compare them with each other.",
            drivers.join(", ")
        )),
        _ => None,
    }
}

/// `node/v8 41.0 ms, wavm 15.2 ms`: medians over workloads.
fn each(
    drivers: &[&str],
    cells: &[CellSummary],
    of: impl Fn(&CellSummary) -> Option<f64>,
    unit: impl Fn(f64) -> String,
) -> String {
    let value = |id: &&str| {
        let values: Vec<f64> = cells.iter().filter(|c| c.runtime == **id).filter_map(&of).collect();
        format!("{id} {}", median(&values).map_or_else(|| "unknown".into(), &unit))
    };
    drivers.iter().map(value).collect::<Vec<_>>().join(", ")
}

fn worker(
    of_driver: &impl Fn(&str) -> bool,
    cells: &[CellSummary],
    of: impl Fn(&CellSummary) -> Option<f64>,
    unit: impl Fn(f64) -> String,
) -> String {
    let values: Vec<f64> = cells.iter().filter(|c| !of_driver(&c.runtime)).filter_map(of).collect();
    median(&values).map_or_else(|| "is not shown here".into(), unit)
}
