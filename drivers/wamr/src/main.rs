//! A driver for one of WAMR's modes beyond the fast interpreter, which Runoff has in its own process.
//!
//! The mode is that of the library this was linked with (`build.sh`). `--conformance N` runs the cases of the
//! seam from number N on instead of serving jobs.

#[cfg(feature = "aot")]
mod compiler;
#[cfg(any(feature = "aot", feature = "llvm-jit"))]
mod llvm;

use std::process::ExitCode;

use runoff_driver::{Availability, Entry};
use runoff_runtimes::Registry;
use runoff_runtimes::wamr::{Mode, make};

#[cfg(feature = "classic")]
fn mode() -> Mode {
    Mode::Classic
}

#[cfg(feature = "fast-jit")]
fn mode() -> Mode {
    Mode::FastJit
}

#[cfg(feature = "llvm-jit")]
fn mode() -> Mode {
    Mode::LlvmJit { llvm: llvm::version() }
}

#[cfg(feature = "aot")]
fn mode() -> Mode {
    Mode::Aot { llvm: llvm::version(), compiler: compiler::COMPILER }
}

fn main() -> ExitCode {
    let mode = mode();
    let (id, technique) = (mode.id(), mode.technique());
    let entries = vec![Entry::new(id, technique, Availability::Ready, move |options| make(&mode, options))];
    let args: Vec<String> = std::env::args().skip(1).collect();
    let first = match &args[..] {
        [flag, first, ..] if flag == "--conformance" => first.parse::<usize>().ok(),
        _ => return runoff_driver::main(entries),
    };
    let Some(first) = first else {
        eprintln!("--conformance takes the number of the first case");
        return ExitCode::FAILURE;
    };
    match runoff_driver::speak(Registry::of(entries), id.to_owned(), Some(first)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
