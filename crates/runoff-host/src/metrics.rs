//! What happened, as numbers.

mod counter;
mod text;

pub(crate) use counter::{FunctionMetrics, HostMetrics, Outcome};
pub use text::render;
