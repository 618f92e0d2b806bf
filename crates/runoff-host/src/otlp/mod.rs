//! Traces: one per request, sent to a collector in the OpenTelemetry protocol (OTLP 1 over HTTP, as JSON).
//!
//! A request never waits for them: spans go through a bounded queue to a thread of their own, and what finds the queue
//! full is counted and dropped. So is a batch a collector does not take.

mod encode;
mod export;
mod trace;

pub(crate) use export::Exporter;
pub(crate) use trace::{Phases, Trace};
