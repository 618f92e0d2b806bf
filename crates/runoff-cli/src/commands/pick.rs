//! `runoff pick`.

use std::process::ExitCode;

use runoff_data::ResultReader;
use runoff_pick::{Ability, Constraints, decide};
use runoff_report::{Format, pick_json, pick_text, picks_long};
use runoff_workloads::TWINS;
use serde_json::Value;

use crate::args::{OutputFormat, Pick};
use crate::exit::{self, USAGE, coded};
use crate::support::registry::registry;
use crate::support::{measure, output, subject};

pub(crate) fn pick(args: &Pick) -> anyhow::Result<ExitCode> {
    subject::check_runtimes(&registry(&TWINS)?, &args.subject.runtimes)?;
    let abilities = Ability::ALL.map(Ability::name);
    let proposals = runoff_runtime::Feature::ALL.map(runoff_runtime::Feature::name);
    let known: Vec<&str> = abilities.into_iter().chain(proposals).collect();
    if let Some(unknown) = args.need.iter().find(|n| !known.contains(&n.as_str())) {
        return Err(coded(USAGE, format!("no capability `{unknown}`; there are {}", known.join(", "))));
    }
    let (result, interrupted) = match &args.from {
        Some(path) => (ResultReader::open(path)?, false),
        None if args.subject.what.is_empty() => {
            return Err(coded(USAGE, "name a module to pick a runtime for, or a result with --from FILE"));
        }
        None => {
            let workloads = subject::workloads(&args.subject)?;
            let header = measure::header(&args.subject, &workloads, false)?;
            let measured = measure::measure(&header, &workloads, None)?;
            (measured.result, measured.interrupted)
        }
    };
    let constraints = Constraints {
        max_rss: args.max_rss,
        max_artifact: args.max_artifact,
        need: args.need.clone(),
        untrusted: args.untrusted,
        production: args.production,
    };
    let names: Vec<&str> = result
        .header
        .plan
        .workloads
        .iter()
        .map(|w| w.name.as_str())
        .filter(|n| args.from.is_none() || asked(&args.subject.what, n))
        .collect();
    if names.is_empty() {
        return Err(coded(USAGE, "the result holds none of the workloads asked for"));
    }
    let decisions: Vec<_> = names
        .iter()
        .map(|name| {
            let mut candidates = runoff_analysis::candidates(&result, name, args.cached);
            candidates.retain(|c| args.native || c.runtime != "native");
            candidates.retain(|c| subject::chosen(&args.subject.runtimes, &c.runtime));
            (*name, decide(&candidates, &args.calls, &constraints, args.margin), candidates)
        })
        .collect();
    match args.format {
        OutputFormat::Json => {
            let all = decisions.iter().map(|(name, d, _)| ((*name).to_owned(), pick_json(d))).collect();
            output::json(&Value::Object(all))?;
        }
        OutputFormat::Csv => {
            let table = picks_long(decisions.iter().map(|(name, decision, _)| (*name, decision)));
            output::print(&table.render(Format::Csv))?;
        }
        OutputFormat::Table | OutputFormat::Md => {
            for (name, decision, candidates) in &decisions {
                let heading = if names.len() > 1 { format!("{name}\n\n") } else { String::new() };
                let text = pick_text(decision, candidates, args.explain, output::format(args.format));
                output::print(&(heading + text.as_str()))?;
            }
        }
    }
    if interrupted {
        return Ok(ExitCode::from(exit::INTERRUPTED));
    }
    // A script must see that there is nothing to go by; the reasons are printed above.
    let left = decisions.iter().any(|(_, decision, _)| decision.first.is_some());
    Ok(if left { ExitCode::SUCCESS } else { ExitCode::from(exit::RUNTIME) })
}

/// Whether a workload of a result is among those named (by name, path or file name).
fn asked(what: &[String], name: &str) -> bool {
    what.is_empty()
        || what.iter().any(|w| {
            let file = std::path::Path::new(w).file_name().is_some_and(|f| f.to_string_lossy() == name);
            w == name || file || name.split('@').next() == Some(w)
        })
}
