//! The command line.

mod asm;
mod counters;
mod report;
mod serve;
mod simulate;
mod study;
mod workloads;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use runoff_data::units;

pub(crate) use asm::{Asm, AsmListing};
pub(crate) use counters::{CountWith, Counting};
pub(crate) use report::{Compare, History, HistoryAdd, HistoryShow, HistoryTrend, Report, ReportFormat};
pub(crate) use serve::{Cache, CacheCommand, Init, Serve};
pub(crate) use simulate::{Known, Simulate};
pub(crate) use study::{
    Shown, Study, StudyAll, StudyArchitecture, StudyCache, StudyCalls, StudyExperiment, StudyHybrid,
};
pub(crate) use workloads::{Workloads, WorkloadsCheck, WorkloadsCommand, WorkloadsList};

/// A run-off between WebAssembly runtimes: measure them on your module, pick one for your pattern of calls, run on it.
#[derive(Debug, Parser)]
#[command(name = "runoff", version, max_term_width = 110, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 ok, also when some runtimes failed (their rows say why); 1 regression beyond --fail-above (`compare`, `history trend`); 2 wrong usage or input; \
3 nothing could be measured or chosen, or the runtime of `run` failed; 4 the runtime of `run` cannot run the module; 124 timed out; 130 interrupted; 134 the guest trapped. `run` passes the guest's own code on.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure runtimes on modules, phase by phase
    Bench(Box<Bench>),
    /// Choose a runtime for a number of calls
    Pick(Box<Pick>),
    /// Run a module once
    Run(Box<Run>),
    /// Serve functions over HTTP, each on the runtime that suits it now
    Serve(Serve),
    /// Write a commented configuration for `serve`
    Init(Init),
    /// List, check and remove the compiled code `serve` keeps
    Cache(Cache),
    /// Compare result files with a first one, cell by cell
    Compare(Compare),
    /// Make a page of results: summary, tables, plots; or Markdown, CSV, JSON, and every plot as a file
    Report(Report),
    /// Keep results over time, and see where a cell changed its level
    #[command(subcommand)]
    History(History),
    /// Show a result file again
    Show(Show),
    /// Replay traces of calls in virtual time and compare ways of choosing a runtime
    Simulate(Simulate),
    /// List the runtimes: what is there, what it can do, how to get what is missing
    Runtimes(Runtimes),
    /// Check whether this machine can measure, and how well
    Doctor(Doctor),
    /// Check programs that bring a runtime of their own
    #[command(subcommand)]
    Driver(Driver),
    /// List, describe, check and export the workloads that come with Runoff
    Workloads(Workloads),
    /// Compare the machine code that runtimes make of a function
    Asm(Asm),
    /// Do an experiment of the source documents again
    #[command(subcommand)]
    Study(Study),
    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Answer the questions of `study calls` over a pipe (started by Runoff itself)
    #[command(hide = true)]
    StudyPeer,
    /// Make a call that `study architecture` follows (started by Runoff itself)
    #[command(hide = true)]
    StudyTrace {
        /// Runtime id
        #[arg(long)]
        runtime: String,
        /// Workload
        #[arg(long)]
        workload: String,
        /// Arguments of the workload
        #[arg(last = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Compile a module for `serve` (started by Runoff itself)
    #[command(hide = true)]
    HostBuild {
        /// Runtime id
        #[arg(long)]
        runtime: String,
        /// Most memory, bytes
        #[arg(long)]
        memory: u64,
        /// Longest time of one processor, seconds
        #[arg(long)]
        seconds: u64,
    },
    /// Run functions for `serve` on one runtime (started by Runoff itself)
    #[command(hide = true)]
    HostWorker {
        /// Runtime id
        #[arg(long)]
        runtime: String,
        /// Most memory, bytes
        #[arg(long)]
        memory: u64,
    },
    /// Serve one measuring job (started by Runoff itself)
    #[command(hide = true)]
    Worker {
        /// Runtime id
        #[arg(long)]
        runtime: String,
        /// Run conformance cases instead, from this one on
        #[arg(long, value_name = "N")]
        conformance_from: Option<usize>,
        /// A driver's command, as JSON, instead of a declared runtime
        #[arg(long, value_name = "JSON")]
        driver: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Driver {
    /// Put a driver through the protocol's checks and the conformance cases
    #[command(
        after_help = "Examples:\n  runoff driver check node/v8\n  runoff driver check -- python3 my_driver.py\n\nExit code 3 when a check fails."
    )]
    Check(DriverCheck),
}

