//! `native`: a workload's twin – the same source compiled to machine code – behind the seam.
//!
//! A twin is found by the SHA-256 of the module it mirrors, so the baseline can never be paired with other
//! bytes. There is nothing to compile or load; only calls are phases of this runtime.

mod instance;
mod runtime;
mod twin;

pub use runtime::NativeRuntime;
pub use twin::{Twin, TwinBody, TwinFunc, TwinIo};
