//! `runoff worker`: the measuring side of the protocol.

use std::fs::File;
use std::io::{BufReader, stderr, stdin, stdout};
use std::process::ExitCode;

use anyhow::Context;
use nix::unistd::{dup, dup2_stdout};
use runoff_runtimes::Registry;
use runoff_workloads::TWINS;

pub(crate) fn worker(runtime: String) -> anyhow::Result<ExitCode> {
    // Whatever an engine or a guest prints must not end up between our lines.
    let protocol = dup(stdout()).context("cannot keep standard output for the protocol")?;
    dup2_stdout(stderr()).context("cannot send other output to standard error")?;
    runoff_bench::worker::serve(
        Registry::new(TWINS),
        runtime,
        BufReader::new(stdin()),
        File::from(protocol),
    )?;
    Ok(ExitCode::SUCCESS)
}