#[derive(Debug, Args)]
pub(crate) struct DriverCheck {
    /// Id of a declared driver, or its command with arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "ID|CMD ARGS")]
    pub(crate) command: Vec<String>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// How output is written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Aligned tables
    #[default]
    Table,
    /// JSON
    Json,
    /// Comma-separated values
    Csv,
    /// Markdown
    Md,
}

/// What is run, shared by `bench` and `pick`.
#[derive(Debug, Args)]
pub(crate) struct Subject {
    /// Bundled workloads, modules (.wasm, .wat), manifests (.toml) or folders of them [default: all bundled]
    #[arg(value_name = "MODULE|WORKLOAD|DIR")]
    pub(crate) what: Vec<String>,
    /// Runtimes by id or engine, separated by commas; `all` that are measured phase by phase, `commands` that are
    /// timed as whole processes
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub(crate) runtimes: String,
    /// Call this export, with its arguments; without it a module runs as WASI command
    #[arg(long, num_args = 1.., value_names = ["EXPORT", "ARG"], allow_negative_numbers = true)]
    pub(crate) invoke: Option<Vec<String>>,
    /// Argument of the WASI command (repeat)
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) arg: Vec<String>,
    /// File used as standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin: Option<PathBuf>,
    /// Directory the guest may use (repeat)
    #[arg(long, value_name = "HOST[::GUEST]")]
    pub(crate) dir: Vec<String>,
    /// Environment variable of the guest (repeat)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) env: Vec<String>,
    /// Size of bundled workloads that come in several: ci, small, medium, large
    #[arg(long)]
    pub(crate) size: Option<String>,
    /// Most calls on the measured curve
    #[arg(long, default_value = "1000", value_parser = units::parse_count, value_name = "N")]
    pub(crate) max_calls: u64,
    /// Time budget of the whole run, once every runtime was measured
    #[arg(long, default_value = "60s", value_parser = units::parse_seconds, value_name = "BUDGET")]
    pub(crate) time: f64,
    /// Stop earlier when all intervals are this narrow
    #[arg(long, default_value = "1%", value_parser = units::parse_share, value_name = "SHARE")]
    pub(crate) precision: f64,
    /// Most rounds; every round starts each runtime afresh on each workload
    #[arg(long, default_value_t = 40, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// Kill a worker after this long
    #[arg(long, default_value = "120s", value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) block_timeout: f64,
    /// Kill a worker that uses more memory
    #[arg(long, default_value = "4GiB", value_parser = units::parse_bytes, value_name = "SIZE")]
    pub(crate) block_memory: u64,
    /// Seed of the order of blocks [default: from the clock; recorded in the result]
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// A quick look: 15 s, ten rounds, shorter blocks
    #[arg(long)]
    pub(crate) quick: bool,
}

