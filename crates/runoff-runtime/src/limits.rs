//! Bounds on what a guest may use.

use std::time::Duration;

/// Bounds on one instance. `None` is "as much as the engine allows".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Largest linear memory in bytes (all memories of an instance together where an engine counts so).
    pub memory_bytes: Option<u64>,
    /// Largest table in elements.
    pub table_elements: Option<u32>,
    /// Longest a single call may take; needs [`crate::RuntimeOptions::interruptible`] and a runtime whose
    /// [`crate::DeadlineSupport`] is not *kill only*.
    pub deadline: Option<Duration>,
}
