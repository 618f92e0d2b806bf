//! `runoff simulate`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use runoff_data::units;

use super::OutputFormat;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  runoff simulate --quick\n  runoff simulate --from results.jsonl --know suite --noise 0.8\n  runoff simulate --trace calls.csv\n\nA recorded trace has a line `function,at_s,size_bytes,work_ms` per call; `function@module` names a module of the table."
)]
pub(crate) struct Simulate {
    /// Costs from a result of `runoff bench` or a saved table [default: the table that comes with Runoff]
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Write the table of costs and go on
    #[arg(long, value_name = "FILE")]
    pub(crate) save_table: Option<PathBuf>,
    /// Runtimes by id or engine, separated by commas, or `all` [default: of the bundled table those that are linked]
    #[arg(long, value_name = "LIST")]
    pub(crate) runtimes: Option<String>,
    /// Recorded calls instead of generated ones
    #[arg(long, value_name = "FILE", conflicts_with_all = ["traces", "max_calls", "noise"])]
    pub(crate) trace: Option<PathBuf>,
    /// Traces: half from Azure's distributions, a fifth from Huawei's, the rest made to hurt [default: 12000]
    #[arg(long, value_name = "N", value_parser = units::parse_count)]
    pub(crate) traces: Option<u64>,
    /// Most calls of a generated trace [default: 2000]
    #[arg(long, value_name = "N", value_parser = units::parse_count)]
    pub(crate) max_calls: Option<u64>,
    /// Spread of a call's work that its size does not explain (standard deviation of the logarithm)
    #[arg(long, default_value_t = 0.0, value_name = "SIGMA", value_parser = spread)]
    pub(crate) noise: f64,
    /// Make a tenth of the traces herds that arrive while something is built, which no policy can foresee
    #[arg(long, conflicts_with = "trace")]
    pub(crate) build_herds: bool,
    /// What our policy knows of a function when it is deployed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) know: Known,
    /// Calls may run twice: a better tier may race a slow one
    #[arg(long)]
    pub(crate) idempotent: bool,
    /// Seed: the same one gives the same figures
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// A quick look: 1500 traces of at most 500 calls
    #[arg(long)]
    pub(crate) quick: bool,
    /// How the comparison is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// What is known of a function beforehand.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Known {
    /// Its module was measured
    #[default]
    All,
    /// Its module was measured, and it will be called as often as in earlier lives
    Calls,
    /// Nothing but what the other modules of the table say
    Suite,
}

fn spread(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(n) if (0.0..=3.0).contains(&n) => Ok(n),
        _ => Err(format!("`{text}` is not a spread; write a number from 0 to 3")),
    }
}