/// `runoff bench`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  runoff bench\n  runoff bench app.wasm --arg 10 --dir data::/data\n  runoff bench lib.wasm --invoke run 10 --runtimes wasmtime,wasmi\n  runoff bench fibo --size large --process --published\n  runoff bench nbody --counters sim"
)]
pub(crate) struct Bench {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Numbers of calls to name a winner for
    #[arg(long, default_value = "1,50,1000,1e6", value_delimiter = ',', value_parser = units::parse_count)]
    pub(crate) calls: Vec<u64>,
    /// Also time whole processes of `runoff run`
    #[arg(long)]
    pub(crate) process: bool,
    /// Show published figures beside ours
    #[arg(long)]
    pub(crate) published: bool,
    #[command(flatten)]
    pub(crate) counting: Counting,
    /// Where results go [default: a new file in Runoff's state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Go on with an interrupted run, with the plan in its file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "Subject", "Counting", "process"])]
    pub(crate) resume: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// `runoff pick`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  runoff pick app.wasm --calls 1,50,1e6\n  runoff pick app.wasm --from results.jsonl --cached --need deadline --max-rss 64MiB"
)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of a command line")]
pub(crate) struct Pick {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Numbers of calls to choose for
    #[arg(long, default_value = "1,50,1e6", value_delimiter = ',', value_parser = units::parse_count)]
    pub(crate) calls: Vec<u64>,
    /// Choose from a result file instead of measuring; modules and --runtimes then choose what of it counts
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "invoke", "arg", "stdin", "dir", "env", "size", "max_calls", "time", "precision", "rounds",
        "block_timeout", "block_memory", "seed", "quick",
    ])]
    pub(crate) from: Option<PathBuf>,
    /// Compiled code is kept: start-up is loading, where a runtime can load
    #[arg(long)]
    pub(crate) cached: bool,
    /// Largest peak resident memory
    #[arg(long, value_parser = units::parse_bytes, value_name = "SIZE")]
    pub(crate) max_rss: Option<u64>,
    /// Largest saved artifact
    #[arg(long, value_parser = units::parse_bytes, value_name = "SIZE")]
    pub(crate) max_artifact: Option<u64>,
    /// What the runtime must be able to do: `deadline`, `memory-cap`, `save`, `shared-module`, or proposals such as
    /// `simd`
    #[arg(long, value_delimiter = ',')]
    pub(crate) need: Vec<String>,
    /// Guests are not trusted: only runtimes that may run them in the host's process
    #[arg(long)]
    pub(crate) untrusted: bool,
    /// For production: leave out runtimes whose licence restricts that
    #[arg(long)]
    pub(crate) production: bool,
    /// Relative difference that counts as none
    #[arg(long, default_value = "1%", value_parser = units::parse_share, value_name = "SHARE")]
    pub(crate) margin: f64,
    /// Include native twins
    #[arg(long)]
    pub(crate) native: bool,
    /// Show the arithmetic
    #[arg(long)]
    pub(crate) explain: bool,
    /// How the decision is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// `runoff run`
#[derive(Debug, Args)]
#[command(
    after_help = "The guest's standard output, standard error and exit code are passed on. A trap exits 134, a timeout 124."
)]
pub(crate) struct Run {
    /// Runtime by id or engine [default: the best known for one such call, else wasmtime/cranelift]
    #[arg(long)]
    pub(crate) runtime: Option<String>,
    /// Call this export and print its results, one per line
    #[arg(long, value_name = "EXPORT")]
    pub(crate) invoke: Option<String>,
    /// Directory the guest may use (repeat)
    #[arg(long, value_name = "HOST[::GUEST]")]
    pub(crate) dir: Vec<String>,
    /// Environment variable of the guest (repeat)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) env: Vec<String>,
    /// File used as standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin: Option<PathBuf>,
    /// Size of a bundled workload that comes in several: ci, small, medium, large
    #[arg(long)]
    pub(crate) size: Option<String>,
    /// Stop the guest after this long
    #[arg(long, value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) timeout: Option<f64>,
    /// Largest linear memory
    #[arg(long, value_parser = units::parse_bytes, value_name = "SIZE")]
    pub(crate) max_memory: Option<u64>,
    /// Module (.wasm, .wat), manifest (.toml) or bundled workload
    pub(crate) module: String,
    /// Arguments of the command or export
    #[arg(last = true, allow_hyphen_values = true)]
    pub(crate) args: Vec<String>,
}

/// `runoff show`
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Result file
    pub(crate) file: PathBuf,
    /// Numbers of calls to name a winner for
    #[arg(long, default_value = "1,50,1000,1e6", value_delimiter = ',', value_parser = units::parse_count)]
    pub(crate) calls: Vec<u64>,
    /// Show published figures beside ours
    #[arg(long)]
    pub(crate) published: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// `runoff runtimes`
#[derive(Debug, Args)]
pub(crate) struct Runtimes {
    /// Show flags, features and proposals as well
    #[arg(long)]
    pub(crate) verbose: bool,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// `runoff doctor`
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Measure identical things twice and see how often they are told apart
    #[arg(long, conflicts_with_all = ["seam", "conformance"])]
    pub(crate) noise: bool,
    /// Measure what the seam costs: ns per call of each engine's own typed call and of ours
    #[arg(long, conflicts_with = "conformance")]
    pub(crate) seam: bool,
    /// Run the conformance cases on every runtime, in worker processes
    #[arg(long)]
    pub(crate) conformance: bool,
    /// Runtimes to check, by id or engine, separated by commas, or `all`
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub(crate) runtimes: String,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}
