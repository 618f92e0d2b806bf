//! Results over time: what of a result goes into the history, and how its cells moved.

use std::collections::BTreeMap;

use runoff_data::{
    CounterSource, Event, HistoryCell, HistoryEntry, Phase, PlannedWorkload, ResultFile, SCHEMA_VERSION, View,
};
use runoff_runtime::sha256_hex;
use runoff_stats::{Change, Estimate, changes};

use crate::quantity::counted;
use crate::{CellSummary, MEASURES, Quantity, SEED, Size, reach, summarise};

/// Runs looked at per series at most, the latest: older levels no longer matter, and time grows with the square.
const LATEST: usize = 120;

/// A result as an entry of the history.
pub fn history_entry(
    result: &ResultFile,
    digest: &str,
    file: &str,
    label: Option<&str>,
    added_unix: u64,
) -> HistoryEntry {
    let plan = &result.header.plan;
    let version = |id: &str| {
        let planned = plan.runtimes.iter().find(|r| r.id.as_str() == id);
        planned.map_or_else(String::new, |r| r.identity.version.clone())
    };
    let work = |name: &str| {
        let planned = plan.workloads.iter().find(|w| w.name == name);
        planned.map_or_else(String::new, work)
    };
    let cells = summarise(result)
        .iter()
        .flat_map(|cell| {
            let (work, version) = (work(&cell.workload), version(&cell.runtime));
            measures(cell).into_iter().map(move |(measure, estimate)| HistoryCell {
                workload: cell.workload.clone(),
                work: work.clone(),
                runtime: cell.runtime.clone(),
                version: version.clone(),
                measure: measure.to_owned(),
                median: estimate.median,
                interval: estimate.interval,
                processes: estimate.processes,
            })
        })
        .collect();
    HistoryEntry {
        schema_version: SCHEMA_VERSION,
        digest: digest.to_owned(),
        file: file.to_owned(),
        added_unix,
        created_unix: result.header.created_unix,
        label: label.map(ToOwned::to_owned),
        runoff_version: result.header.runoff_version.clone(),
        optimised_build: result.header.optimised_build,
        machine: result.header.machine.clone(),
        cells,
    }
}

/// What tells a module and its call from all others.
fn work(planned: &PlannedWorkload) -> String {
    let parts = (&planned.sha256, &planned.invoke, &planned.args, &planned.stdin, &planned.env);
    // Text and lists of it are always JSON.
    sha256_hex(&serde_json::to_vec(&parts).unwrap_or_default())[..12].to_owned()
}

/// The measures people decide by, where the cell has them.
fn measures(cell: &CellSummary) -> Vec<(&'static str, Estimate)> {
    let found = |measure: &str| -> Option<Estimate> {
        let view = |v: View| cell.views.get(&v).and_then(|s| s.cold);
        match measure {
            "jit" => view(View::Jit),
            "aot_execute" => view(View::AotExecute),
            "call" => cell.phases.get(&Phase::Call).and_then(|p| p.warm),
            "process" => cell.process.map(|(wall, ..)| wall),
            "peak_rss" => cell.sizes.get(&Size::PeakRss).copied(),
            "code" => cell.sizes.get(&Size::Code).copied(),
            "artifact" => cell.sizes.get(&Size::Artifact).copied(),
            name => counted(name).and_then(|(source, event)| events(cell, source, event)),
        }
    };
    MEASURES.into_iter().filter_map(|measure| Some((measure, found(measure)?))).collect()
}

/// Events of a repeated call; simulated ones with the interval by which they are known to repeat.
fn events(cell: &CellSummary, source: CounterSource, event: Event) -> Option<Estimate> {
    let counters = cell.counters.as_ref().filter(|c| c.source == source)?;
    let mut found = *counters.events.get(&event).filter(|e| e.median > 0.0)?;
    if source == CounterSource::Simulated && found.interval.is_none() {
        found.interval = Some((found.median / reach(event), found.median * reach(event)));
    }
    Some(found)
}

/// One run of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// When it was measured.
    pub created_unix: u64,
    /// What the user calls it, else the name of its file.
    pub label: String,
    /// Version of the engine.
    pub version: String,
    /// Median, in the unit of its [`Quantity`].
    pub median: f64,
}

/// One measure of one cell on one machine, over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The machine, as [`runoff_data::Machine::key`] says it.
    pub machine: String,
    /// Workload.
    pub workload: String,
    /// Runtime.
    pub runtime: String,
    /// Measure.
    pub measure: String,
    /// Runs in order of time; the latest 120.
    pub points: Vec<Point>,
    /// Changes of level.
    pub changes: Vec<Change>,
}

impl Trend {
    /// What kind of number it is.
    pub fn quantity(&self) -> Quantity {
        Quantity::of(&self.measure)
    }

    /// The last change of level, when what came after it is worse by more than `share`.
    pub fn worse_by(&self, share: f64) -> Option<&Change> {
        self.changes.last().filter(|c| c.ratio() > 1.0 + share)
    }
}

/// Every series of a history. Machines, modules and calls are never mixed in one; debug builds are left out.
pub fn trends(entries: &[HistoryEntry]) -> Vec<Trend> {
    let mut order: Vec<&HistoryEntry> = entries.iter().filter(|e| e.optimised_build).collect();
    order.sort_by_key(|e| e.created_unix);
    let mut series: BTreeMap<[&str; 5], Vec<Point>> = BTreeMap::new();
    let keys: Vec<String> = order.iter().map(|e| e.machine.key()).collect();
    for (entry, machine) in order.iter().zip(&keys) {
        for cell in &entry.cells {
            let key = [machine.as_str(), &cell.workload, &cell.runtime, &cell.measure, &cell.work];
            series.entry(key).or_default().push(Point {
                created_unix: entry.created_unix,
                label: entry.label.clone().unwrap_or_else(|| entry.file.clone()),
                version: cell.version.clone(),
                median: cell.median,
            });
        }
    }
    let series: Vec<_> = series.into_iter().collect();
    crate::overview::in_parallel(&series, |([machine, workload, runtime, measure, _], points)| {
        let points = points[points.len().saturating_sub(LATEST)..].to_vec();
        let medians: Vec<f64> = points.iter().map(|p| p.median).collect();
        Trend {
            machine: (*machine).to_owned(),
            workload: (*workload).to_owned(),
            runtime: (*runtime).to_owned(),
            measure: (*measure).to_owned(),
            changes: changes(&medians, SEED),
            points,
        }
    })
}
