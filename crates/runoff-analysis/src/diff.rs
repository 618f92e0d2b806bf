//! Two results side by side.

use runoff_data::{BlockMode, Cell, ResultFile, Samples, View, cells};
use runoff_stats::{Blocks, Comparison, Verdict, compare};

use crate::SEED;
use crate::overview::{cold_view, first_use, steady_call};

/// What is compared: the times and sizes people decide by.
const MEASURES: [&str; 7] = ["jit", "aot_execute", "call", "process", "peak_rss", "code", "artifact"];

/// One measure of one cell in two results.
#[derive(Clone, Debug, PartialEq)]
pub struct CellDiff {
    /// Workload.
    pub workload: String,
    /// Runtime.
    pub runtime: String,
    /// `jit`, `aot_execute`, `call`, `process` (times); `peak_rss`, `code`, `artifact` (sizes).
    pub measure: &'static str,
    /// The comparison; `Err` says why there is none.
    pub comparison: Result<Comparison, String>,
    /// Whether it was measured before and is no longer: worse than any slowdown.
    pub lost: bool,
}

impl CellDiff {
    /// Whether it is a size and no time.
    pub fn is_bytes(&self) -> bool {
        is_bytes(self.measure)
    }

    /// The verdict in the words of its measure: sizes are smaller or larger.
    pub fn verdict(&self) -> Option<&'static str> {
        let verdict = self.comparison.as_ref().ok()?.verdict;
        Some(match verdict {
            Verdict::Faster if self.is_bytes() => "smaller",
            Verdict::Slower if self.is_bytes() => "larger",
            verdict => verdict.name(),
        })
    }

    /// Whether it is certainly worse by more than `limit`, or lost.
    pub fn regressed(&self, limit: f64) -> bool {
        let worse = |c: &Comparison| c.verdict == Verdict::Slower && c.ratio > 1.0 + limit;
        self.lost || self.comparison.as_ref().is_ok_and(worse)
    }
}

fn is_bytes(measure: &str) -> bool {
    matches!(measure, "peak_rss" | "code" | "artifact")
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
                        (false, true) => {
                            lost = true;
                            Err(reason(cell, "no longer measured"))
                        }
                        (true, false) => Err(reason(before, "not measured in the first result")),
                        // Different runs share no rounds: what slowed one did not slow the other.
                        (false, false) => {
                            let (then, now) = (unpaired(&then, 0), unpaired(&now, 1_000_000));
                            let exact = if is_bytes(measure) { constant(&then, &now, margin) } else { None };
                            exact
                                .or_else(|| compare(&then, &now, margin, SEED))
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
