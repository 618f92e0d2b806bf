//! Stitch: an interpreter that calls from instruction to instruction, translating each function at its first
//! call.
//!
//! It relies on the compiler turning those calls into jumps, which only happens in optimised builds: in others
//! the runtime is not made. Its host functions have types known when they are compiled, so the host functions of
//! the seam are reached through a small module ([`shim`]). What it knows of limits, stopping and start functions
//! is what a module says of itself.

mod convert;
mod host;
mod instance;
mod module;
mod runtime;
mod shim;

pub(crate) use runtime::{make, own_calls};
