//! Two results side by side.

use runoff_data::{BlockMode, Cell, CounterSource, Event, ResultFile, Samples, View, cells};
use runoff_stats::{Blocks, Comparison, Verdict, compare, median};

use crate::overview::{cold_view, first_use, steady_call};
use crate::quantity::counted;
use crate::{MEASURES, Quantity, SEED, reach};

/// One measure of one cell in two results.
#[derive(Clone, Debug, PartialEq)]
pub struct CellDiff {
    /// Workload.
    pub workload: String,
    /// Runtime.
    pub runtime: String,
    /// One of [`MEASURES`].
    pub measure: &'static str,
    /// The comparison; `Err` says why there is none.
    pub comparison: Result<Comparison, String>,
    /// Whether it was measured before and is no longer: worse than any slowdown.
    pub lost: bool,
}

impl CellDiff {
    /// What kind of number it is.
    pub fn quantity(&self) -> Quantity {
        Quantity::of(self.measure)
    }

    /// The verdict in the words of its measure: sizes are smaller or larger, events fewer or more.
    pub fn verdict(&self) -> Option<&'static str> {
        let verdict = self.comparison.as_ref().ok()?.verdict;
        Some(match (verdict, self.quantity()) {
            (Verdict::Faster, Quantity::Size) => "smaller",
            (Verdict::Slower, Quantity::Size) => "larger",
            (Verdict::Faster, Quantity::Count) => "fewer",
            (Verdict::Slower, Quantity::Count) => "more",
            (verdict, _) => verdict.name(),
        })
    }

    /// Whether it is certainly worse by more than `limit`, or lost.
    pub fn regressed(&self, limit: f64) -> bool {
        let worse = |c: &Comparison| c.verdict == Verdict::Slower && c.ratio > 1.0 + limit;
        self.lost || self.comparison.as_ref().is_ok_and(worse)
    }
}

/// Compares `new` with `old`, cell by cell, for the measures people decide by.
pub fn diff(old: &ResultFile, new: &ResultFile, margin: f64) -> Vec<CellDiff> {
    let (old_cells, new_cells) = (cells(old), cells(new));
    let mut rows = Vec::new();
    for cell in &new_cells {
        let before = old_cells.iter().find(|c| c.workload == cell.workload && c.runtime == cell.runtime);
        for measure in MEASURES {
            let now = blocks(cell, measure);
            let mut lost = false;
            let comparison = match before {
                None if now.is_empty() => continue,
                None => Err("only in the second result".to_owned()),
                Some(before) => {
                    let then = blocks(before, measure);
                    match (then.is_empty(), now.is_empty()) {
                        (true, true) => continue,
                        // Who did not ask for counts has lost none.
                        (false, true) if counted(measure).is_some() && !asked(new, measure) => continue,
                        (false, true) if none(cell, measure) => {
                            Err("none were counted in the second result".to_owned())
                        }
                        (false, true) => {
                            lost = true;
                            Err(reason(cell, "no longer measured"))
                        }
                        (true, false) if counted(measure).is_some() => {
                            Err("not counted in the first result".to_owned())
                        }
                        (true, false) => Err(reason(before, "not measured in the first result")),
                        // Different runs share no rounds: what slowed one did not slow the other.
                        (false, false) => {
                            let (then, now) = (unpaired(&then, 0), unpaired(&now, 1_000_000));
                            let own = match (Quantity::of(measure), counted(measure)) {
                                (Quantity::Size, _) => constant(&then, &now, margin),
                                (_, Some((CounterSource::Simulated, event))) => simulated(&then, &now, event),
                                _ => None,
                            };
                            own.or_else(|| compare(&then, &now, margin, SEED))
                                .ok_or_else(|| "nothing to compare".to_owned())
                        }
                    }
                }
            };
            rows.push(CellDiff {
                workload: cell.workload.into(),
                runtime: cell.runtime.into(),
                measure,
                comparison,
                lost,
            });
        }
    }
    for cell in old_cells
        .iter()
        .filter(|c| !new_cells.iter().any(|n| n.workload == c.workload && n.runtime == c.runtime))
    {
        rows.push(CellDiff {
            workload: cell.workload.into(),
            runtime: cell.runtime.into(),
            measure: "all",
            comparison: Err("only in the first result".into()),
            lost: true,
        });
    }
    rows
}

/// Whether a run was to count this.
fn asked(result: &ResultFile, measure: &str) -> bool {
    result.header.plan.counters.is_some_and(|plan| counted(measure).is_some_and(|(s, _)| s == plan.source))
}

