//! Everything that can go wrong, in one vocabulary for all engines.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a guest stopped without being asked to, as the WebAssembly specification names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trap {
    /// `unreachable` was executed.
    Unreachable,
    /// A load, store or bulk memory operation outside linear memory.
    MemoryOutOfBounds,
    /// A table access or `call_indirect` with an index outside the table.
    TableOutOfBounds,
    /// `call_indirect` (or a reference instruction) met a null reference.
    NullReference,
    /// `call_indirect` met a function of another type.
    IndirectCallTypeMismatch,
    /// Integer division or remainder by zero.
    IntegerDivideByZero,
    /// Integer overflow: `INT_MIN / -1`, or a float too large for the integer type.
    IntegerOverflow,
    /// NaN converted to an integer.
    InvalidConversionToInteger,
    /// Too deep recursion.
    StackExhausted,
    /// A trap outside this list; the engine's words.
    Other(String),
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "unreachable executed",
            Self::MemoryOutOfBounds => "out of bounds memory access",
            Self::TableOutOfBounds => "out of bounds table access",
            Self::NullReference => "null reference",
            Self::IndirectCallTypeMismatch => "indirect call type mismatch",
            Self::IntegerDivideByZero => "integer divide by zero",
            Self::IntegerOverflow => "integer overflow",
            Self::InvalidConversionToInteger => "invalid conversion to integer",
            Self::StackExhausted => "call stack exhausted",
            Self::Other(words) => words,
        })
    }
}

/// A limit of [`crate::Limits`] that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitKind {
    /// The module asks for more linear memory than allowed from the start. (Growing past the cap is not a
    /// failure: `memory.grow` answers -1, as the specification says.)
    Memory,
    /// The module asks for larger tables than allowed from the start.
    Table,
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Table => "table",
        })
    }
}

/// How a call ended when it did not return.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "kebab-case")]
pub enum Failure {
    /// The guest trapped.
    #[error("trap: {0}")]
    Trap(Trap),
    /// The guest asked to exit with this code (`proc_exit`).
    #[error("exited with code {0}")]
    Exit(i32),
    /// A host function refused or failed; its words.
    #[error("host function failed: {0}")]
    Host(String),
    /// The deadline of the call passed, or the call was interrupted.
    #[error("deadline exceeded")]
    Deadline,
    /// The call does not fit the function: wrong argument types, stale handle. A mistake of the caller.
    #[error("bad call: {0}")]
    BadCall(String),
    /// The engine failed in a way that is not the guest's doing.
    #[error("engine failure: {0}")]
    Engine(String),
}

impl From<Trap> for Failure {
    fn from(trap: Trap) -> Self {
        Self::Trap(trap)
    }
}

/// Why bytes are not an artifact this runtime will run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArtifactRefusal {
    /// Not an artifact at all, or of another format version.
    #[error("not a Runoff artifact (or of another format version)")]
    NotAnArtifact,
    /// Cut short or with bytes behind its end.
    #[error("artifact is {found} bytes long, its header says {expected}")]
    Length {
        /// Length the header promises.
        expected: u64,
        /// Length found.
        found: u64,
    },
    /// Content differs from its checksum.
    #[error("artifact is damaged (checksum mismatch)")]
    Damaged,
    /// Made by another runtime, version, configuration or for another CPU.
    #[error("artifact was made by `{found}`, this is `{expected}`")]
    Foreign {
        /// Key of this runtime.
        expected: String,
        /// Key in the artifact.
        found: String,
    },
    /// The engine itself refused it.
    #[error("the engine refused the artifact: {0}")]
    Engine(String),
}

/// Why bytes did not become a module, or a module an instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuntimeError {
    /// Not valid WebAssembly.
    #[error("malformed module{}: {message}", offset.map_or(String::new(), |o| format!(" at byte {o:#x}")))]
    Malformed {
        /// What is wrong.
        message: String,
        /// Byte offset of the problem from the start of the module.
        offset: Option<u64>,
    },
    /// Valid, but outside what this runtime can do; the reason.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// An import that nothing provides, or with another type.
    #[error("cannot link import `{module}` `{name}`: {reason}")]
    Link {
        /// Import module name.
        module: String,
        /// Import field name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Bytes that are not an artifact of this runtime.
    #[error(transparent)]
    Artifact(#[from] ArtifactRefusal),
    /// The module needs more than [`crate::Limits`] allow before it can start.
    #[error("{0} limit: {1}")]
    Limit(LimitKind, String),
    /// The start function (or an active segment) failed.
    #[error("start failed: {0}")]
    Start(Failure),
    /// Reading or writing an artifact failed.
    #[error("i/o: {0}")]
    Io(String),
    /// The engine failed in a way that is not the module's doing.
    #[error("engine failure: {0}")]
    Engine(String),
}
