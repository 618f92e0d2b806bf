//! One file per subcommand.

mod bench;
mod compare;
mod completions;
mod conformance;
mod doctor;
mod pick;
mod run;
mod runtimes;
mod seam;
mod show;
mod worker;

use std::process::ExitCode;

use crate::args::Command;

/// Runs a subcommand.
pub(crate) fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Bench(args) => bench::bench(*args),
        Command::Pick(args) => pick::pick(&args),
        Command::Run(args) => run::run(*args),
        Command::Compare(args) => compare::compare(&args),
        Command::Show(args) => show::show(&args),
        Command::Runtimes(args) => runtimes::runtimes(&args),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Completions { shell } => completions::completions(shell),
        Command::Worker { runtime, conformance_from } => worker::worker(runtime, conformance_from),
    }
}
