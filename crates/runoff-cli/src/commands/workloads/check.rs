//! Whether every runtime gives every right answer.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use runoff_bench::supervisor::{Bounds, Launch};
use runoff_bench::verify;
use runoff_data::Status;
use runoff_report::Table;
use runoff_runtimes::Reach;
use runoff_workloads::{Overrides, TWINS, Workload, bundled, bundled_names, resolve};
use serde_json::{Value, json};

use crate::args::{OutputFormat, WorkloadsCheck};
use crate::exit::{INTERRUPTED, RUNTIME, USAGE, coded};
use crate::support::registry::registry;
use crate::support::{interrupt, launch, output, scratch, subject};

/// What came of one cell.
struct Cell {
    workload: String,
    runtime: String,
    status: Status,
    /// Nothing to compare the answer with: the runtime only had to give one.
    unverified: bool,
}

pub(super) fn check(args: &WorkloadsCheck) -> anyhow::Result<ExitCode> {
    let workloads = workloads(args)?;
    let registry = registry(&TWINS)?;
    let mut launches = Vec::new();
    // A command line would have to be timed to be asked.
    for entry in subject::runtimes(&registry, &args.runtimes)? {
        if !matches!(entry.reach(), Reach::CommandLine(_)) {
            launches.push((entry.id().to_string(), launch::worker(entry)?));
        }
    }
    if launches.is_empty() {
        return Err(coded(USAGE, "command lines are not checked; name other runtimes"));
    }
    let (cells, stopped) = all_cells(args, &workloads, &launches)?;
    let bad = cells.iter().any(|c| !matches!(c.status, Status::Ok | Status::Unsupported { .. }));
    match args.format {
        OutputFormat::Json => output::json(&json!(cells.iter().map(cell_json).collect::<Vec<_>>()))?,
        OutputFormat::Csv => output::print(&long(&cells).render(output::format(args.format)))?,
        _ => {
            let tables = [summary(&cells, &launches), problems(&cells)];
            let parts =
                tables.iter().filter(|t| !t.is_empty()).map(|t| t.render(output::format(args.format)));
            output::print(&parts.collect::<Vec<_>>().join("\n"))?;
        }
    }
    if stopped {
        let of = workloads.len() * launches.len();
        return Err(coded(INTERRUPTED, format!("stopped after {} of {of} cells", cells.len())));
    }
    Ok(if bad { ExitCode::from(RUNTIME) } else { ExitCode::SUCCESS })
}

fn workloads(args: &WorkloadsCheck) -> anyhow::Result<Vec<Workload>> {
    let all: Vec<String> = bundled_names().into_iter().map(ToOwned::to_owned).collect();
    let names = if args.all { &all } else { &args.names };
    if names.is_empty() {
        return Err(coded(USAGE, "name workloads, sets, modules or folders, or give --all"));
    }
    let mut found = Vec::new();
    for name in names {
        // What comes in one size only is checked at that.
        let sized = bundled(name).is_none_or(|(manifest, _)| !manifest.sizes.is_empty());
        let size = sized.then(|| args.size.clone());
        found.extend(resolve(name, &Overrides { size, ..Overrides::default() })?);
    }
    Ok(found)
}

