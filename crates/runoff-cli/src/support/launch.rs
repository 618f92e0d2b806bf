//! How our own binary is started again.

use std::path::Path;

use anyhow::Context;
use runoff_bench::supervisor::Launch;
use runoff_workloads::Workload;

fn program() -> anyhow::Result<std::path::PathBuf> {
    std::env::current_exe().context("cannot find Runoff's own binary to start workers with")
}

/// A worker for a runtime.
pub(crate) fn worker(runtime: &str) -> anyhow::Result<Launch> {
    let args = ["worker", "--runtime", runtime].map(ToOwned::to_owned);
    Ok(Launch { program: program()?, args: args.into() })
}

/// A whole process: what a user would type to run the workload once.
pub(crate) fn whole(runtime: &str, workload: &Workload, module: &Path) -> anyhow::Result<Launch> {
    let spec = &workload.spec;
    let mut args: Vec<String> = vec!["run".into(), "--runtime".into(), runtime.into()];
    if let Some(export) = &spec.invoke {
        args.extend(["--invoke".into(), export.clone()]);
    }
    for (host, guest) in &spec.dirs {
        args.extend(["--dir".into(), format!("{host}::{guest}")]);
    }
    for (key, value) in &spec.env {
        args.extend(["--env".into(), format!("{key}={value}")]);
    }
    if let Some(file) = &spec.stdin {
        args.extend(["--stdin".into(), file.clone()]);
    }
    args.extend([module.display().to_string(), "--".into()]);
    args.extend(spec.args.iter().cloned());
    Ok(Launch { program: program()?, args })
}
