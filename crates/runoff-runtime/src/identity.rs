//! Who a runtime is.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Id of a runtime: `engine/variant`, or just `engine` where there is one variant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuntimeId(String);

impl RuntimeId {
    /// An id from its text.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the slash.
    pub fn engine(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }
}

impl fmt::Display for RuntimeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How a runtime keeps a guest inside its linear memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BoundsChecks {
    /// Reserved address space behind each memory; the hardware catches the access.
    GuardPages,
    /// A comparison before each access.
    Explicit,
    /// Nothing to check: native code.
    None,
}

/// Everything about a runtime that can change its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// What the user types.
    pub id: RuntimeId,
    /// Engine version, from the engine at run time or from the lock file at build time.
    pub version: String,
    /// How it executes: `optimising compiler`, `baseline compiler`, `interpreter`, ….
    pub technique: String,
    /// Cargo features or build options of the engine.
    pub features: Vec<String>,
    /// Settings chosen by the adapter, name → value.
    pub flags: BTreeMap<String, String>,
    /// Threads the compiler may use; 1 = none besides the caller's.
    pub compile_threads: usize,
    /// Bounds-check strategy.
    pub bounds_checks: BoundsChecks,
    /// Host CPU features code is generated for (`baseline` when none are used).
    pub cpu_features: String,
    /// What its licence forbids beyond the usual, for people; such an engine is never chosen silently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restriction: Option<String>,
}

impl Identity {
    /// Stable text of everything that decides whether an artifact of one runtime may run on another.
    pub fn artifact_key(&self) -> String {
        let flags = self.flags.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",");
        format!("{} {} [{}] {} {}", self.id, self.version, flags, std::env::consts::ARCH, self.cpu_features)
    }
}
