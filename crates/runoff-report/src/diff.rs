//! Two results compared, as text.

use runoff_analysis::CellDiff;
use serde_json::{Value, json};

use crate::Table;

/// The comparison as a table.
pub fn diff_tables(rows: &[CellDiff]) -> Table {
    let mut table = Table::new(
        "Second result against the first (ratio below 1 is faster)",
        &["workload", "runtime", "measure", "ratio", "99 % interval", "p", "verdict", "why"],
    )
    .text_columns(&[1, 2, 6, 7]);
    for row in rows {
        let mut cells = vec![row.workload.clone(), row.runtime.clone(), row.measure.to_owned()];
        match &row.comparison {
            Ok(c) => {
                let interval =
                    c.verdict_interval.map_or_else(|| "–".into(), |(l, h)| format!("{l:.3} – {h:.3}"));
                cells.extend([
                    format!("{:.3}", c.ratio),
                    interval,
                    format!("{:.4}", c.p),
                    c.verdict.name().into(),
                    c.why.clone(),
                ]);
            }
            Err(reason) => {
                cells.extend(["–", "–", "–", "–"].map(str::to_owned));
                cells.push(reason.clone());
            }
        }
        table.row(cells);
    }
    table
}

/// The comparison for programs.
pub fn diff_json(rows: &[CellDiff]) -> Value {
    json!(rows.iter().map(|r| match &r.comparison {
        Ok(c) => json!({
            "workload": r.workload, "runtime": r.runtime, "measure": r.measure, "ratio": c.ratio,
            "interval_95": c.interval, "interval_99": c.verdict_interval, "p": c.p, "shift_ns": c.shift, "verdict": c.verdict.name(), "why": c.why,
        }),
        Err(reason) => json!({
            "workload": r.workload, "runtime": r.runtime, "measure": r.measure, "reason": reason,
        }),
    }).collect::<Vec<_>>())
}
