//! `runoff workloads`: what there is to measure.

mod check;
mod export;
mod list;

use std::process::ExitCode;

use crate::args::{Workloads, WorkloadsCommand};

pub(crate) fn workloads(args: Workloads) -> anyhow::Result<ExitCode> {
    match args.what {
        None => list::list(&args.list),
        Some(WorkloadsCommand::List(args)) => list::list(&args),
        Some(WorkloadsCommand::Show { name, format }) => list::show(&name, format),
        Some(WorkloadsCommand::Check(args)) => check::check(&args),
        Some(WorkloadsCommand::Export { names, to }) => export::export(&names, &to),
    }
}
