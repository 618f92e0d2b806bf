//! Wasmer: Cranelift (optimising) and Singlepass (baseline).

mod convert;
mod fast;
mod host;
mod instance;
mod interrupt;
mod module;
mod runtime;
mod tunables;

pub(crate) use runtime::{Variant, make};
