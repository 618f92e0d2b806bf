//! From blocks to what people read: estimates per phase and view, candidates for choosing, comparisons of runs.

mod candidates;
mod counters;
mod diff;
mod history;
mod overview;
mod profile;
mod quantity;
mod sizes;
mod summary;

pub use candidates::candidates;
pub use counters::{CounterSummary, reach};
pub use diff::{CellDiff, diff};
pub use history::{Point, Trend, history_entry, trends};
pub use overview::{Choice, Overall, Overview, Standing, startup};
pub use profile::profiles;
pub use quantity::{MEASURES, Quantity};
pub use sizes::Size;
pub use summary::{CellSummary, Memory, PhaseSummary, precise, summarise};

/// Seed of all resampling: the same file gives the same intervals.
pub(crate) const SEED: u64 = 0x5eed;
