//! Adapters: one module per engine, each behind a cargo feature, and the registry that lists them.
//!
//! To add an engine: write one file that implements `Runtime`, `Module` and `Instance` of `runoff-runtime`,
//! add an entry to [`Registry`], and run the conformance cases.

mod caps;
mod checked;
pub mod conformance;
pub mod declared;
pub mod driver;
#[cfg(any(feature = "tinywasm", feature = "stitch", feature = "toywasm"))]
mod hosted;
mod licence;
pub mod native;
pub mod overhead;
mod registry;
pub mod scratch;
mod stack;
#[cfg(feature = "stitch")]
mod stitch;
#[cfg(any(feature = "wasmer", feature = "wamr", feature = "toywasm"))]
mod stop;
mod support;
#[cfg(feature = "tinywasm")]
mod tinywasm;
#[cfg(feature = "toywasm")]
mod toywasm;
pub mod valgrind;
#[cfg(feature = "wamr")]
pub mod wamr;
#[cfg(feature = "wasm3")]
mod wasm3;
#[cfg(feature = "wasmer")]
mod wasmer;
#[cfg(feature = "wasmi")]
mod wasmi;
#[cfg(feature = "wasmtime")]
mod wasmtime;

pub use caps::{DEFERRED_START, defer_start};
pub use licence::restriction;
pub use registry::{Availability, Entry, Reach, Registry};
pub use stack::{on_engine_stack, on_engine_stack_watched};
