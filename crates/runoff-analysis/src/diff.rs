//! Two results side by side.

use runoff_data::{BlockMode, Phase, ResultFile, View, cells};
use runoff_stats::{Blocks, Comparison, compare};

use crate::SEED;

/// One measure of one cell in two results.
#[derive(Clone, Debug, PartialEq)]
pub struct CellDiff {
    /// Workload.
    pub workload: String,
    /// Runtime.
    pub runtime: String,
    /// `jit`, `aot_execute` or `call`.
    pub measure: &'static str,
    /// The comparison; `Err` says why there is none.
    pub comparison: Result<Comparison, String>,
    /// Whether it was measured before and is no longer: worse than any slowdown.
    pub lost: bool,
}

/// Compares `new` with `old`, cell by cell, for the measures people decide by.
pub fn diff(old: &ResultFile, new: &ResultFile, margin: f64) -> Vec<CellDiff> {
    let (old_cells, new_cells) = (cells(old), cells(new));
    let mut rows = Vec::new();
    for cell in &new_cells {
        let before = old_cells.iter().find(|c| c.workload == cell.workload && c.runtime == cell.runtime);
        for measure in ["jit", "aot_execute", "call"] {
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
                            compare(&unpaired(&then, 0), &unpaired(&now, 1_000_000), margin, SEED)
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

fn blocks(cell: &runoff_data::Cell<'_>, measure: &str) -> Blocks {
    let view = match measure {
        "jit" => View::Jit,
        "aot_execute" => View::AotExecute,
        _ => return Blocks::new(cell.warm(BlockMode::Jit, Phase::Call)),
    };
    let mode = if view == View::Jit { BlockMode::Jit } else { BlockMode::Aot };
    Blocks::new(cell.ok(mode).filter_map(|block| {
        let mut total = 0.0;
        for phase in view.phases() {
            match block.samples.phases.get(phase).and_then(|s| s.cold_ns) {
                Some(ns) => total += ns,
                None if view.optional(*phase) => {}
                None => return None,
            }
        }
        Some((block.round, vec![total]))
    }))
}
