//! WAVM, compiled by LLVM 13, behind Runoff's driver protocol.
//!
//! `--conformance N` runs the conformance cases from number N on instead of serving.

mod ffi;
mod host;
mod instance;
mod listing;
mod machine;
mod module;
mod runtime;
#[allow(dead_code, reason = "shared with the adapters of the tool, which need more of it")]
#[path = "../../../crates/runoff-runtimes/src/support.rs"]
mod support;

use std::process::ExitCode;

use runoff_driver::{Availability, Entry};
use runoff_runtimes::Registry;

const ID: &str = "wavm";

fn main() -> ExitCode {
    let entries =
        vec![Entry::new(ID, "optimising compiler of 2019 on LLVM 13", Availability::Ready, runtime::make)];
    let mut args = std::env::args().skip_while(|arg| arg != "--conformance").skip(1);
    let Some(first) = args.next() else {
        return runoff_driver::main(entries);
    };
    let Ok(first) = first.parse() else {
        eprintln!("--conformance takes the number of a case");
        return ExitCode::FAILURE;
    };
    match runoff_driver::speak(Registry::of(entries), ID.to_owned(), Some(first)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
