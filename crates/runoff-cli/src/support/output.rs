//! Printing.

use std::io::{self, Write};

use runoff_data::ResultFile;
use runoff_pick::{Constraints, decide};
use runoff_report::{
    Format, Table, bench_json, bench_long, bench_tables, pick_json, pick_text, published_tables,
};
use runoff_stats::DEFAULT_MARGIN;
use runoff_workloads::Workload;
use serde_json::Value;

use crate::args::OutputFormat;

/// Text to standard output.
pub(crate) fn print(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
}

/// JSON to standard output, indented, with a final newline.
pub(crate) fn json(value: &Value) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    print(&text)
}

/// A warning to standard error.
pub(crate) fn warn(text: &str) {
    // A warning nobody can read is no reason to stop.
    let _ = writeln!(io::stderr(), "runoff: {text}");
}

/// The report's format for an option.
pub(crate) fn format(format: OutputFormat) -> Format {
    match format {
        OutputFormat::Table => Format::Table,
        OutputFormat::Json => Format::Json,
        OutputFormat::Csv => Format::Csv,
        OutputFormat::Md => Format::Markdown,
    }
}

/// A whole result: tables, published figures, and who wins for how many calls.
pub(crate) fn result(
    result: &ResultFile,
    workloads: &[Workload],
    calls: &[u64],
    published: bool,
    how: OutputFormat,
) -> anyhow::Result<()> {
    let plan = &result.header.plan;
    // Among command lines alone there is nothing to choose by: they have no phases.
    let choosing = plan.runtimes.iter().any(|r| !r.process_only && r.id.as_str() != "native");
    let decisions: Vec<_> = plan
        .workloads
        .iter()
        .filter(|_| choosing)
        .map(|w| {
            let mut all = runoff_analysis::candidates(result, &w.name, false);
            // The twin is the yardstick, not a runtime to choose.
            all.retain(|c| c.runtime != "native");
            (w.name.clone(), decide(&all, calls, &Constraints::default(), DEFAULT_MARGIN), all)
        })
        .collect();
    if let OutputFormat::Json = how {
        let mut value = bench_json(result);
        let picks: serde_json::Map<_, _> =
            decisions.iter().map(|(n, d, _)| (n.clone(), pick_json(d))).collect();
        value["picks"] = Value::Object(picks);
        if published {
            value["published"] = published_tables(result, workloads).iter().map(Table::json).collect();
        }
        return Ok(json(&value)?);
    }
    if let OutputFormat::Csv = how {
        if published {
            warn("published figures do not fit into CSV; take --format json or md for them");
        }
        return Ok(print(&bench_long(result).render(Format::Csv))?);
    }
    let format = format(how);
    let mut parts: Vec<String> = bench_tables(result).iter().map(|t| t.render(format)).collect();
    if published {
        parts.extend(published_tables(result, workloads).iter().map(|t| t.render(format)));
    }
    for (name, decision, all) in &decisions {
        let heading = if format == Format::Markdown { "## " } else { "" };
        parts.push(format!("{heading}{name} – which runtime for how many calls\n"));
        parts.push(pick_text(decision, all, false, format));
    }
    Ok(print(&parts.join("\n"))?)
}
