//! Arguments of what is done with results: `compare`, `report`, `history`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use runoff_data::units;

use super::OutputFormat;

/// `runoff compare`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  runoff compare old.jsonl new.jsonl --fail-above 5%\n  runoff compare main.jsonl a.jsonl b.jsonl --format md >> \"$GITHUB_STEP_SUMMARY\"\n\nExit code 1 when something is certainly worse by more than --fail-above, or is no longer measured."
)]
pub(crate) struct Compare {
    /// The result to compare with
    pub(crate) old: PathBuf,
    /// The results to judge, each against the first
    #[arg(required = true, value_name = "NEW")]
    pub(crate) new: Vec<PathBuf>,
    /// Exit with 1 when something is certainly slower or larger by more than this, or is no longer measured
    #[arg(long, value_parser = units::parse_share, value_name = "SHARE")]
    pub(crate) fail_above: Option<f64>,
    /// Relative difference that counts as none
    #[arg(long, default_value = "1%", value_parser = units::parse_share, value_name = "SHARE")]
    pub(crate) margin: f64,
    /// How the comparison is printed; `md` is a summary fit for a comment on a change
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// One page that needs nothing else
    #[default]
    Html,
    /// Markdown
    Md,
    /// All estimates, one a line
    Csv,
    /// JSON
    Json,
}

/// `runoff report`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  runoff report results.jsonl --out report.html\n  runoff report laptop.jsonl server.jsonl --title \"Two machines\"\n  runoff report results.jsonl --format md --out report.md --plots plots --png"
)]
pub(crate) struct Report {
    /// Result files; those of several machines become one report
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Where it goes; `-` is standard output [default: report.html, or standard output for other formats]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How it is written [default: by the ending of --out, else html]
    #[arg(long, value_enum)]
    pub(crate) format: Option<ReportFormat>,
    /// Title of the report
    #[arg(long, default_value = "A run-off between WebAssembly runtimes")]
    pub(crate) title: String,
    /// Runtime the others are compared with [default: native, else the one that ran most workloads]
    #[arg(long, value_name = "RUNTIME")]
    pub(crate) baseline: Option<String>,
    /// Numbers of calls to name a winner for
    #[arg(long, default_value = "1,50,1000,1e6", value_delimiter = ',', value_parser = units::parse_count)]
    pub(crate) calls: Vec<u64>,
    /// Also write every plot into this folder, as SVG unless --png alone is given
    #[arg(long, value_name = "DIR")]
    pub(crate) plots: Option<PathBuf>,
    /// Plots as SVG
    #[arg(long, requires = "plots")]
    pub(crate) svg: bool,
    /// Plots as PNG, twice their size; needs a build with `--features png` and a font on this machine
    #[arg(long, requires = "plots")]
    pub(crate) png: bool,
}

/// `runoff history`
#[derive(Debug, Subcommand)]
pub(crate) enum History {
    /// Add results to the history; one that is there already is not added again
    Add(HistoryAdd),
    /// List what is in it
    Show(HistoryShow),
    /// See how cells moved, and where they changed their level
    #[command(
        after_help = "A change of level needs three runs after it and about nine before it; a single bad run is none.\nTo judge one new run against one old run, use `runoff compare`.\n\nExamples:\n  runoff history trend --changed\n  runoff history trend --measure call --fail-above 5% --format md\n\nExit code 1 when the latest level of a cell is worse than the one before it by more than --fail-above."
    )]
    Trend(HistoryTrend),
}

/// `runoff history add`
#[derive(Debug, Args)]
pub(crate) struct HistoryAdd {
    /// Result files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What to call them: a commit, a release
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,
    /// The history [default: history.jsonl in Runoff's state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
}

/// `runoff history show`
#[derive(Debug, Args)]
pub(crate) struct HistoryShow {
    /// The history [default: history.jsonl in Runoff's state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}

/// `runoff history trend`
#[derive(Debug, Args)]
pub(crate) struct HistoryTrend {
    /// The history [default: history.jsonl in Runoff's state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// Only this workload
    #[arg(long)]
    pub(crate) workload: Option<String>,
    /// Only this runtime, by id or engine
    #[arg(long)]
    pub(crate) runtime: Option<String>,
    /// Only these measures: `jit`, `aot_execute`, `call`, `process`, `peak_rss`, `code`, `artifact`, `instructions`, `branch_misses`, the last two with `sim_` before them where they were simulated
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) measure: Vec<String>,
    /// Only cells that changed their level
    #[arg(long)]
    pub(crate) changed: bool,
    /// Exit with 1 when the latest level of a cell is worse than the one before it by more than this
    #[arg(long, value_parser = units::parse_share, value_name = "SHARE")]
    pub(crate) fail_above: Option<f64>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}
