//! tinywasm: a small interpreter in safe Rust, with code that can be saved.
//!
//! The engine's memories are its own type behind an interface; the adapter gives it one that does the same and
//! that host functions can see as a slice.

mod convert;
mod fast;
mod host;
mod instance;
mod interrupt;
mod memory;
mod module;
mod runtime;

pub(crate) use runtime::{make, own_calls};
