//! `runoff asm`

use clap::{Args, ValueEnum};

use super::OutputFormat;

/// Where the instructions of the runtimes are printed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum AsmListing {
    /// Beside each other; below each other in a terminal that is too narrow
    #[default]
    Side,
    /// Below each other
    Below,
    /// Not at all
    None,
}

/// `runoff asm`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  runoff asm c/matmul-17 --func matmul_unoptimised --runtimes wasmtime/cranelift,wasmer,native\n  runoff asm app.wasm --runtimes wasmtime --listing none\n  runoff asm app.wasm --wasm --format csv\n\nWhat is counted, and how it is recognised: --measures, and docs/ASM.md."
)]
pub(crate) struct Asm {
    /// Module (.wasm, .wat), manifest (.toml) or bundled workload
    #[arg(required_unless_present = "measures")]
    pub(crate) module: Option<String>,
    /// Function by index, export or name; a part of a name does when it fits only one [default: the likely heaviest]
    #[arg(long, value_name = "F")]
    pub(crate) func: Option<String>,
    /// Function of the native twin, or a part of its name, when none is called as in the module
    #[arg(long, value_name = "NAME")]
    pub(crate) twin: Option<String>,
    /// Runtimes by id or engine, separated by commas; the first one is what others are compared with
    #[arg(long, default_value = "all", value_name = "LIST")]
    pub(crate) runtimes: String,
    /// The instructions themselves, in tables and Markdown
    #[arg(long, value_enum, default_value_t)]
    pub(crate) listing: AsmListing,
    /// Show the bytes of instructions as well
    #[arg(long)]
    pub(crate) bytes: bool,
    /// Compile nothing: every function of the module as it is, the likely heaviest first
    #[arg(long, conflicts_with_all = ["func", "runtimes", "listing", "bytes"])]
    pub(crate) wasm: bool,
    /// Say what is counted and how it is recognised
    #[arg(long, conflicts_with_all = ["wasm", "func"])]
    pub(crate) measures: bool,
    /// How counts and instructions are printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutputFormat,
}
