//! What happened, as numbers.

mod counter;
mod text;

pub(crate) use counter::{FunctionMetrics, Histogram, HostMetrics, Outcome};
pub use text::render;
pub(crate) use text::{render_bodies, render_traces};
