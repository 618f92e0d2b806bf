//! Events counted while guest code ran.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where counts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CounterSource {
    /// The processor's own counters, and the kernel's.
    Hardware,
    /// A simulated processor: Valgrind's Callgrind. Instructions are exact, caches and branch predictors are models.
    Simulated,
}

impl CounterSource {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::Simulated => "simulated",
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Machine instructions executed.
    Instructions,
    /// Processor cycles; a simulator has none.
    Cycles,
    /// Branches: all of them in hardware, conditional and indirect ones in the simulator.
    Branches,
    /// Branches predicted wrongly.
    BranchMisses,
    /// Conditional branches (simulated).
    ConditionalBranches,
    /// Of these, predicted wrongly.
    ConditionalMisses,
    /// Indirect jumps and calls (simulated).
    IndirectBranches,
    /// Of these, predicted wrongly.
    IndirectMisses,
    /// First-level instruction cache misses.
    L1iMisses,
    /// First-level data cache accesses: reads in hardware, reads and writes in the simulator.
    L1dReferences,
    /// Of these, misses.
    L1dMisses,
    /// Accesses to the last-level cache; in the simulator what misses a first level.
    CacheReferences,
    /// Of these, misses.
    CacheMisses,
    /// Page faults, by the kernel's account of the thread.
    PageFaults,
    /// Context switches, by the kernel's account of the thread.
    ContextSwitches,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Instructions,
        Self::Cycles,
        Self::Branches,
        Self::BranchMisses,
        Self::ConditionalBranches,
        Self::ConditionalMisses,
        Self::IndirectBranches,
        Self::IndirectMisses,
        Self::L1iMisses,
        Self::L1dReferences,
        Self::L1dMisses,
        Self::CacheReferences,
        Self::CacheMisses,
        Self::PageFaults,
        Self::ContextSwitches,
    ];

    /// Its name in files and experiments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Instructions => "instructions",
            Self::Cycles => "cycles",
            Self::Branches => "branches",
            Self::BranchMisses => "branch_misses",
            Self::ConditionalBranches => "conditional_branches",
            Self::ConditionalMisses => "conditional_misses",
            Self::IndirectBranches => "indirect_branches",
            Self::IndirectMisses => "indirect_misses",
            Self::L1iMisses => "l1i_misses",
            Self::L1dReferences => "l1d_references",
            Self::L1dMisses => "l1d_misses",
            Self::CacheReferences => "cache_references",
            Self::CacheMisses => "cache_misses",
            Self::PageFaults => "page_faults",
            Self::ContextSwitches => "context_switches",
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Counts of one process, of steady calls only (of a command: its runs on fresh instances). An event that was not
/// counted is not in `events`, and [`crate::Samples::missing`] says why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Counters {
    /// Where they come from.
    pub source: CounterSource,
    /// Calls counted together.
    pub calls: u64,
    /// Counts over all those calls; of hardware, scaled up where the kernel took turns with other counters.
    #[schemars(extend("propertyNames" = serde_json::json!({ "enum": Event::ALL })))]
    pub events: BTreeMap<Event, u64>,
    /// Counts of one call with empty caches and predictors that know nothing; only simulated.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("propertyNames" = serde_json::json!({ "enum": Event::ALL })))]
    pub cold: BTreeMap<Event, u64>,
    /// Smallest share of the time a hardware counter was really counting: 1 without taking turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<f64>,
    /// The simulated caches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub model: Vec<String>,
}

/// A quotient of two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rate {
    /// Instructions per cycle.
    Ipc,
    /// Wrong predictions per branch.
    BranchMissRatio,
    /// Misses per access to the last-level cache.
    CacheMissRatio,
    /// Misses per access to the first-level data cache.
    L1dMissRatio,
    /// Misses of the first-level instruction cache per instruction.
    L1iMissRatio,
}

impl Rate {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Ipc, Self::BranchMissRatio, Self::CacheMissRatio, Self::L1dMissRatio, Self::L1iMissRatio];

    /// Its name in experiments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ipc => "ipc",
            Self::BranchMissRatio => "branch_miss_ratio",
            Self::CacheMissRatio => "cache_miss_ratio",
            Self::L1dMissRatio => "l1d_miss_ratio",
            Self::L1iMissRatio => "l1i_miss_ratio",
        }
    }

    /// What is divided by what.
    pub fn of(self) -> (Event, Event) {
        match self {
            Self::Ipc => (Event::Instructions, Event::Cycles),
            Self::BranchMissRatio => (Event::BranchMisses, Event::Branches),
            Self::CacheMissRatio => (Event::CacheMisses, Event::CacheReferences),
            Self::L1dMissRatio => (Event::L1dMisses, Event::L1dReferences),
            Self::L1iMissRatio => (Event::L1iMisses, Event::Instructions),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Counters {
    /// Events per call; `cold` of the one call with empty caches.
    pub fn per_call(&self, event: Event, cold: bool) -> Option<f64> {
        if cold {
            return self.cold.get(&event).map(|n| *n as f64);
        }
        let count = *self.events.get(&event)?;
        (self.calls > 0).then(|| count as f64 / self.calls as f64)
    }

    /// A quotient; `None` when a part is absent or nothing is divided by.
    pub fn rate(&self, rate: Rate, cold: bool) -> Option<f64> {
        let (above, below) = rate.of();
        let below = self.per_call(below, cold).filter(|n| *n > 0.0)?;
        Some(self.per_call(above, cold)? / below)
    }
}

/// What a run counts, and within which bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CounterPlan {
    /// How.
    pub source: CounterSource,
    /// Time after which a counting process is killed, seconds.
    pub block_timeout_s: f64,
    /// Time for all counting together once it has begun, seconds; what is left then is a row that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_s: Option<f64>,
}