/// Every cell once, several at a time; and whether the user stopped it.
fn all_cells(
    args: &WorkloadsCheck,
    workloads: &[Workload],
    launches: &[(String, Launch)],
) -> anyhow::Result<(Vec<Cell>, bool)> {
    let stop = interrupt::watch()?;
    let scratch = scratch::folder()?;
    let bounds = Bounds { timeout: Duration::from_secs_f64(args.timeout), max_memory: args.memory };
    let of = workloads.len() * launches.len();
    let bar = ProgressBar::new(of as u64);
    if let Ok(style) = ProgressStyle::with_template("{pos} of {len} cells, {eta} left: {msg}") {
        bar.set_style(style);
    }
    let jobs = args.jobs.map_or_else(|| thread::available_parallelism().map_or(1, Into::into), usize::from);
    let (next, cells) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= of || stop.load(Ordering::Relaxed) {
                return;
            }
            let workload = &workloads[place / launches.len()];
            let (runtime, launch) = &launches[place % launches.len()];
            bar.set_message(format!("{} on {runtime}", workload.spec.name));
            let folder = scratch.path().join(place.to_string());
            let made = std::fs::create_dir(&folder);
            let status = match made {
                Err(e) => Some(Status::Failed { reason: format!("{}: {e}", folder.display()) }),
                Ok(()) => verify(launch, workload, &folder, bounds, &|| stop.load(Ordering::Relaxed))
                    .map(|report| report.status),
            };
            // Modules and artifacts of all cells together would be gigabytes. What stays goes with the scratch folder.
            let _ = std::fs::remove_dir_all(&folder);
            let Some(status) = status else { return };
            let cell = Cell {
                workload: workload.spec.name.clone(),
                runtime: runtime.clone(),
                status,
                unverified: workload.spec.expected.is_none(),
            };
            cells.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((place, cell));
            bar.inc(1);
        }
    };
    thread::scope(|scope| {
        for _ in 0..jobs.min(of) {
            scope.spawn(work);
        }
    });
    bar.finish_and_clear();
    let mut cells = cells.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    cells.sort_by_key(|(place, _)| *place);
    Ok((cells.into_iter().map(|(_, cell)| cell).collect(), stop.load(Ordering::Relaxed)))
}

/// A row per runtime.
fn summary(cells: &[Cell], launches: &[(String, Launch)]) -> Table {
    let mut table =
        Table::new("Answers", &["runtime", "right", "unverified", "unsupported", "wrong", "failed"]);
    for (runtime, _) in launches {
        let count = |which: &dyn Fn(&Cell) -> bool| {
            cells.iter().filter(|c| c.runtime == *runtime && which(c)).count().to_string()
        };
        table.row(vec![
            runtime.clone(),
            count(&|c| c.status.is_ok() && !c.unverified),
            count(&|c| c.status.is_ok() && c.unverified),
            count(&|c| matches!(c.status, Status::Unsupported { .. })),
            count(&|c| matches!(c.status, Status::Wrong { .. })),
            count(&|c| !matches!(c.status, Status::Ok | Status::Unsupported { .. } | Status::Wrong { .. })),
        ]);
    }
    table
}

/// A row per thing that went wrong, and one per reason of what is not supported.
fn problems(cells: &[Cell]) -> Table {
    let mut table =
        Table::new("Not right", &["runtime", "what", "workload", "reason"]).text_columns(&[1, 2, 3]);
    let mut unsupported: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for cell in cells {
        match &cell.status {
            Status::Ok => {}
            Status::Unsupported { reason } => {
                unsupported.entry((&cell.runtime, reason)).or_default().push(&cell.workload);
            }
            status => {
                let (kind, reason) = status.problem().unwrap_or_default();
                table.row(vec![cell.runtime.clone(), kind.into(), cell.workload.clone(), reason.into()]);
            }
        }
    }
    for ((runtime, reason), workloads) in unsupported {
        let which =
            if let [one] = workloads[..] { one.to_owned() } else { format!("{} workloads", workloads.len()) };
        table.row(vec![runtime.to_owned(), "unsupported".into(), which, reason.to_owned()]);
    }
    table
}

/// A row per cell.
fn long(cells: &[Cell]) -> Table {
    let mut table =
        Table::new("Answers", &["workload", "runtime", "outcome", "reason"]).text_columns(&[1, 2, 3]);
    for cell in cells {
        let (outcome, reason) = outcome(cell);
        table.row(vec![cell.workload.clone(), cell.runtime.clone(), outcome.into(), reason.into()]);
    }
    table
}

fn cell_json(cell: &Cell) -> Value {
    let (outcome, reason) = outcome(cell);
    json!({ "workload": cell.workload, "runtime": cell.runtime, "outcome": outcome, "reason": reason })
}

fn outcome(cell: &Cell) -> (&str, &str) {
    let right = if cell.unverified { "unverified" } else { "right" };
    cell.status.problem().unwrap_or((right, ""))
}
