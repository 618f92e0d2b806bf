//! What every runtime promises, as cases that run against any runtime.
//!
//! A case is a small guest, a few calls, and what must come of them. The same cases run in one process over
//! all runtimes (`tests/conformance.rs`), in workers, and against drivers. Claims are checked both ways: a
//! capability that is claimed must hold, and one that is not must show as [`CaseResult::Unsupported`] with the
//! reason, never as a crash or another answer.

mod artifacts;
mod case;
mod deadline;
mod failures;
mod fast;
mod globals;
mod handles;
mod imports;
mod lab;
mod malformed;
mod memory;
mod proposals;
mod scale;
mod start;
mod tables;
mod traps;
mod values;

pub use case::{Case, CaseResult, Make, cases, run, run_all, run_named};
