//! Statistics for times measured in fresh processes. Pure functions; randomness comes from a seed.
//!
//! Times have two sources of noise: between processes (layout, scheduling, frequency) and within one. Samples
//! of one process are not independent of each other, so nothing here pools them: the unit is the process,
//! summarised by its median, and a process is one *round* of shuffled complete blocks.
//!
//! - **Estimate**: the median over processes of their medians ([`estimate`]).
//! - **Interval**: hierarchical bootstrap – resample processes, then samples within each – whose standard error
//!   of the logarithm is multiplied by a Student quantile and √(n/(n−1)). The plain percentile bootstrap is too
//!   narrow for the five to fifteen processes one has (Efron & Tibshirani 1993, §12–14; hierarchical resampling
//!   as in Kalibera & Jones 2013).
//! - **Comparison**: ratio of medians with such an interval, where both sides of a round are resampled together
//!   so that drift cancels; Mann–Whitney test and Hodges–Lehmann shift on process medians ([`compare`]).
//! - **Verdict**: faster, slower, equivalent within a margin, or unsure ([`Verdict`]).
//! - **Change**: where a series of medians changed its level ([`changes`]).
//! - **Stopping**: when the interval is narrow enough or the budget is spent ([`relative_half_width`]).

mod blocks;
mod bootstrap;
mod change;
mod compare;
mod geomean;
mod mean;
pub mod noise;
mod order;
mod quantile;
mod rank;

pub use blocks::Blocks;
pub use bootstrap::{Estimate, estimate, relative_half_width};
pub use change::{Change, LEVEL as CHANGE_LEVEL, MIN_SEGMENT, changes};
pub use compare::{Comparison, DEFAULT_MARGIN, MIN_PROCESSES, VERDICT_CONFIDENCE, Verdict, compare};
pub use geomean::{Geomean, geomean_over_intersection};
pub use mean::mean_interval;
pub use order::median_interval;
pub use quantile::{geometric_mean, mad, mean, median, quantile, standard_deviation, tukey_outliers};
pub use rank::{MannWhitney, hodges_lehmann, mann_whitney};

/// Confidence of reported intervals.
pub const INTERVAL_CONFIDENCE: f64 = 0.95;

/// Relative half-width of a median's interval at which a run stops by default.
pub const DEFAULT_PRECISION: f64 = 0.01;
