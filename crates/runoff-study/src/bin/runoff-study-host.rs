//! What `runoff study calls --debug-host` starts: the study's host alone, to be built for debugging.
//!
//! `studies/debug-host.sh` builds it.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    match runoff_study::calls::answer(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
