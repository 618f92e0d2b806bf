//! The worker's side: lives the phases of a module under a clock and tells what happened.

mod block;
mod calibrate;
mod conformance;
pub mod count;
mod curve;
mod guest;
mod memory;
mod orphan;
mod serve;
mod session;
mod steady;
#[cfg(test)]
mod tests;

pub use block::{Sink, run_block};
pub use calibrate::clock_cost_ns;
pub(crate) use conformance::CaseMessage;
pub use conformance::serve_conformance;
pub use guest::{CallError, Guest};
pub use serve::serve;
