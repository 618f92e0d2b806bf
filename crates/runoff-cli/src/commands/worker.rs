//! `runoff worker`: the measuring side of the protocol.

use std::fs::File;
use std::io::{BufReader, stderr, stdin, stdout};
use std::process::ExitCode;

use anyhow::Context;
use nix::unistd::{dup, dup2_stdout};
use runoff_bench::worker::{serve, serve_conformance};
use runoff_runtimes::Registry;
use runoff_workloads::TWINS;

pub(crate) fn worker(runtime: String, conformance_from: Option<usize>) -> anyhow::Result<ExitCode> {
    // Whatever an engine or a guest prints must not end up between our lines.
    let protocol = dup(stdout()).context("cannot keep standard output for the protocol")?;
    dup2_stdout(stderr()).context("cannot send other output to standard error")?;
    let protocol = File::from(protocol);
    match conformance_from {
        Some(first) => serve_conformance(Registry::new(&[]), runtime, first, protocol)?,
        None => serve(Registry::new(TWINS), runtime, BufReader::new(stdin()), protocol)?,
    }
    Ok(ExitCode::SUCCESS)
}
