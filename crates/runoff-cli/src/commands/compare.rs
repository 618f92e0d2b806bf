//! `runoff compare`.

use std::process::ExitCode;

use runoff_analysis::CellDiff;
use runoff_data::{FileError, ResultReader};
use runoff_report::{Format, diff_comment, diff_counts, diff_json, diff_long, diff_notes, diff_tables};
use serde_json::json;

use crate::args::{Compare, OutputFormat};
use crate::exit;
use crate::support::output;

/// One result judged against the first.
struct Judged {
    name: String,
    notes: Vec<String>,
    rows: Vec<CellDiff>,
}

pub(crate) fn compare(args: &Compare) -> anyhow::Result<ExitCode> {
    let old = ResultReader::open(&args.old)?;
    let base = args.old.display().to_string();
    let judged = args
        .new
        .iter()
        .map(|path| {
            let new = ResultReader::open(path)?;
            Ok(Judged {
                name: path.display().to_string(),
                notes: diff_notes(&old, &new),
                rows: runoff_analysis::diff(&old, &new, args.margin),
            })
        })
        .collect::<Result<Vec<_>, FileError>>()?;
    for one in &judged {
        // What goes into the output is not said twice.
        if !matches!(args.format, OutputFormat::Md | OutputFormat::Json) {
            one.notes.iter().for_each(|note| output::warn(note));
        }
    }
    match args.format {
        OutputFormat::Json => {
            let list: Vec<_> = judged
                .iter()
                .map(|j| json!({ "file": j.name, "notes": j.notes, "rows": diff_json(&j.rows) }))
                .collect();
            output::json(&json!({
                "schema_version": runoff_data::SCHEMA_VERSION, "base": base, "comparisons": list,
            }))?;
        }
        OutputFormat::Csv => {
            let mut text = String::new();
            for one in &judged {
                let table = diff_long(&one.rows);
                let table = if judged.len() > 1 { table.marked("file", &one.name) } else { table };
                let lines = table.render(Format::Csv);
                // One header for all of them.
                let from = if text.is_empty() { 0 } else { lines.find('\n').map_or(0, |at| at + 1) };
                text.push_str(&lines[from..]);
            }
            output::print(&text)?;
        }
        OutputFormat::Md => {
            let parts: Vec<String> = judged
                .iter()
                .map(|j| diff_comment((&base, &j.name), &j.rows, &j.notes, args.fail_above))
                .collect();
            output::print(&parts.join("\n"))?;
        }
        OutputFormat::Table => {
            for one in &judged {
                let title = format!(
                    "{} against {base} (ratio below 1 is faster, smaller or fewer): {}",
                    one.name,
                    diff_counts(&one.rows)
                );
                output::print(&diff_tables(&one.rows, Some(&title)).render(Format::Table))?;
            }
        }
    }
    let Some(limit) = args.fail_above else { return Ok(ExitCode::SUCCESS) };
    let worse: Vec<String> =
        judged.iter().flat_map(|j| j.rows.iter().filter(|r| r.regressed(limit)).map(regression)).collect();
    if worse.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    output::warn(&format!("worse by more than {:.1} %, or lost:\n  {}", limit * 100.0, worse.join("\n  ")));
    Ok(ExitCode::from(exit::REGRESSION))
}

fn regression(row: &CellDiff) -> String {
    let how = match &row.comparison {
        Ok(c) => format!("{:+.1} %", (c.ratio - 1.0) * 100.0),
        Err(reason) => reason.clone(),
    };
    format!("{} {} {}: {how}", row.workload, row.runtime, row.measure)
}
