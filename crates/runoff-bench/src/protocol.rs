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
//!
//! Drivers speak it too, and may offer sessions besides (`runoff_runtimes::driver`).

use runoff_data::{
    BlockMode, CounterSource, Counters, Cpu, MemorySplit, Missing, Phase, PlannedWorkload, Status,
};
use runoff_runtime::{Capabilities, Identity, ValueType};
use runoff_runtimes::driver::WireValue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use runoff_runtimes::driver::PROTOCOL_VERSION;

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
    /// Arguments and result types of the export, so that a driver need not read types out of the module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<TypedCall>,
    /// Where a driver writes the standard output of a command, so that it can be checked; a driver is told no right
    /// answers. Absent for our own workers, which check for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdout: Option<String>,
    /// What to count, in mode `counters`. Under Valgrind its files have the name of the artifact with the ending
    /// `callgrind` and a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counters: Option<CounterSource>,
}

/// A call of an export with its types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TypedCall {
    /// Arguments.
    pub args: Vec<WireValue>,
    /// Types of the results.
    #[schemars(with = "Vec<String>")]
    pub results: Vec<ValueType>,
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
    /// Time it took to create the engine, nanoseconds; absent where the process is the engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init_ns: Option<f64>,
    /// Cost of reading the clock twice, nanoseconds.
    pub clock_ns: f64,
    /// Whether it also works step by step (`runoff_runtimes::driver`).
    #[serde(default)]
    pub sessions: bool,
    /// Whether it knows the mode `counters`. One that does not is never asked to count.
    #[serde(default)]
    pub counters: bool,
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
    /// What was counted, in mode `counters`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counters: Option<Counters>,
    /// What a driver's guest answered; our own workers send its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
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

/// What a guest answered, each time it was asked: a driver that got different answers says `wrong`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Results of an export.
    Results(Vec<WireValue>),
    /// Exit code of a command; what it wrote is in the file [`Job::stdout`] names.
    Exit(i32),
}
