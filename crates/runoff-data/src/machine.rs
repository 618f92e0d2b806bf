//! The machine a result was measured on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Fingerprint of a machine: enough to know whether two results may be compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Machine {
    /// Processor model as the kernel names it.
    pub cpu: String,
    /// Architecture.
    pub arch: String,
    /// Logical processors usable by this process.
    pub cores: usize,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Operating system and kernel.
    pub os: String,
    /// Frequency governor, where readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub governor: Option<String>,
    /// Whether turbo frequencies are on, where readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turbo: Option<bool>,
    /// Whether sibling hardware threads are active, where readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smt: Option<bool>,
    /// Address-space layout randomisation level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aslr: Option<u32>,
    /// Load average of the last minute when measuring began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<f64>,
    /// `available`, or why the processor's counters cannot be read; absent in older files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counters: Option<String>,
    /// Hypervisor or container hints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<String>,
}

impl Machine {
    /// Text that is equal on machines whose results may be put side by side.
    pub fn key(&self) -> String {
        format!("{} / {} x {} / {}", self.arch, self.cores, self.cpu, self.os)
    }
}
