//! `runoff host-build`: compiles one module for a host, within limits, and ends.

use std::io::{Read, Write};
use std::process::ExitCode;

use anyhow::Context;
use nix::sys::resource::{Resource, setrlimit};
use runoff_runtime::{RuntimeError, RuntimeOptions};
use runoff_runtimes::{Registry, on_engine_stack};

use crate::exit::{RUNTIME, coded};

/// Address space of the program itself and of stacks, which are not what is limited.
const OWN: u64 = 1 << 30;

pub(crate) fn host_build(runtime: String, memory: u64, seconds: u64) -> anyhow::Result<ExitCode> {
    // Before a byte of the module is read.
    let memory = memory.saturating_add(OWN);
    setrlimit(Resource::RLIMIT_AS, memory, memory).context("cannot limit memory")?;
    // All threads together: engines compile on several.
    let processors = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    setrlimit(Resource::RLIMIT_CPU, seconds * processors, seconds * processors)
        .context("cannot limit time")?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0).context("cannot limit dumps")?;
    let mut wasm = Vec::new();
    std::io::stdin().read_to_end(&mut wasm).context("cannot read the module")?;
    let artifact = on_engine_stack(move || {
        let registry = Registry::new(&[]);
        let entry =
            registry.get(&runtime).ok_or_else(|| RuntimeError::Unsupported("no such runtime".into()))?;
        entry
            .make(&RuntimeOptions { interruptible: true, ..RuntimeOptions::default() })?
            .compile(&wasm)?
            .save()
    })?;
    let artifact = artifact.map_err(|e| coded(RUNTIME, e.to_string()))?;
    std::io::stdout().write_all(artifact.as_bytes()).context("cannot write the artifact")?;
    Ok(ExitCode::SUCCESS)
}
