//! `runoff worker`: the measuring side of the protocol.

use std::process::ExitCode;

use runoff_workloads::TWINS;

use crate::support::registry::registry;

pub(crate) fn worker(runtime: String, conformance_from: Option<usize>) -> anyhow::Result<ExitCode> {
    let registry = registry(if conformance_from.is_some() { &[] } else { TWINS })?;
    runoff_driver::speak(registry, runtime, conformance_from)?;
    Ok(ExitCode::SUCCESS)
}
