//! `runoff workloads`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use runoff_data::units;

use super::OutputFormat;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Workloads {
    #[command(subcommand)]
    pub(crate) what: Option<WorkloadsCommand>,
    #[command(flatten)]
    pub(crate) list: WorkloadsList,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkloadsCommand {
    /// List them (what happens without a word, too)
    List(WorkloadsList),
    /// Describe one: what it does, its sizes, arguments and right answers
    Show {
        /// Its name, or a module or manifest of your own
        name: String,
        /// How it is printed
        #[arg(long, value_enum, default_value_t)]
        format: OutputFormat,
    },
    /// See whether runtimes give the right answers; nothing is timed
    #[command(
        after_help = "Examples:\n  runoff workloads check --all\n  runoff workloads check polybench --runtimes wasmi,wasm3 --size small\n  runoff workloads check ./my-suite\n\nExit code 3 when an answer is wrong or a runtime fails; what a runtime does not support is no failure."
    )]
    Check(WorkloadsCheck),
    /// Write modules with their manifests into a folder, for `runoff bench DIR` or other tools
    Export {
        /// Names or sets
        #[arg(required = true)]
        names: Vec<String>,
        /// Folder to write to; made when it is not there
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct WorkloadsList {
    /// Only these sets
    #[arg(value_name = "SET")]
    pub(crate) sets: Vec<String>,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct WorkloadsCheck {
    /// Names, sets, modules, manifests or folders
    #[arg(value_name = "WORKLOAD|SET|MODULE|DIR")]
    pub(crate) names: Vec<String>,
    /// Everything that comes with Runoff, at the usual optimisation level
    #[arg(long, conflicts_with = "names")]
    pub(crate) all: bool,
    /// Runtimes, by id or engine; command lines are not checked
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub(crate) runtimes: String,
    /// Size of workloads that come in sizes
    #[arg(long, default_value = "ci")]
    pub(crate) size: String,
    /// Cells checked at once; as many as there are processors when not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,
    /// Longest time for one cell
    #[arg(long, default_value = "120s", value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) timeout: f64,
    /// Most memory for one cell
    #[arg(long, default_value = "4GiB", value_parser = units::parse_bytes, value_name = "SIZE")]
    pub(crate) memory: u64,
    /// How findings are printed; `json` and `csv` have every cell
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}
