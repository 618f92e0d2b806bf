//! The steps of a module's life, and the sums of them that people compare.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One step in a module's life. The letters are those of the phase-by-phase literature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Process start until the worker is ready.
    Bootstrap,
    /// Creating the engine inside the worker.
    Init,
    /// Checking the module (a).
    Validate,
    /// Turning bytes into code (b); includes parsing, and validation where the engine does both at once.
    Compile,
    /// Serialising compiled code and writing it to a file, without fsync (b′).
    Save,
    /// Reading the file and deserialising (c′).
    Load,
    /// Making an instance (c).
    Instantiate,
    /// The first call on a fresh module (d₁); lazy engines translate here.
    FirstCall,
    /// A later call (d).
    Call,
    /// Between the guest's `bench.start` and `bench.end` inside a call.
    Marked,
    /// Dropping instance and module.
    Teardown,
}

impl Phase {
    /// All phases in order of life.
    pub const ALL: [Self; 11] = [
        Self::Bootstrap,
        Self::Init,
        Self::Validate,
        Self::Compile,
        Self::Save,
        Self::Load,
        Self::Instantiate,
        Self::FirstCall,
        Self::Call,
        Self::Marked,
        Self::Teardown,
    ];

    /// Its name as in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bootstrap => "bootstrap",
            Self::Init => "init",
            Self::Validate => "validate",
            Self::Compile => "compile",
            Self::Save => "save",
            Self::Load => "load",
            Self::Instantiate => "instantiate",
            Self::FirstCall => "first_call",
            Self::Call => "call",
            Self::Marked => "marked",
            Self::Teardown => "teardown",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A sum of phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Compile and run at once: a + b + c + d₁.
    Jit,
    /// Compile and keep: a + b + b′.
    AotCompile,
    /// Run what was kept: c′ + c + d₁.
    AotExecute,
    /// Both halves of ahead-of-time use.
    AotTotal,
    /// Running alone: d.
    PureExecution,
}

impl View {
    /// All views in order.
    pub const ALL: [Self; 5] =
        [Self::Jit, Self::AotCompile, Self::AotExecute, Self::AotTotal, Self::PureExecution];

    /// Its name as in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jit => "jit",
            Self::AotCompile => "aot_compile",
            Self::AotExecute => "aot_execute",
            Self::AotTotal => "aot_total",
            Self::PureExecution => "pure_execution",
        }
    }

    /// The phases it sums.
    pub fn phases(self) -> &'static [Phase] {
        match self {
            Self::Jit => &[Phase::Validate, Phase::Compile, Phase::Instantiate, Phase::FirstCall],
            Self::AotCompile => &[Phase::Validate, Phase::Compile, Phase::Save],
            Self::AotExecute => &[Phase::Load, Phase::Instantiate, Phase::FirstCall],
            Self::AotTotal => &[
                Phase::Validate,
                Phase::Compile,
                Phase::Save,
                Phase::Load,
                Phase::Instantiate,
                Phase::FirstCall,
            ],
            Self::PureExecution => &[Phase::Call],
        }
    }

    /// Phases a runtime may lack without losing the view (engines that validate while compiling).
    pub fn optional(self, phase: Phase) -> bool {
        phase == Phase::Validate
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
