//! Exit codes, documented in `runoff --help`.

use std::io::{self, Write};
use std::process::ExitCode;

/// A comparison found a regression beyond `--fail-above`.
pub(crate) const REGRESSION: u8 = 1;
/// The command line, a file or a module is not right.
pub(crate) const USAGE: u8 = 2;
/// A runtime failed, or nothing could be measured.
pub(crate) const RUNTIME: u8 = 3;
/// `runoff run`: the runtime cannot run this module.
pub(crate) const UNSUPPORTED: u8 = 4;
/// `runoff run`: the guest's time was up.
pub(crate) const TIMEOUT: u8 = 124;
/// Interrupted by the user.
pub(crate) const INTERRUPTED: u8 = 130;
/// `runoff run`: the guest trapped.
pub(crate) const TRAP: u8 = 134;

/// An error that chooses its own exit code.
#[derive(Debug)]
pub(crate) struct Coded {
    pub(crate) code: u8,
    pub(crate) message: String,
}

impl std::fmt::Display for Coded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Coded {}

/// An error with an exit code.
pub(crate) fn coded(code: u8, message: impl Into<String>) -> anyhow::Error {
    Coded { code, message: message.into() }.into()
}

/// The error and its causes; a cause the error already quotes is not said twice.
fn words(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |text, cause| {
        if text.is_empty() {
            cause
        } else if text.contains(&cause) {
            text
        } else {
            format!("{text}: {cause}")
        }
    })
}

/// Says what happened on standard error and chooses the exit code.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let closed = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    if error.chain().filter_map(|e| e.downcast_ref::<io::Error>()).any(closed) {
        return ExitCode::SUCCESS;
    }
    // Nothing is left to do when standard error is gone as well.
    let _ = writeln!(io::stderr(), "runoff: {}", words(error));
    ExitCode::from(error.downcast_ref::<Coded>().map_or(USAGE, |c| c.code))
}
