//! Wasmtime: Cranelift (optimising), Winch (baseline), Pulley (portable bytecode, interpreted).

mod convert;
mod fast;
mod host;
mod instance;
mod interrupt;
mod module;
mod own;
mod pooled;
mod runtime;

pub(crate) use own::own_calls;
pub(crate) use runtime::{Variant, make};
