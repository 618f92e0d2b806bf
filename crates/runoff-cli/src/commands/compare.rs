//! `runoff compare`.

use std::process::ExitCode;

use runoff_data::{PlannedWorkload, ResultReader};
use runoff_report::{Format, diff_json, diff_long, diff_tables};
use runoff_stats::Verdict;

use crate::args::{Compare, OutputFormat};
use crate::exit;
use crate::support::output;

pub(crate) fn compare(args: &Compare) -> anyhow::Result<ExitCode> {
    let (old, new) = (ResultReader::open(&args.old)?, ResultReader::open(&args.new)?);
    if old.header.machine.key() != new.header.machine.key() {
        output::warn(&format!(
            "the results come from different machines:\n  {}\n  {}",
            old.header.machine.key(),
            new.header.machine.key()
        ));
    }
    for then in &old.header.plan.workloads {
        let now = new.header.plan.workloads.iter().find(|w| w.name == then.name);
        let Some(now) = now else { continue };
        if now.sha256 != then.sha256 {
            output::warn(&format!("{} is not the same module in both results", then.name));
        }
        let work = |w: &PlannedWorkload| {
            (w.invoke.clone(), w.args.clone(), w.stdin.clone(), w.dirs.clone(), w.env.clone())
        };
        if work(now) != work(then) {
            output::warn(&format!(
                "{} does different work in the two results ({} and {}): its ratios compare that",
                then.name,
                then.call_text(),
                now.call_text()
            ));
        }
    }
    let rows = runoff_analysis::diff(&old, &new, args.margin);
    match args.format {
        OutputFormat::Json => output::json(&diff_json(&rows))?,
        OutputFormat::Csv => output::print(&diff_long(&rows).render(Format::Csv))?,
        OutputFormat::Table | OutputFormat::Md => {
            output::print(&diff_tables(&rows).render(output::format(args.format)))?;
        }
    }
    let Some(limit) = args.fail_above else { return Ok(ExitCode::SUCCESS) };
    let worse: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let c = match &row.comparison {
                Ok(comparison) => comparison,
                Err(reason) if row.lost => {
                    return Some(format!("{} {} {}: {reason}", row.workload, row.runtime, row.measure));
                }
                Err(_) => return None,
            };
            (c.verdict == Verdict::Slower && c.ratio > 1.0 + limit).then(|| {
                format!("{} {} {}: {:+.1} %", row.workload, row.runtime, row.measure, (c.ratio - 1.0) * 100.0)
            })
        })
        .collect();
    if worse.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    output::warn(&format!("slower by more than {:.1} %, or lost:\n  {}", limit * 100.0, worse.join("\n  ")));
    Ok(ExitCode::from(exit::REGRESSION))
}
