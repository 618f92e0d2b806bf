//! Adapters: one module per engine, each behind a cargo feature, and the registry that lists them.
//!
//! To add an engine: write one file that implements `Runtime`, `Module` and `Instance` of `runoff-runtime`,
//! add an entry to [`Registry`], and run the conformance cases.

pub mod conformance;
pub mod native;
mod registry;
mod stack;
mod support;
#[cfg(feature = "wamr")]
mod wamr;
#[cfg(feature = "wasm3")]
mod wasm3;
#[cfg(feature = "wasmer")]
mod wasmer;
#[cfg(feature = "wasmi")]
mod wasmi;
#[cfg(feature = "wasmtime")]
mod wasmtime;

pub use registry::{Availability, Entry, Registry};
pub use stack::on_engine_stack;
