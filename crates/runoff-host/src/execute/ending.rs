//! How a run ends.

use runoff_runtime::{Failure, RuntimeError};

/// What a function answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header fields the function gave, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// Why a function gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It trapped.
    #[error("trap: {0}")]
    Trap(String),
    /// It ended with an exit code other than 0.
    #[error("exited with code {0}")]
    Exit(i32),
    /// Its time was up.
    #[error("deadline exceeded")]
    Deadline,
    /// Nobody waits for it any more.
    #[error("cancelled")]
    Cancelled,
    /// What it answered is no answer.
    #[error("no answer: {0}")]
    Malformed(String),
    /// It needs more than its limits allow, or writes or sleeps more than they do.
    #[error("limit: {0}")]
    Limit(String),
    /// The host had no room for it in time.
    #[error("overloaded: {0}")]
    Overloaded(&'static str),
    /// No runtime could run it.
    #[error("no runtime: {0}")]
    NoTier(String),
    /// The engine failed, which is not the function's doing.
    #[error("engine failure: {0}")]
    Engine(String),
}

impl Fault {
    /// One word for metrics, logs and the `x-runoff-error` header.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Trap(_) => "trap",
            Self::Exit(_) => "exit",
            Self::Deadline => "deadline",
            Self::Cancelled => "cancelled",
            Self::Malformed(_) => "malformed",
            Self::Limit(_) => "limit",
            Self::Overloaded(_) => "overloaded",
            Self::NoTier(_) => "no-runtime",
            Self::Engine(_) => "engine",
        }
    }

    /// HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Deadline => 504,
            Self::Overloaded(_) | Self::NoTier(_) => 503,
            Self::Cancelled => 499,
            _ => 500,
        }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Trap(trap) => Self::Trap(trap.to_string()),
            Failure::Exit(code) => Self::Exit(code),
            // What host functions refuse is what is beyond a limit: output, and sleep beyond the deadline.
            Failure::Host(words) => Self::Limit(words),
            Failure::Deadline => Self::Deadline,
            Failure::BadCall(words) => Self::Malformed(words),
            Failure::Engine(words) => Self::Engine(words),
        }
    }
}

impl From<RuntimeError> for Fault {
    fn from(error: RuntimeError) -> Self {
        match error {
            RuntimeError::Start(failure) => failure.into(),
            RuntimeError::Limit(kind, words) => Self::Limit(format!("{kind}: {words}")),
            other => Self::Engine(other.to_string()),
        }
    }
}
