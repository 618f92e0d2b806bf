//! `runoff runtimes`.

use std::process::ExitCode;
use std::time::Duration;

use runoff_bench::supervisor::introduce;
use runoff_report::Table;
use runoff_runtime::{Capabilities, DeadlineSupport, MemoryCap};
use runoff_runtimes::{Availability, Registry};
use runoff_workloads::TWINS;
use serde_json::json;

use crate::args::{OutputFormat, Runtimes};
use crate::support::{launch, output};

pub(crate) fn runtimes(args: &Runtimes) -> anyhow::Result<ExitCode> {
    let registry = Registry::new(TWINS);
    let mut table = Table::new(
        "Runtimes",
        &["runtime", "version", "what it is", "saves", "deadline", "memory cap", "threads", "trust"],
    )
    .text_columns(&[1, 2, 3, 4, 5, 7]);
    let mut rows = Vec::new();
    for entry in registry.entries() {
        let id = entry.id().to_string();
        // Asked in a process of its own: an engine that cannot even start must not take us along.
        let known = match entry.availability() {
            Availability::Ready => introduce(&launch::worker(&id)?, Duration::from_secs(20)),
            Availability::Absent { how } => Err(format!("absent: {how}")),
        };
        match known {
            Ok((identity, can)) => {
                table.row(vec![
                    id,
                    identity.version.clone(),
                    entry.summary().into(),
                    if can.save_load { "yes" } else { "no" }.into(),
                    deadline(&can).into(),
                    if can.memory_cap == MemoryCap::Exact { "exact" } else { "process only" }.into(),
                    identity.compile_threads.to_string(),
                    can.trust.to_string(),
                ]);
                if let Some(restriction) = &identity.restriction {
                    table.note(format!("{}: {restriction}", identity.id));
                }
                if args.verbose {
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
                rows.push(json!({ "identity": identity, "capabilities": can, "available": true }));
            }
            Err(reason) => {
                table.row(vec![id.clone(), "–".into(), format!("{} – {reason}", entry.summary())]);
                rows.push(json!({ "id": id, "available": false, "reason": reason }));
            }
        }
    }
    if let OutputFormat::Json = args.format {
        output::json(&json!(rows))?;
    } else {
        output::print(&table.render(output::format(args.format)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn deadline(can: &Capabilities) -> &'static str {
    match can.deadline {
        DeadlineSupport::Epoch => "epochs",
        DeadlineSupport::Fuel => "fuel",
        DeadlineSupport::Terminate => "terminate",
        DeadlineSupport::KillOnly => "kill only",
    }
}
