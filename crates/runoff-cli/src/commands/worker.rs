//! `runoff worker`: the measuring side of the protocol.

use std::process::ExitCode;

use runoff_runtimes::Registry;
use runoff_workloads::TWINS;

pub(crate) fn worker(runtime: String, conformance_from: Option<usize>) -> anyhow::Result<ExitCode> {
    let registry = if conformance_from.is_some() { Registry::new(&[]) } else { Registry::new(TWINS) };
    runoff_driver::speak(registry, runtime, conformance_from)?;
    Ok(ExitCode::SUCCESS)
}
