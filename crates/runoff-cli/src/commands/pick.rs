//! `runoff pick`.

use std::process::ExitCode;

use runoff_data::ResultReader;
use runoff_pick::{Constraints, decide};
use runoff_report::{pick_json, pick_text};
use serde_json::Value;

use crate::args::{OutputFormat, Pick};
use crate::exit::{self, USAGE, coded};
use crate::support::{measure, output, subject};

pub(crate) fn pick(args: &Pick) -> anyhow::Result<ExitCode> {
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
    let known = runoff_runtime::Feature::ALL.map(runoff_runtime::Feature::name);
    if let Some(unknown) = args.need.iter().find(|n| *n != "deadline" && !known.contains(&n.as_str())) {
        return Err(coded(
            USAGE,
            format!("no capability `{unknown}`; there are deadline, {}", known.join(", ")),
        ));
    }
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
    let mut all = serde_json::Map::new();
    for name in &names {
        let mut candidates = runoff_analysis::candidates(&result, name, args.cached);
        candidates.retain(|c| args.native || c.runtime != "native");
        let decision = decide(&candidates, &args.calls, &constraints, args.margin);
        if let OutputFormat::Json = args.format {
            all.insert((*name).to_owned(), pick_json(&decision));
        } else {
            let heading = if names.len() > 1 { format!("{name}\n\n") } else { String::new() };
            output::print(
                &(heading + &pick_text(&decision, &candidates, args.explain, output::format(args.format))),
            )?;
        }
    }
    if let OutputFormat::Json = args.format {
        output::json(&Value::Object(all))?;
    }
    Ok(if interrupted { ExitCode::from(exit::INTERRUPTED) } else { ExitCode::SUCCESS })
}

/// Whether a workload of a result is among those named (by name, path or file name).
fn asked(what: &[String], name: &str) -> bool {
    what.is_empty()
        || what.iter().any(|w| {
            let file = std::path::Path::new(w).file_name().is_some_and(|f| f.to_string_lossy() == name);
            w == name || file || name.split('@').next() == Some(w)
        })
}