/// Whether events were counted in this cell, so that none of one kind is a count.
fn none(cell: &Cell<'_>, measure: &str) -> bool {
    let mut counting = cell.ok(BlockMode::Counters).filter_map(|b| b.samples.counters.as_ref());
    counted(measure).is_some_and(|(source, _)| counting.any(|c| c.source == source))
}

fn unpaired(blocks: &Blocks, offset: u32) -> Blocks {
    Blocks::new((offset..).zip(blocks.medians()).map(|(round, median)| (round, vec![median])))
}

fn reason(cell: &runoff_data::Cell<'_>, else_say: &str) -> String {
    cell.blocks
        .iter()
        .find_map(|b| b.status.problem())
        .map_or_else(|| else_say.to_owned(), |(kind, reason)| format!("{else_say}: {kind}: {reason}"))
}

fn blocks(cell: &Cell<'_>, measure: &str) -> Blocks {
    let bytes = |get: fn(&Samples) -> Option<u64>| {
        Blocks::new(cell.ok(BlockMode::Jit).filter_map(|b| Some((b.round, vec![get(&b.samples)? as f64]))))
    };
    if let Some((source, event)) = counted(measure) {
        let counting = cell.ok(BlockMode::Counters);
        return Blocks::new(counting.filter_map(|b| {
            let counters = b.samples.counters.as_ref().filter(|c| c.source == source)?;
            Some((b.round, vec![counters.per_call(event, false)?]))
        }));
    }
    match measure {
        "jit" => first_use(cell),
        "aot_execute" => cold_view(cell, View::AotExecute, BlockMode::Aot),
        "process" => Blocks::new(
            cell.ok(BlockMode::Process).filter_map(|b| Some((b.round, vec![b.samples.process?.wall_ns]))),
        ),
        "peak_rss" => bytes(|s| s.memory.peak_rss),
        "code" => bytes(|s| s.memory.code),
        "artifact" => bytes(|s| s.artifact_bytes),
        _ => steady_call(cell),
    }
}

/// Simulated counts come from one process a side, and are known as well as they were seen to repeat: two differ when
/// they are further apart than that, whatever the margin of times.
fn simulated(then: &Blocks, now: &Blocks, event: Event) -> Option<Comparison> {
    let (a, b) = (median(&then.medians())?, median(&now.medians())?);
    let ratio = b / a;
    // Errors of two logarithms add in squares.
    let reach = (reach(event).ln() * std::f64::consts::SQRT_2).exp();
    let (low, high) = (ratio / reach, ratio * reach);
    let known = (reach - 1.0) * 100.0;
    let (verdict, why) = if high < 1.0 {
        (Verdict::Faster, format!("further apart than the {known:.1} % by which simulated counts repeat"))
    } else if low > 1.0 {
        (Verdict::Slower, format!("further apart than the {known:.1} % by which simulated counts repeat"))
    } else {
        (Verdict::Equivalent, format!("within the {known:.1} % by which simulated counts repeat"))
    };
    Some(Comparison {
        ratio,
        interval: Some((low, high)),
        verdict_interval: Some((low, high)),
        p: if verdict == Verdict::Equivalent { 1.0 } else { 0.0 },
        shift: b - a,
        verdict,
        why,
        processes: (then.len(), now.len()),
    })
}

/// Sizes that are the same in every process of a side, two at least, are no samples of anything: they are compared as
/// they are.
fn constant(then: &Blocks, now: &Blocks, margin: f64) -> Option<Comparison> {
    let only = |blocks: &Blocks| {
        let values = blocks.medians();
        let same = values.len() >= 2 && values.iter().all(|v| v.total_cmp(&values[0]).is_eq());
        same.then(|| values[0])
    };
    let (a, b) = (only(then)?, only(now)?);
    let ratio = b / a;
    let verdict = if ratio > 1.0 + margin {
        Verdict::Slower
    } else if ratio < 1.0 / (1.0 + margin) {
        Verdict::Faster
    } else {
        Verdict::Equivalent
    };
    Some(Comparison {
        ratio,
        interval: Some((ratio, ratio)),
        verdict_interval: Some((ratio, ratio)),
        p: if verdict == Verdict::Equivalent { 1.0 } else { 0.0 },
        shift: b - a,
        verdict,
        why: "the same in every process of either result".into(),
        processes: (then.len(), now.len()),
    })
}
