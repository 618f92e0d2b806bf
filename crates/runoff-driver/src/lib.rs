//! The kit for drivers written in Rust: an adapter of the seam becomes a program that speaks the driver protocol.
//!
//! ```no_run
//! use runoff_driver::{Availability, Entry};
//!
//! # fn make(_: &runoff_runtime::RuntimeOptions)
//! #     -> Result<Box<dyn runoff_runtime::Runtime>, runoff_runtime::RuntimeError> { unimplemented!() }
//! fn main() -> std::process::ExitCode {
//!     runoff_driver::main(vec![Entry::new("myengine/jit", "what it is", Availability::Ready, make)])
//! }
//! ```

use std::fs::File;
use std::io::{self, BufReader, Write, stderr, stdin, stdout};
use std::process::ExitCode;

use nix::unistd::{dup, dup2_stdout};
use runoff_bench::worker::{serve, serve_conformance};
use runoff_runtimes::Registry;
pub use runoff_runtimes::{Availability, Entry};

/// Serves the runtime that the argument `--runtime ID` names, else the first, over the standard streams.
pub fn main(entries: Vec<Entry>) -> ExitCode {
    let mut args = std::env::args().skip(1);
    let mut id = entries.first().map(|e| e.id().to_string()).unwrap_or_default();
    while let Some(arg) = args.next() {
        if arg == "--runtime" {
            id = args.next().unwrap_or_default();
        }
    }
    match speak(Registry::of(entries), id, None) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Serves a runtime of a registry over the standard streams, or runs the conformance cases from a number on.
///
/// Whatever an engine or a guest prints must not end up between our lines: it goes to standard error.
pub fn speak(registry: Registry, id: String, conformance_from: Option<usize>) -> io::Result<()> {
    let protocol = dup(stdout())?;
    dup2_stdout(stderr())?;
    let protocol = File::from(protocol);
    match conformance_from {
        Some(first) => serve_conformance(registry, id, first, protocol),
        None => serve(registry, id, BufReader::new(stdin()), protocol),
    }
}
