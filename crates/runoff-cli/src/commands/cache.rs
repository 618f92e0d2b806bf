//! `runoff cache`.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use runoff_data::units;
use runoff_host::store::{Finding, Pruned, clear, prune, verify};
use serde_json::{Value, json};

use crate::args::{Cache, CacheCommand, OutputFormat};
use crate::exit::{RUNTIME, USAGE, coded};
use crate::support::{home, output};

pub(crate) fn cache(args: &Cache) -> anyhow::Result<ExitCode> {
    let folder = match &args.store {
        Some(folder) => folder.clone(),
        None => home::home()?.join("host"),
    };
    if args.store.is_some() && !folder.is_dir() {
        return Err(coded(USAGE, format!("there is no store at {}", folder.display())));
    }
    match &args.what {
        CacheCommand::List { format, long } => show(&verify(&folder)?, *format, *long)?,
        CacheCommand::Verify { format } => {
            let findings = verify(&folder)?;
            show(&findings, *format, false)?;
            if findings.iter().any(|f| f.problem.is_some()) {
                return Ok(ExitCode::from(RUNTIME));
            }
        }
        CacheCommand::Prune { unused, max_size } => {
            let damaged = verify(&folder)?.iter().filter(|f| f.problem.is_some()).count() as u64;
            said(prune(&folder, *unused, *max_size)?, damaged)?;
        }
        CacheCommand::Clear => said(clear(&folder)?, 0)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// `damaged` of what was removed went to quarantine.
fn said(pruned: Pruned, damaged: u64) -> anyhow::Result<()> {
    let Pruned { removed, freed, left } = pruned;
    let artifacts = |n: u64| if n == 1 { "1 artifact".to_owned() } else { format!("{n} artifacts") };
    let aside = match damaged.min(removed) {
        0 => String::new(),
        n => format!(" ({n} of them damaged, now in quarantine)"),
    };
    Ok(output::print(&format!(
        "removed {}{aside}, {}; {} left\n",
        artifacts(removed),
        units::bytes(freed),
        units::bytes(left)
    ))?)
}

fn age(used: SystemTime) -> String {
    units::time(used.elapsed().unwrap_or_default().as_nanos() as f64)
}

fn show(findings: &[Finding], format: OutputFormat, long: bool) -> anyhow::Result<()> {
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
        let digest = &f.artifact.module;
        let module = digest.get(..if long { digest.len() } else { 12 }).filter(|d| !d.is_empty());
        let module = module.unwrap_or("?");
        let state = f.problem.as_deref().unwrap_or("ok");
        let size = units::bytes(f.artifact.bytes);
        let ago = format!("{} ago", age(f.artifact.used));
        table.row(vec![runtime.to_owned(), module.to_owned(), size, ago, state.to_owned()]);
    }
    Ok(output::print(&table.render(output::format(format)))?)
}
