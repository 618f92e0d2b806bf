//! What is known of a module on this machine, kept between runs for `pick` and `run`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of one module on one machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Profile {
    /// Version of the format.
    pub schema_version: u32,
    /// SHA-256 of the module.
    pub module_sha256: String,
    /// The export called; `None` for a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoke: Option<String>,
    /// Arguments of the export or the command.
    #[serde(default)]
    pub args: Vec<String>,
    /// Key of the machine ([`crate::Machine::key`]).
    pub machine: String,
    /// When it was measured, seconds since 1970 UTC.
    pub measured_unix: u64,
    /// The runtimes measured.
    pub runtimes: Vec<RuntimeProfile>,
}

/// What is known of one runtime running one module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuntimeProfile {
    /// Runtime id.
    pub runtime: String,
    /// Engine version.
    pub version: String,
    /// Median cold time from bytes to an instance, nanoseconds.
    pub startup_ns: f64,
    /// Median cold time from a saved artifact to an instance, nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_startup_ns: Option<f64>,
    /// Median steady call, nanoseconds.
    pub call_ns: f64,
    /// Numbers of calls of the measured curve.
    #[serde(default)]
    pub calls: Vec<u64>,
    /// Median cumulative time of that many calls, start-up not included, nanoseconds.
    #[serde(default)]
    pub cumulative_ns: Vec<f64>,
    /// Median peak resident set, bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_rss: Option<u64>,
    /// Processes measured.
    pub processes: u32,
}
