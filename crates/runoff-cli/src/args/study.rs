//! `runoff study`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use runoff_data::units;

use super::OutputFormat;

#[derive(Debug, Subcommand)]
pub(crate) enum Study {
    /// What a call across the boundary costs: every kind of call, every runtime, and what else one could use
    #[command(after_help = CALLS)]
    Calls(StudyCalls),
    /// What that makes of a program that calls often: a web cache, natively and by every kind of call
    #[command(after_help = CACHE)]
    Cache(StudyCache),
}

const CALLS: &str = "Examples:\n  runoff study calls --quick\n  runoff study calls --runtimes wasmtime,wasmi --runs 100 --format json\n\n\
Extism and the component model are measured in the same run by a program of their own: `just rivals` builds it.";

const CACHE: &str = "Examples:\n  runoff study cache --quick\n  runoff study cache --trace requests.gz --sizes 4MiB,64MiB --format csv";

#[derive(Debug, Args)]
pub(crate) struct StudyCalls {
    /// Runtimes by id or engine, separated by commas, or `all` that are linked into this program
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub(crate) runtimes: String,
    /// Rounds: each times every cell once, in shuffled order
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) runs: u32,
    /// Most calls in a row
    #[arg(long, default_value = "100000", value_parser = units::parse_count, value_name = "N")]
    pub(crate) calls: u64,
    /// How long calls of one kind are made in a row
    #[arg(long, default_value = "5ms", value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) batch: f64,
    /// A quick look: seven rounds of short batches, two runtimes unless others are named
    #[arg(long)]
    pub(crate) quick: bool,
    /// Seed of the order
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The program that times Extism and the component model [default: `runoff-rivals`, where it was built]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) rivals: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(crate) struct StudyCache {
    /// Runtimes by id or engine, separated by commas, or `all` that are linked into this program
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub(crate) runtimes: String,
    /// Policies: fifo, lru, lfu, lfu-aging, gds, gdsf, size
    #[arg(long, default_value = "fifo,lru,lfu,gds", value_delimiter = ',', value_name = "LIST")]
    pub(crate) policies: Vec<String>,
    /// Cache sizes [default: 4MiB to 8GiB, doubling]
    #[arg(long, value_delimiter = ',', value_parser = units::parse_bytes, value_name = "LIST")]
    pub(crate) sizes: Vec<u64>,
    /// Repetitions of every cell, interleaved
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repetitions: u32,
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
    /// Folder for plots as SVG: hit rate by size, time by configuration, slowdown
    #[arg(long, value_name = "DIR")]
    pub(crate) plots: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}
