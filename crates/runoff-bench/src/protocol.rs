//! The line protocol between Runoff and a worker: one JSON object per line.
//!
//! ```text
//! worker → hello      who it is, what it can do
//! Runoff → prepare    what to measure
//! worker → phase      "now entering compile": where it was when it died
//! worker → sample     times of a phase
//! worker → call       one point of the curve T(1..n)
//! worker → outcome    how it ended, and everything that is not a time
//! worker → bye
//! ```

use runoff_data::{BlockMode, Cpu, MemorySplit, Missing, Phase, PlannedWorkload, Status};
use runoff_runtime::{Capabilities, Identity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the protocol. A worker of another version is refused.
pub const PROTOCOL_VERSION: u32 = 1;

/// Longest line accepted from a worker, bytes.
pub const MAX_LINE: usize = 1 << 20;

/// What a worker is asked to measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// What to do.
    pub mode: BlockMode,
    /// File with the module's bytes (binary format).
    pub module: String,
    /// Entry, arguments, input, right answer.
    pub workload: PlannedWorkload,
    /// The right answer for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_text: Option<String>,
    /// Where to save the artifact, or load it from.
    pub artifact: String,
    /// Most calls on the curve.
    pub calls: u64,
    /// Time to spend on repeated samples, milliseconds.
    pub block_ms: u64,
}

/// A line to a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "msg", rename_all = "snake_case")]
pub enum ToWorker {
    /// Measure this.
    Prepare(Box<Job>),
}

/// A line from a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "msg", rename_all = "snake_case")]
pub enum FromWorker {
    /// First line.
    Hello(Box<Hello>),
    /// A phase begins.
    Phase {
        /// Which.
        phase: Phase,
    },
    /// Times of a phase.
    Sample(Sample),
    /// One point of the curve.
    Call {
        /// Number of calls so far.
        n: u64,
        /// Their time together, nanoseconds.
        cumulative_ns: f64,
    },
    /// How it ended.
    Outcome(Box<Outcome>),
    /// Last line.
    Bye,
}

/// First line of a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hello {
    /// Protocol version it speaks.
    pub protocol: u32,
    /// Who the runtime is.
    #[schemars(with = "serde_json::Value")]
    pub identity: Identity,
    /// What it can do.
    #[schemars(with = "serde_json::Value")]
    pub capabilities: Capabilities,
    /// Time it took to create the engine, nanoseconds.
    pub init_ns: f64,
    /// Cost of reading the clock twice, nanoseconds.
    pub clock_ns: f64,
}

/// Times of a phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sample {
    /// Which phase.
    pub phase: Phase,
    /// Whether this is the first time in the process.
    pub cold: bool,
    /// Wall times, nanoseconds per execution.
    pub ns: Vec<f64>,
    /// Executions each time averages over.
    pub batch: u64,
    /// Processor time, of a cold one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Cpu>,
}

/// How a worker's block ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Status.
    #[serde(flatten)]
    pub status: Status,
    /// Time before the first call, nanoseconds.
    #[serde(default)]
    pub startup_ns: f64,
    /// Memory.
    #[serde(default)]
    pub memory: MemorySplit,
    /// Size of the artifact, bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_bytes: Option<u64>,
    /// Most threads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u64>,
    /// Digest of the output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Start of the output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_text: Option<String>,
    /// What is absent, and why.
    #[serde(default)]
    pub missing: Vec<Missing>,
}
