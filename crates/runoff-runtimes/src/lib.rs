//! Adapters: one module per engine, each behind a cargo feature, and the registry that lists them.
//!
//! To add an engine: write one file that implements `Runtime`, `Module` and `Instance` of `runoff-runtime`,
//! add an entry to [`Registry`], and run the conformance cases.

#[cfg(any(feature = "wasm3", feature = "wamr"))]
mod caps;
#[cfg(any(feature = "wasm3", feature = "wamr"))]
mod checked;
pub mod conformance;
mod licence;
pub mod native;
pub mod overhead;
mod registry;
mod stack;
#[cfg(any(feature = "wasmer", feature = "wamr"))]
mod stop;
#[cfg_attr(
    not(any(
        feature = "wasmtime",
        feature = "wasmer",
        feature = "wasmi",
        feature = "wasm3",
        feature = "wamr"
    )),
    expect(dead_code, reason = "a build without engines has nothing to support")
)]
mod support;
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

pub use licence::restriction;
pub use registry::{Availability, Entry, Registry};
pub use stack::on_engine_stack;
