//! `runoff serve`, `init`, `cache`.

use std::path::PathBuf;
use std::time::Duration;

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
    /// Listen here instead, in numbers; port 0 takes a free one
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
    /// Say of every runtime that is left out why
    #[arg(long)]
    pub(crate) verbose: bool,
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
    after_help = "Exit code 3 when `verify` finds damage.\n\nExamples:\n  runoff cache list\n  runoff cache prune --unused 30d --max-size 1GiB"
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
        /// Whole digests of modules
        #[arg(long)]
        long: bool,
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
        /// Remove what was not used for so long: 30d, 12h
        #[arg(long, value_parser = rest, value_name = "TIME")]
        unused: Option<Duration>,
        /// Remove what was not used longest until the rest is no larger
        #[arg(long, value_parser = units::parse_bytes, value_name = "SIZE")]
        max_size: Option<u64>,
    },
    /// Remove all compiled code; what is known of functions stays
    Clear,
}

/// Reads `30d`, `12h` and whatever else is a duration; a plain number is one of days.
fn rest(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let days = text.strip_suffix('d').unwrap_or(text);
    if let Ok(days) = days.trim_end().parse::<u32>() {
        return Ok(Duration::from_hours(24 * u64::from(days)));
    }
    let seconds = units::parse_seconds(text).map_err(|_| format!("`{text}` is no time; write 30d or 12h"))?;
    Duration::try_from_secs_f64(seconds).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_are_days_or_what_they_say() {
        let day = Duration::from_hours(24);
        assert_eq!([rest("30"), rest("30d"), rest("2 d")], [Ok(30 * day), Ok(30 * day), Ok(2 * day)]);
        assert_eq!(rest("12h"), Ok(day / 2));
        for nonsense in ["", "d", "-1", "1y", "soon"] {
            assert!(rest(nonsense).is_err(), "{nonsense}");
        }
    }
}
