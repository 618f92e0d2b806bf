//! `runoff doctor --conformance`: whether every runtime keeps the seam's promises, each in worker processes.

use std::process::ExitCode;
use std::time::Duration;

use indicatif::ProgressBar;
use runoff_bench::supervisor::{CASE_SILENCE, run_conformance};
use runoff_report::Table;
use runoff_runtimes::Reach;
use runoff_runtimes::conformance::{Case, CaseResult};
use serde_json::json;

use crate::args::{Doctor, OutputFormat};
use crate::exit;
use crate::support::registry::registry;
use crate::support::{launch, output, subject};

pub(crate) fn conformance(args: &Doctor) -> anyhow::Result<ExitCode> {
    let registry = registry(&[])?;
    let entries = subject::runtimes(&registry, &args.runtimes)?;
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut results = Vec::new();
    // A command line offers no seam to keep promises of.
    for entry in entries.into_iter().filter(|e| !matches!(e.reach(), Reach::CommandLine(_))) {
        let id = entry.id().to_string();
        let worker = launch::own_worker(&id)?;
        let from = |first: usize| {
            let mut launch = worker.clone();
            launch.args.extend(["--conformance-from".into(), first.to_string()]);
            launch
        };
        let rows =
            run_conformance(&from, CASE_SILENCE, &mut |case| bar.set_message(format!("{id}: {}", case.name)));
        results.push((id, rows));
    }
    bar.finish_and_clear();
    let broken = results.iter().flat_map(|(_, rows)| rows).any(|(_, r)| matches!(r, CaseResult::Fail(_)));
    if let OutputFormat::Json = args.format {
        let list: Vec<_> = results
            .iter()
            .flat_map(|(id, rows)| rows.iter().map(move |(case, result)| row_json(id, case, result)))
            .collect();
        output::json(&json!(list))?;
    } else {
        output::print(&table(&results).render(output::format(args.format)))?;
    }
    Ok(if broken { ExitCode::from(exit::RUNTIME) } else { ExitCode::SUCCESS })
}

fn table(results: &[(String, Vec<(Case, CaseResult)>)]) -> Table {
    let mut table =
        Table::new("Conformance, in worker processes", &["runtime", "pass", "unsupported", "fail"]);
    for (id, rows) in results {
        let count = |kind: fn(&CaseResult) -> bool| rows.iter().filter(|(_, r)| kind(r)).count().to_string();
        table.row(vec![
            id.clone(),
            count(|r| *r == CaseResult::Pass),
            count(|r| matches!(r, CaseResult::Unsupported(_))),
            count(|r| matches!(r, CaseResult::Fail(_))),
        ]);
        for (case, result) in rows {
            if let CaseResult::Fail(details) = result {
                table.note(format!("{id} fails {}/{}: {details}", case.group, case.name));
            }
        }
    }
    table.note("`--format json` tells each case and why a runtime does not support it");
    table
}

fn row_json(id: &str, case: &Case, result: &CaseResult) -> serde_json::Value {
    let (outcome, detail) = match result {
        CaseResult::Pass => ("pass", None),
        CaseResult::Unsupported(reason) => ("unsupported", Some(reason)),
        CaseResult::Fail(details) => ("fail", Some(details)),
    };
    json!({ "runtime": id, "group": case.group, "case": case.name, "shows": case.shows,
        "outcome": outcome, "detail": detail })
}
