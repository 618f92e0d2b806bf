//! toywasm: an interpreter that runs a module's own bytes, with little besides.
//!
//! Its C interface is used directly: the safe wrapper shows host functions no memory and has no references or
//! vectors. Memories are allocated as far as they are touched; what the adapter hands out is allocated first.

mod ffi;
mod host;
mod instance;
mod machine;
mod module;
mod runtime;

pub(crate) use runtime::{make, own_calls};
