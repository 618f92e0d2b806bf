//! `runoff study`

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};
use runoff_data::units;

use super::{Counting, OutputFormat};

#[derive(Debug, Subcommand)]
pub(crate) enum Study {
    /// Every study there is, one after the other, and one HTML page of what they found
    #[command(after_help = ALL)]
    All(StudyAll),
    /// What a call across the boundary costs: every kind of call, every runtime, and what else one could use
    #[command(after_help = CALLS)]
    Calls(StudyCalls),
    /// What that makes of a program that calls often: a web cache, natively and by every kind of call
    #[command(after_help = CACHE)]
    Cache(StudyCache),
    /// A host that chooses a runtime for each call against hosts with one: once, fifty times, mixed (source 004)
    #[command(after_help = HYBRID)]
    Hybrid(StudyHybrid),
    /// What compiled code asks of a processor: cache misses by cache size, mispredicted jumps by predictor (source 004)
    #[command(after_help = ARCHITECTURE)]
    Architecture(StudyArchitecture),
    /// Wasmer against Wasmtime on Fibonacci numbers, as whole processes (source 000)
    #[command(after_help = EXPERIMENT)]
    Fibonacci(StudyExperiment),
    /// Every phase of a module's life, compiled at once and ahead of time (source 001)
    #[command(after_help = EXPERIMENT)]
    Phases(StudyExperiment),
    /// Slowdown, back-ends, optimisation levels and memory on numeric kernels and many programs (source 003)
    #[command(after_help = EXPERIMENT)]
    Characterise(StudyExperiment),
    /// One cold call against fifty, matrices of growing size, edge applications (source 004)
    #[command(after_help = EXPERIMENT)]
    Edge(StudyExperiment),
    /// An experiment of your own, as TOML: runs, figures, published values, claims
    #[command(after_help = EXPERIMENT)]
    File {
        /// The experiment; docs/FORMAT.md describes it
        file: PathBuf,
        #[command(flatten)]
        args: StudyExperiment,
    },
}

const ALL: &str = "Examples:\n  runoff study all --quick\n  runoff study all --out results --skip cache\n  runoff study all --from results --report page.html\n\n\
Each study has a folder of its own in the folder of results; with --out an interrupted run goes on where it was.\n\
A study that fails is a chapter that says why.";

#[derive(Debug, Args)]
pub(crate) struct StudyAll {
    /// A quick look: fewer and smaller workloads, less time; under half an hour
    #[arg(long)]
    pub(crate) quick: bool,
    /// No limit of time: until every interval is narrow or all rounds are made
    #[arg(long, conflicts_with = "quick")]
    pub(crate) full: bool,
    /// Only these studies
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) only: Vec<String>,
    /// Without these studies
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) skip: Vec<String>,
    /// Folder for the results; what is there already is not measured again [default: a new one in Runoff's state folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Measure nothing: make the page of the results in this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "quick", "full"])]
    pub(crate) from: Option<PathBuf>,
    /// The page [default: report.html in the folder of results]
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Title of the page
    #[arg(long, default_value = "The sources' experiments, done again")]
    pub(crate) title: String,
    /// How the summary and the verdicts are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

const EXPERIMENT: &str = "Every run of an experiment is a result file in its folder. With --out an interrupted experiment goes on where it \
was; with --from its tables are shown again without measuring.\n\n\
Claims are judged by a rule that is shown: a ratio of medians with its 95 % interval against a limit.";

