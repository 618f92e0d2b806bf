//! `runoff runtimes`.

use std::process::ExitCode;

use runoff_data::PlannedRuntime;
use runoff_report::Table;
use runoff_runtime::{Capabilities, DeadlineSupport, MemoryCap};
use runoff_runtimes::{Availability, Entry, Reach};
use runoff_workloads::TWINS;
use serde_json::json;

use crate::args::{OutputFormat, Runtimes};
use crate::support::registry::registry;
use crate::support::{launch, output};

pub(crate) fn runtimes(args: &Runtimes) -> anyhow::Result<ExitCode> {
    let registry = registry(&TWINS)?;
    let mut table = Table::new(
        "Runtimes",
        &["runtime", "version", "what it is", "timed", "saves", "deadline", "memory cap", "threads", "trust"],
    )
    .text_columns(&[1, 2, 3, 4, 5, 6, 8]);
    let mut absent = Table::new("Absent", &["runtime", "what it is", "what brings it"]).text_columns(&[1, 2]);
    let mut rows = Vec::new();
    for entry in registry.entries() {
        let id = entry.id().to_string();
        let known = match entry.availability() {
            Availability::Ready => launch::meet(entry),
            Availability::Absent { how } => Err(how.clone()),
        };
        match known {
            Ok(planned) => {
                present(&mut table, entry, &planned, args.verbose);
                let PlannedRuntime { identity, capabilities, process_only, .. } = planned;
                rows.push(json!({
                    "identity": identity, "capabilities": capabilities, "process_only": process_only,
                    "reach": reach(entry), "available": true,
                }));
            }
            Err(reason) => {
                absent.row(vec![id.clone(), entry.summary().into(), reason.clone()]);
                rows.push(json!({ "id": id, "reach": reach(entry), "available": false, "reason": reason }));
            }
        }
    }
    if let OutputFormat::Json = args.format {
        output::json(&json!(rows))?;
    } else {
        let mut parts = vec![table.render(output::format(args.format))];
        if !absent.is_empty() {
            parts.push(absent.render(output::format(args.format)));
        }
        output::print(&parts.join("\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn present(table: &mut Table, entry: &Entry, planned: &PlannedRuntime, verbose: bool) {
    let (identity, can) = (&planned.identity, &planned.capabilities);
    let cap = if can.memory_cap == MemoryCap::Exact { "exact" } else { "process only" };
    let measured = if planned.process_only { "whole process" } else { "phases" };
    table.row(vec![
        identity.id.to_string(),
        identity.version.clone(),
        entry.summary().into(),
        measured.into(),
        if can.save_load { "yes" } else { "no" }.into(),
        deadline(can).into(),
        cap.into(),
        identity.compile_threads.to_string(),
        can.trust.to_string(),
    ]);
    if let Some(restriction) = &identity.restriction {
        table.note(format!("{}: {restriction}", identity.id));
    }
    if verbose {
        let flags = identity.flags.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>();
        let features = can.features.iter().map(ToString::to_string).collect::<Vec<_>>();
        table.note(format!("{}: {}", identity.id, flags.join(" ")));
        table.note(format!("  proposals: {}", features.join(" ")));
        table.note(format!(
            "  built with: {}; code for: {}",
            identity.features.join(" "),
            identity.cpu_features
        ));
    }
}

fn deadline(can: &Capabilities) -> &'static str {
    match can.deadline {
        DeadlineSupport::Epoch => "epochs",
        DeadlineSupport::Fuel => "fuel",
        DeadlineSupport::Terminate => "terminate",
        DeadlineSupport::KillOnly => "kill only",
    }
}

fn reach(entry: &Entry) -> &'static str {
    match entry.reach() {
        Reach::Linked => "linked",
        Reach::Driver(_) => "driver",
        Reach::CommandLine(_) => "command line",
    }
}
