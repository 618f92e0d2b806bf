//! What one worker process measured.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Counters, Phase};

/// Processor time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cpu {
    /// User time over all threads, nanoseconds.
    pub user_ns: f64,
    /// System time over all threads, nanoseconds.
    pub system_ns: f64,
}

/// Samples of one phase in one process.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PhaseSamples {
    /// Wall time of the first time this phase ran in its process, nanoseconds: engine and caches cold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold_ns: Option<f64>,
    /// Wall times of the later ones, nanoseconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warm_ns: Vec<f64>,
    /// Processor time of the cold one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold_cpu: Option<Cpu>,
    /// Executions one warm sample averages over (1 unless the phase is too short for the clock).
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub batch: u64,
}

fn one() -> u64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_one(n: &u64) -> bool {
    *n <= 1
}

/// Cumulative time of calls, measured, not extrapolated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Curve {
    /// Time before the first call on this path (validate + compile + instantiate, or load + instantiate), ns.
    pub startup_ns: f64,
    /// Numbers of calls, rising.
    pub calls: Vec<u64>,
    /// Time of that many calls in a row on a fresh instance, nanoseconds, start-up not included.
    pub cumulative_ns: Vec<f64>,
}

/// Where a process's memory went, bytes. A missing part is explained in [`Samples::missing`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemorySplit {
    /// Resident set before the engine was created: the worker itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_rss: Option<u64>,
    /// Largest resident set of the process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_rss: Option<u64>,
    /// Proportional set size at the end of the first life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pss: Option<u64>,
    /// Generated code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u64>,
    /// Linear memory of the guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linear: Option<u64>,
    /// Address space reserved beyond the floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<u64>,
}

/// A whole process as its parent saw it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProcessCost {
    /// From spawn to exit, nanoseconds.
    pub wall_ns: f64,
    /// Processor time.
    pub cpu: Cpu,
    /// Largest resident set, bytes; absent where it was no larger than that of Runoff itself, which the kernel counts in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_rss: Option<u64>,
}

/// A measure that is absent, and why. Absent is never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// Which measure or phase.
    pub what: String,
    /// Why.
    pub why: String,
}

/// Everything one worker process measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Samples {
    /// Phases.
    #[schemars(extend("propertyNames" = serde_json::json!({ "enum": Phase::ALL })))]
    pub phases: BTreeMap<Phase, PhaseSamples>,
    /// The measured curve T(1..n).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<Curve>,
    /// Memory.
    #[serde(default)]
    pub memory: MemorySplit,
    /// Size of the saved artifact, bytes, envelope included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_bytes: Option<u64>,
    /// Most threads the process had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u64>,
    /// Cost of reading the clock twice, nanoseconds (reported, subtracted from nothing).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ns: Option<f64>,
    /// The whole process, for process blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<ProcessCost>,
    /// Events counted, for counter blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counters: Option<Counters>,
    /// Digest of the verified output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Start of the output as text, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_text: Option<String>,
    /// Measures that are absent, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
}