/// What experiments that are data share.
#[derive(Debug, Args)]
pub(crate) struct StudyExperiment {
    /// A quick look: fewer and smaller workloads, less time
    #[arg(long)]
    pub(crate) quick: bool,
    /// No limit of time, unless `--time` sets one: until every interval is narrow or all rounds are made
    #[arg(long, conflicts_with = "quick")]
    pub(crate) full: bool,
    /// Runtimes by id or engine, separated by commas, or `all` [default: those of the experiment]
    #[arg(long, value_name = "LIST")]
    pub(crate) runtimes: Option<String>,
    /// Size of workloads that come in several [default: that of the experiment]
    #[arg(long)]
    pub(crate) size: Option<String>,
    /// Most rounds [default: those of the experiment]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: Option<u32>,
    /// Time budget of each run, once every runtime was measured [default: that of the experiment]
    #[arg(long, value_parser = units::parse_seconds, value_name = "BUDGET")]
    pub(crate) time: Option<f64>,
    /// Stop earlier when all intervals are this narrow
    #[arg(long, default_value = "1%", value_parser = units::parse_share, value_name = "SHARE")]
    pub(crate) precision: f64,
    /// Kill a worker after this long
    #[arg(long, default_value = "300s", value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) block_timeout: f64,
    /// Kill a worker that uses more memory
    #[arg(long, default_value = "4GiB", value_parser = units::parse_bytes, value_name = "SIZE")]
    pub(crate) block_memory: u64,
    #[command(flatten)]
    pub(crate) counting: Counting,
    /// Seed of the order of blocks [default: from the clock; recorded in the results]
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Folder for the results; what is there already is not measured again [default: a new one in Runoff's state folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Measure nothing: show the results in this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "quick", "full", "runtimes", "size", "rounds", "time", "seed"])]
    pub(crate) from: Option<PathBuf>,
    /// Write an HTML page of it as well
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// How figures and claims are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

const CALLS: &str = "Examples:\n  runoff study calls --quick\n  runoff study calls --runtimes wasmtime,wasmi --runs 100 --format json\n\n\
Extism and the component model are measured in the same run by a program of their own: `just rivals` builds it.\n\
A host built for debugging is measured after that: `just debug-host` builds it.";

const CACHE: &str = "Examples:\n  runoff study cache --quick\n  runoff study cache --trace requests.gz --sizes 4MiB,64MiB --format csv\n  runoff study cache --runtimes wasmtime,wasmer --budget 30m --plots plots";

const HYBRID: &str = "Examples:\n  runoff study hybrid --quick\n  runoff study hybrid --runtimes wasmtime/cranelift,wasmtime/winch,wasmi/lazy --repetitions 20 --format json";

#[derive(Debug, Args)]
#[group(skip)]
#[command(group = measuring(&["runtimes", "size", "repetitions", "seed", "quick"]))]
pub(crate) struct StudyHybrid {
    /// Runtimes, each alone and all to choose from; what is absent is said and left out [default: Wasmtime's and Wasmer's
    /// compilers, an interpreter, and, unless `--quick`, Lucet and WAVM]
    #[arg(long, value_name = "LIST")]
    pub(crate) runtimes: Option<String>,
    /// Size of the applications [default: small; of a quick look, ci]
    #[arg(long)]
    pub(crate) size: Option<String>,
    /// Repetitions of every cell, interleaved
    #[arg(long, default_value_t = 6, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repetitions: u32,
    /// Seed of order and trace
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// A quick look: small inputs, two sizes of matrices
    #[arg(long)]
    pub(crate) quick: bool,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

const ARCHITECTURE: &str = "Examples:\n  runoff study architecture --quick\n  runoff study architecture --runtimes wasmtime,wasmi/eager --workloads apps/json --instructions 5e6 --plots plots\n\n\
Every call runs in a process of its own that is followed one instruction at a time (ptrace), between its marks where it has \
some; what it executes feeds simulated caches and predictors, so the figures are the same on every machine but for addresses. Linux on x86-64 only.";

/// `runoff study architecture`
#[derive(Debug, Args)]
#[group(skip)]
#[command(group = measuring(&["quick", "runtimes", "workloads", "instructions", "ways"]))]
pub(crate) struct StudyArchitecture {
    /// A quick look: small sizes, three runtimes unless others are named, fewer instructions
    #[arg(long)]
    pub(crate) quick: bool,
    /// Runtimes by id or engine, separated by commas, or `all` that are linked into this program [default: compilers and
    /// native code]
    #[arg(long, value_name = "LIST")]
    pub(crate) runtimes: Option<String>,
    /// Workloads by name, `NAME@SIZE` for those that come in sizes [default: those of the source, and one with more code]
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) workloads: Vec<String>,
    /// Most instructions of a call; a virtual machine executes some ten thousand a second, a real one many more
    /// [default: 5e5; of a quick look, 1e5]
    #[arg(long, value_parser = units::parse_count, value_name = "N")]
    pub(crate) instructions: Option<u64>,
    /// Lines in each set of the caches
    #[arg(long, default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=128))]
    pub(crate) ways: u32,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

#[derive(Debug, Args)]
#[group(skip)]
#[command(group = measuring(&["runtimes", "runs", "calls", "batch", "quick", "seed", "rivals", "debug_host"]))]
pub(crate) struct StudyCalls {
    /// Runtimes by id or engine, separated by commas, or `all` that are linked into this program [default: all; for
    /// `--quick`, one compiler and one interpreter]
    #[arg(long, value_name = "LIST")]
    pub(crate) runtimes: Option<String>,
    /// Rounds: each times every cell once, in shuffled order [default: 20; of a quick look, 7]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) runs: Option<u32>,
    /// Most calls in a row
    #[arg(long, default_value = "100000", value_parser = units::parse_count, value_name = "N")]
    pub(crate) calls: u64,
    /// How long calls of one kind are made in a row [default: 5ms; of a quick look, 2ms]
    #[arg(long, value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) batch: Option<f64>,
    /// A quick look: seven rounds of short batches, two runtimes unless others are named
    #[arg(long)]
    pub(crate) quick: bool,
    /// Seed of the order
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The program that times Extism and the component model [default: `runoff-rivals`, where it was built]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) rivals: Option<PathBuf>,
    /// The program that does the same as a host built for debugging [default: `runoff-study-host`, where it was built]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) debug_host: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

#[derive(Debug, Args)]
#[group(skip)]
#[command(group = measuring(&["runtimes", "policies", "sizes", "repetitions", "budget", "trace", "requests", "seed", "cpu_time", "quick"]))]
pub(crate) struct StudyCache {
    /// Runtimes by id or engine, separated by commas, or `all` that are linked into this program [default: all; for
    /// `--quick`, one compiler and one interpreter]
    #[arg(long, value_name = "LIST")]
    pub(crate) runtimes: Option<String>,
    /// Policies: fifo, lru, lfu, lfu-aging, gds, gdsf, size
    #[arg(long, default_value = "fifo,lru,lfu,gds", value_delimiter = ',', value_name = "LIST")]
    pub(crate) policies: Vec<String>,
    /// Cache sizes [default: 4MiB to 8GiB, doubling]
    #[arg(long, value_delimiter = ',', value_parser = units::parse_bytes, value_name = "LIST")]
    pub(crate) sizes: Vec<u64>,
    /// Repetitions of every cell, interleaved [default: 10; of a quick look, 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repetitions: Option<u32>,
    /// Begin no repetition that would end later than this; the first is always made
    #[arg(long, value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) budget: Option<f64>,
    /// Recorded requests instead of generated ones: lines of `id size`, packed with gzip or not
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Requests to generate, within a tenth, for three documents per hundred
    #[arg(long, default_value = "1e6", value_parser = units::parse_count, value_name = "N", conflicts_with = "trace")]
    pub(crate) requests: u64,
    /// Seed of requests and order
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Time by the processor's clock instead of the wall's, for a machine that has other work to do
    #[arg(long)]
    pub(crate) cpu_time: bool,
    /// A quick look: 4 MiB, two runtimes unless others are named, three repetitions
    #[arg(long)]
    pub(crate) quick: bool,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

/// What says how to measure, and so nothing where nothing is measured.
fn measuring(args: &[&'static str]) -> ArgGroup {
    ArgGroup::new("measuring").multiple(true).args(args)
}

/// How what was found is kept and shown, for studies that are no experiments.
#[derive(Clone, Debug, Args)]
pub(crate) struct Shown {
    /// File for the results [default: a new one in Runoff's state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Measure nothing: show the results in this file, or in this folder of `study all`
    #[arg(long, value_name = "PATH", conflicts_with_all = ["out", "measuring"])]
    pub(crate) from: Option<PathBuf>,
    /// Write an HTML page of it as well
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Folder for the plots as SVG
    #[arg(long, value_name = "DIR")]
    pub(crate) plots: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// A command without arguments: what `clap` fills in when a user types none.
fn bare<T: Args>() -> T {
    #[derive(Parser)]
    struct Bare<T: Args> {
        #[command(flatten)]
        args: T,
    }
    Bare::parse_from(["runoff"]).args
}

impl Default for StudyExperiment {
    fn default() -> Self {
        bare()
    }
}

impl Default for StudyCalls {
    fn default() -> Self {
        bare()
    }
}

impl Default for StudyCache {
    fn default() -> Self {
        bare()
    }
}

impl Default for StudyHybrid {
    fn default() -> Self {
        bare()
    }
}

impl Default for StudyArchitecture {
    fn default() -> Self {
        bare()
    }
}
