//! Records of a result file, one per line.

use std::collections::BTreeMap;

use runoff_runtime::{Capabilities, Identity, RuntimeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CounterPlan, Machine, Samples};

/// One line of a result file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// First line: what is going to be measured, where.
    Header(Header),
    /// A finished block.
    Block(Block),
    /// Last line of a run; absent after a crash. A resumed run adds another one.
    End(End),
}

/// First line of a result file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// Version of the format.
    pub schema_version: u32,
    /// Version of Runoff.
    pub runoff_version: String,
    /// When it began, seconds since 1970 UTC.
    pub created_unix: u64,
    /// Whether this build is optimised; results of others are worthless for comparisons.
    pub optimised_build: bool,
    /// The machine.
    pub machine: Machine,
    /// What is measured.
    pub plan: Plan,
}

/// What is measured, in enough detail to go on after an interruption.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Seed of the order of blocks.
    pub seed: u64,
    /// Runtimes in the order asked for.
    pub runtimes: Vec<PlannedRuntime>,
    /// Workloads in the order asked for.
    pub workloads: Vec<PlannedWorkload>,
    /// Whether whole processes are timed too.
    pub whole_process: bool,
    /// Largest number of rounds.
    pub max_rounds: u32,
    /// Time budget of the run, seconds; `None` = until precise.
    pub budget_s: Option<f64>,
    /// Wanted relative half-width of intervals (0.02 = 2 %).
    pub precision: f64,
    /// Most calls on the measured curve.
    pub calls: u64,
    /// Time one worker spends on its samples, milliseconds.
    pub block_ms: u64,
    /// Time after which a worker is killed, seconds.
    pub block_timeout_s: f64,
    /// Resident memory above which a worker is killed, bytes.
    pub max_memory_bytes: u64,
    /// What is counted besides; nothing when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counters: Option<CounterPlan>,
}

/// A runtime of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedRuntime {
    /// Its id.
    #[schemars(with = "String")]
    pub id: RuntimeId,
    /// Its identity, from the engine.
    #[schemars(with = "serde_json::Value")]
    pub identity: Identity,
    /// Its capabilities.
    #[schemars(with = "serde_json::Value")]
    pub capabilities: Capabilities,
    /// Whether it is a command line that can only be timed as a whole process.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub process_only: bool,
    /// Whether a program of its own drives it instead of Runoff's worker: its start and its memory are those of that
    /// program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub driver: bool,
}

/// A workload of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedWorkload {
    /// Its name, unique in the plan.
    pub name: String,
    /// Module file; absent for bundled ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Name of the bundled module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundled: Option<String>,
    /// SHA-256 of the module's bytes.
    pub sha256: String,
    /// Length of the module in bytes.
    pub bytes: u64,
    /// Export to call; `None` for a WASI command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoke: Option<String>,
    /// Arguments: of the export, or of the command without program name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// File used as standard input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<String>,
    /// Preopened directories, host → guest path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dirs: Vec<(String, String)>,
    /// Environment of the guest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Files copied into a fresh folder for every run, which is the guest's `.`: host path → path in the folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<(String, String)>,
    /// Digest of the right output, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Fraction by which numbers in the output may differ from the right ones; exact when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
}

impl PlannedWorkload {
    /// What is called, for people: `run 10`, `command --fast`.
    pub fn call_text(&self) -> String {
        let entry = self.invoke.as_deref().unwrap_or("command");
        std::iter::once(entry).chain(self.args.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    }
}

/// What a worker process did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockMode {
    /// Compile, instantiate, call; and save where supported.
    Jit,
    /// Load, instantiate, call, in a process that never compiled.
    Aot,
    /// One run from process start to exit, timed by the parent.
    Process,
    /// Compile, instantiate, and count events while calling; nothing of it is a time.
    Counters,
}

/// How a block ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Measured and verified.
    Ok,
    /// The runtime cannot do this.
    Unsupported {
        /// Why.
        reason: String,
    },
    /// It gave another answer than expected.
    Wrong {
        /// First difference.
        reason: String,
    },
    /// The guest trapped, or the engine refused.
    Failed {
        /// Why.
        reason: String,
    },
    /// The process died.
    Crashed {
        /// Signal or exit code, and the last words on stderr.
        reason: String,
    },
    /// It was killed when its time was up.
    TimedOut {
        /// After what.
        reason: String,
    },
    /// It was killed when it used too much memory.
    OutOfMemory {
        /// How much.
        reason: String,
    },
}

impl Status {
    /// Whether it was measured and verified.
    pub fn is_ok(&self) -> bool {
        *self == Self::Ok
    }

    /// Name and reason; `None` when ok.
    pub fn problem(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Ok => None,
            Self::Unsupported { reason } => Some(("unsupported", reason)),
            Self::Wrong { reason } => Some(("wrong answer", reason)),
            Self::Failed { reason } => Some(("failed", reason)),
            Self::Crashed { reason } => Some(("crashed", reason)),
            Self::TimedOut { reason } => Some(("timed out", reason)),
            Self::OutOfMemory { reason } => Some(("out of memory", reason)),
        }
    }
}

/// One worker process: one (runtime, workload) cell in one round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// Round, from 0.
    pub round: u32,
    /// Place in the shuffled order of its round.
    pub order: u32,
    /// Runtime.
    #[schemars(with = "String")]
    pub runtime: RuntimeId,
    /// Name of the workload.
    pub workload: String,
    /// What the process did.
    pub mode: BlockMode,
    /// How it ended.
    #[serde(flatten)]
    pub status: Status,
    /// What it measured; partial when it did not end well.
    pub samples: Samples,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// All intervals are as narrow as wanted.
    Precise,
    /// The time budget was spent.
    Budget,
    /// The largest number of rounds was reached.
    Rounds,
    /// The user stopped it.
    Interrupted,
}

/// Last line of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct End {
    /// Why it ended.
    pub reason: EndReason,
    /// Rounds completed.
    pub rounds: u32,
    /// Time it took, seconds.
    pub seconds: f64,
}
