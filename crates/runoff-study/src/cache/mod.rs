//! The web-cache simulator of the scripting study: one call per request, or one call for many, natively and by every
//! kind of call on every runtime.
//!
//! Cells are interleaved in shuffled order in every repetition. What the cache had must be the same everywhere, to
//! the request; ratios are taken within a repetition.

mod caches;
mod clock;
mod figures;
mod requests;
mod run;

pub use caches::Abi;
pub use clock::Clock;
pub use figures::{Curve, claims, figures, hit_rates};
pub use requests::Source;
pub use run::{Cell, Options, Report, Row, study};
