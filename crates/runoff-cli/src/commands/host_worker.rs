//! `runoff host-worker`: runs functions for a host on one runtime, within limits, as long as the host is there.

use std::process::ExitCode;

use anyhow::Context;
use nix::sys::resource::{Resource, setrlimit};
use runoff_host::workers::serve;
use runoff_runtimes::Reach;

use crate::exit::{USAGE, coded};
use crate::support::registry::registry;

/// Memory of the program itself and of stacks, which is not what is limited.
const OWN: u64 = 1 << 30;

pub(crate) fn host_worker(runtime: String, memory: u64) -> anyhow::Result<ExitCode> {
    let registry = registry(&[])?;
    let entry = registry.get(&runtime);
    let entry = entry.ok_or_else(|| coded(USAGE, format!("there is no runtime {runtime}")))?;
    let memory = memory.saturating_add(OWN);
    // JavaScript engines reserve far more addresses than they use; of them, what is written to counts.
    let what = match entry.reach() {
        Reach::Driver(_) => Resource::RLIMIT_DATA,
        _ => Resource::RLIMIT_AS,
    };
    setrlimit(what, memory, memory).context("cannot limit memory")?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0).context("cannot limit dumps")?;
    serve(move || registry, runtime).context("the worker cannot run")?;
    Ok(ExitCode::SUCCESS)
}
