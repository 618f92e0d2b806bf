//! Lucet as a driver: Runoff's line protocol in front of the ahead-of-time compiler of 2018–2020.
//!
//! Lucet compiles a module to an object file, links it to a shared object with `ld`, and loads that with
//! `dlopen`; imports are symbols of the loading program ([`slots`]). `--conformance N` runs the cases of the
//! seam from number N on instead of serving.

mod code;
mod failure;
mod host;
mod instance;
mod module;
mod regions;
mod runtime;
mod shape;
mod slots;
mod trap;

use std::process::ExitCode;

use runoff_driver::{Availability, Entry, speak};
use runoff_runtimes::Registry;

const ID: &str = "lucet";

fn main() -> ExitCode {
    // Keeps the functions guests call from being dropped by the linker.
    lucet_runtime::lucet_internal_ensure_linked();
    let entry = Entry::new(
        ID,
        "ahead-of-time compiler (Cranelift of 2019) to shared objects",
        Availability::Ready,
        runtime::make,
    );
    let mut args = std::env::args().skip_while(|arg| arg != "--conformance").skip(1);
    let Some(first) = args.next() else { return runoff_driver::main(vec![entry]) };
    match speak(Registry::of(vec![entry]), ID.into(), Some(first.parse().unwrap_or(0))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
