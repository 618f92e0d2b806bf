//! `runoff host-worker`: runs functions for a host on one runtime, within limits, as long as the host is there.

use std::process::ExitCode;

use anyhow::Context;
use nix::sys::resource::{Resource, setrlimit};
use runoff_host::workers::serve;

use crate::exit::{USAGE, coded};
use crate::support::registry::registry;

/// Memory of the program itself and of stacks, which is not what is limited.
const OWN: u64 = 1 << 30;

pub(crate) fn host_worker(runtime: String, memory: u64) -> anyhow::Result<ExitCode> {
    let registry = registry(&[])?;
    if registry.get(&runtime).is_none() {
        return Err(coded(USAGE, format!("there is no runtime {runtime}")));
    }
    let memory = memory.saturating_add(OWN);
    // Many engines reserve far more addresses than they use: what may be written to counts.
    setrlimit(Resource::RLIMIT_DATA, memory, memory).context("cannot limit memory")?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0).context("cannot limit dumps")?;
    serve(move || registry, runtime).context("the worker cannot run")?;
    Ok(ExitCode::SUCCESS)
}
