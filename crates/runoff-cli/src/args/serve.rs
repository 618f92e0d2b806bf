//! `runoff serve`, `init`, `cache`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use runoff_data::units;

use super::OutputFormat;

/// `runoff serve`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  runoff init && runoff serve\n  runoff serve ./functions\n  runoff serve runoff.toml --listen 127.0.0.1:0\n\nSIGHUP, or a change of a file, reads the configuration again; SIGTERM and Ctrl-C let requests end. docs/HOSTING.md has everything."
)]
pub(crate) struct Serve {
    /// Configuration, or a folder of modules (NAME.wasm answers /NAME)
    #[arg(default_value = "runoff.toml", value_name = "FILE|DIR")]
    pub(crate) source: PathBuf,
    /// Listen here instead; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Metrics and admin API here instead
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) admin: Option<String>,
    /// Folder of compiled code and profiles instead
    #[arg(long, value_name = "DIR", conflicts_with = "no_store")]
    pub(crate) store: Option<PathBuf>,
    /// Keep nothing
    #[arg(long)]
    pub(crate) no_store: bool,
    /// Only read and check the configuration
    #[arg(long)]
    pub(crate) check: bool,
}

/// `runoff init`
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// File to write; one that is there stays
    #[arg(default_value = "runoff.toml", value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// `runoff cache`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 3 when `verify` finds damage.\n\nExamples:\n  runoff cache list\n  runoff cache prune --unused 30 --max-size 1GiB"
)]
pub(crate) struct Cache {
    #[command(subcommand)]
    pub(crate) what: CacheCommand,
    /// Folder of the store [default: `host` in Runoff's state folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// List compiled code
    List {
        /// How the list is printed
        #[arg(long, value_enum, default_value_t)]
        format: OutputFormat,
    },
    /// Check that all compiled code is what this store wrote
    Verify {
        /// How findings are printed
        #[arg(long, value_enum, default_value_t)]
        format: OutputFormat,
    },
    /// Remove what is damaged, too old or too much
    Prune {
        /// Remove what was not used for so many days
        #[arg(long, value_name = "DAYS")]
        unused: Option<u32>,
        /// Remove what was not used longest until the rest is no larger
        #[arg(long, value_parser = units::parse_bytes, value_name = "SIZE")]
        max_size: Option<u64>,
    },
    /// Remove all compiled code; what is known of functions stays
    Clear,
}
