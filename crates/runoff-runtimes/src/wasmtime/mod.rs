//! Wasmtime: Cranelift (optimising), Winch (baseline), Pulley (portable bytecode, interpreted).

mod convert;
mod instance;
mod module;
mod runtime;

pub(crate) use runtime::{Variant, make};
