//! Experiments as data. An [`Experiment`] is a TOML file: which workloads run on which runtimes, which figures are
//! shown beside the published ones, and which claims are judged by which rule. The experiments of the source documents
//! come with Runoff ([`bundled`]); a user writes others in the same form.
//!
//! Nothing is measured here: a run of an experiment is a result file like any other.

mod bundled;
mod claim;
mod counted;
mod drivers;
mod error;
mod figure;
mod measure;
mod order;
mod ratio;
mod results;
mod spec;

pub use bundled::{bundled, bundled_names};
pub use claim::{Judged, Verdict, judge};
pub use counted::not_shown;
pub use error::ExperimentError;
pub use figure::{Figure, Row, figure};
pub use measure::{Measure, Unit, Value, Warmth};
pub use order::TELLING;
pub use ratio::Ratio;
pub use results::Results;
pub use spec::{ClaimSpec, Experiment, FigureSpec, Missing, Operand, Rule, RunSpec};
