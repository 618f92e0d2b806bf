//! `runoff`: a run-off between WebAssembly runtimes.

mod args;
mod commands;
mod exit;
mod support;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // A reader that went away (`runoff … | head`) ends us quietly instead of with a panic.
    let cli = args::Cli::parse();
    if let Some((width, _)) = terminal_size::terminal_size_of(std::io::stdout()) {
        runoff_report::fit_to(width.0.into());
    }
    match commands::dispatch(cli.command) {
        Ok(code) => code,
        Err(error) => exit::report(&error),
    }
}
