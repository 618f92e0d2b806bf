//! wasm3: a threaded interpreter that translates each function when it is first called.
//!
//! It runs guests on the native stack and traps when about 8 MiB of it are used, so it only works on threads
//! with a deep stack ([`crate::on_engine_stack`]); on others the runtime is not made. Its C interface is used
//! directly: the safe wrapper has no host references and finds functions by names that need not be exported.

mod ffi;
mod host;
mod instance;
mod module;
mod runtime;

pub(crate) use runtime::{make, own_calls};
