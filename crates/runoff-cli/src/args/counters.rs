//! What counts events, for `bench` and `study`.

use clap::{Args, ValueEnum};
use runoff_data::units;

/// How events are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CountWith {
    /// The processor's counters where they can be read; a study simulates where it needs counts and they cannot
    #[default]
    Auto,
    /// The processor's counters; what it does not count is absent, with the reason
    Hw,
    /// A simulated processor (Valgrind), one more process per cell after the rounds
    Sim,
    /// Nothing
    Off,
}

/// Counting.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Counting {
    /// Count instructions, branches and cache misses of repeated calls
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(crate) counters: CountWith,
    /// Kill a counting worker after this long: under Valgrind code runs 50 to 100 times as long
    #[arg(long, default_value = "120s", value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) counter_timeout: f64,
    /// Begin no counting worker under Valgrind later than this after the first [default: no limit; of a study its own]
    #[arg(long, value_parser = units::parse_seconds, value_name = "TIME")]
    pub(crate) counter_budget: Option<f64>,
}
