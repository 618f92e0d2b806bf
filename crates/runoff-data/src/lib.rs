//! Types of Runoff's files, and nothing else: results, profiles, fingerprints, units.
//!
//! Every file carries a schema version. Readers accept every version up to [`SCHEMA_VERSION`]; new optional
//! fields do not raise it, renamed or re-interpreted ones do.

mod cell;
mod counters;
mod file;
mod history;
mod machine;
mod phase;
mod profile;
mod record;
mod samples;
pub mod units;

pub use cell::{Cell, cells};
pub use counters::{CounterPlan, CounterSource, Counters, Event, Rate};
pub use file::{FileError, ResultFile, ResultReader, ResultWriter};
pub use history::{History, HistoryCell, HistoryEntry, HistoryRead};
pub use machine::Machine;
pub use phase::{Phase, View};
pub use profile::{Profile, RuntimeProfile};
pub use record::{
    Block, BlockMode, End, EndReason, Header, Plan, PlannedRuntime, PlannedWorkload, Record, Status,
};
pub use samples::{Cpu, Curve, MemorySplit, Missing, PhaseSamples, ProcessCost, Samples};

/// Version of all file formats of this build.
pub const SCHEMA_VERSION: u32 = 1;
