//! Wasmer: Cranelift and LLVM (optimising) and Singlepass (baseline).

mod convert;
mod fast;
mod host;
mod instance;
mod interrupt;
mod module;
mod own;
mod runtime;
mod tunables;

pub(crate) use own::own_calls;
pub(crate) use runtime::{Variant, make};
