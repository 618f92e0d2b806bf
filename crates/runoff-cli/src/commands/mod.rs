//! One file per subcommand.

mod asm;
mod bench;
mod cache;
mod compare;
mod completions;
mod conformance;
mod doctor;
mod driver;
mod history;
mod host_build;
mod host_worker;
mod pick;
mod report;
mod run;
mod runtimes;
mod seam;
mod serve;
mod show;
mod simulate;
mod study;
mod worker;
mod workloads;

use std::process::ExitCode;

use crate::args::{Command, Driver};

/// Runs a subcommand.
pub(crate) fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Bench(args) => bench::bench(*args),
        Command::Pick(args) => pick::pick(&args),
        Command::Run(args) => run::run(*args),
        Command::Serve(args) => serve::serve(&args),
        Command::Init(args) => serve::init(&args),
        Command::Cache(args) => cache::cache(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Report(args) => report::report(&args),
        Command::History(args) => history::history(&args),
        Command::Show(args) => show::show(&args),
        Command::Simulate(args) => simulate::simulate(&args),
        Command::Runtimes(args) => runtimes::runtimes(&args),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Workloads(args) => workloads::workloads(args),
        Command::Driver(Driver::Check(args)) => driver::check(&args),
        Command::Asm(args) => asm::asm(&args),
        Command::Study(args) => study::study(args),
        Command::StudyTrace { runtime, workload, args } => study::trace(runtime, &workload, args),
        Command::StudyPeer => study::peer(),
        Command::Completions { shell } => completions::completions(shell),
        Command::HostBuild { runtime, memory, seconds } => host_build::host_build(runtime, memory, seconds),
        Command::HostWorker { runtime, memory } => host_worker::host_worker(runtime, memory),
        Command::Worker { runtime, conformance_from, driver } => {
            worker::worker(runtime, conformance_from, driver.as_deref())
        }
    }
}
