//! `runoff doctor --seam`: what the seam costs per call, beside each engine's own typed call.

use std::process::ExitCode;

use runoff_report::Table;
use runoff_runtimes::overhead::{self, SeamCost};
use runoff_runtimes::{Registry, on_engine_stack};
use serde_json::json;

use crate::args::{Doctor, OutputFormat};
use crate::support::{output, subject};

/// Pairs of batches per runtime: the median of this many is steady to about a percent on a busy machine.
const BATCHES: usize = 200;

pub(crate) fn seam(args: &Doctor) -> anyhow::Result<ExitCode> {
    let registry = Registry::new(&[]);
    let ids: Vec<String> =
        subject::runtimes(&registry, &args.runtimes)?.iter().map(|e| e.id().to_string()).collect();
    let rows = on_engine_stack(move || {
        overhead::measure(Some(&ids.iter().map(String::as_str).collect::<Vec<_>>()), BATCHES)
    })?;
    if let OutputFormat::Json = args.format {
        let list: Vec<_> = rows
            .iter()
            .map(|(runtime, row)| match row {
                Ok(cost) => json!({ "runtime": runtime, "own_ns": cost.own_ns, "seam_ns": cost.seam_ns,
                    "ratio": cost.ratio(), "holds": cost.holds() }),
                Err(error) => json!({ "runtime": runtime, "error": error.to_string() }),
            })
            .collect();
        output::json(&json!({ "unit": "ns per call", "rows": list }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table =
        Table::new("Cost of one call", &["runtime", "own call", "through the seam", "ratio", "promise"])
            .text_columns(&[4]);
    for (runtime, row) in rows {
        table.row(match row {
            Ok(cost) => vec![
                runtime,
                format!("{:.2} ns", cost.own_ns),
                format!("{:.2} ns", cost.seam_ns),
                format!("{:.3}", cost.ratio()),
                promise(&cost).into(),
            ],
            Err(error) => vec![runtime, "–".into(), "–".into(), "–".into(), error.to_string()],
        });
    }
    table.note("medians of alternating batches in one process; the promise: at most 1.10 x, or 2 ns more");
    output::print(&table.render(output::format(args.format)))?;
    Ok(ExitCode::SUCCESS)
}

fn promise(cost: &SeamCost) -> &'static str {
    if cost.holds() { "kept" } else { "broken in this run" }
}
