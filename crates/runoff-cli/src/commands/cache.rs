//! `runoff cache`.

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use runoff_data::units;
use runoff_host::store::{Finding, Pruned, clear, prune, verify};
use serde_json::{Value, json};

use crate::args::{Cache, CacheCommand, OutputFormat};
use crate::exit::RUNTIME;
use crate::support::{home, output};

pub(crate) fn cache(args: &Cache) -> anyhow::Result<ExitCode> {
    let folder = match &args.store {
        Some(folder) => folder.clone(),
        None => home::home()?.join("host"),
    };
    match &args.what {
        CacheCommand::List { format } => show(&verify(&folder)?, *format)?,
        CacheCommand::Verify { format } => {
            let findings = verify(&folder)?;
            show(&findings, *format)?;
            if findings.iter().any(|f| f.problem.is_some()) {
                return Ok(ExitCode::from(RUNTIME));
            }
        }
        CacheCommand::Prune { unused, max_size } => {
            let age = unused.map(|days| Duration::from_hours(24 * u64::from(days)));
            said(prune(&folder, age, *max_size)?)?;
        }
        CacheCommand::Clear => said(clear(&folder)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn said(pruned: Pruned) -> anyhow::Result<()> {
    let Pruned { removed, freed, left } = pruned;
    Ok(output::print(&format!(
        "removed {removed} artifacts, {}; {} left\n",
        units::bytes(freed),
        units::bytes(left)
    ))?)
}

fn age(used: SystemTime) -> String {
    units::time(used.elapsed().unwrap_or_default().as_nanos() as f64)
}

fn show(findings: &[Finding], format: OutputFormat) -> anyhow::Result<()> {
    if matches!(format, OutputFormat::Json) {
        let one = |f: &Finding| {
            let used = f.artifact.used.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            let a = &f.artifact;
            json!({
                "path": a.path, "key": a.key, "module_sha256": a.module, "bytes": a.bytes, "used_unix": used,
                "problem": f.problem,
            })
        };
        return Ok(output::json(&Value::Array(findings.iter().map(one).collect()))?);
    }
    let mut table =
        runoff_report::Table::new("Compiled code", &["runtime", "module", "size", "last used", "state"]);
    for f in findings {
        let runtime = f.artifact.key.split(' ').next().filter(|k| !k.is_empty()).unwrap_or("?");
        let module = f.artifact.module.get(..12).unwrap_or("?");
        let state = f.problem.as_deref().unwrap_or("ok");
        let size = units::bytes(f.artifact.bytes);
        let ago = format!("{} ago", age(f.artifact.used));
        table.row(vec![runtime.to_owned(), module.to_owned(), size, ago, state.to_owned()]);
    }
    Ok(output::print(&table.render(output::format(format)))?)
}
