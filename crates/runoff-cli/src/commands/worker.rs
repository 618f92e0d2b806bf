//! `runoff worker`: the measuring side of the protocol.

use std::process::ExitCode;

use runoff_runtimes::{Availability, Entry, Registry};
use runoff_workloads::TWINS;

use crate::support::registry::registry;

pub(crate) fn worker(
    runtime: String,
    conformance_from: Option<usize>,
    driver: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let registry = match driver {
        Some(command) => {
            let command = serde_json::from_str(command)?;
            let entry = Entry::driver(runtime.clone(), String::new(), Availability::Ready, command);
            Registry::of(vec![entry])
        }
        // Measuring must not pay for looking around for what is not linked.
        None if conformance_from.is_none() => Registry::new(&TWINS),
        None => registry(&[])?,
    };
    runoff_driver::speak(registry, runtime, conformance_from)?;
    Ok(ExitCode::SUCCESS)
}
