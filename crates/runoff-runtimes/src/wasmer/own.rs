//! The engine's own typed call, for measuring what the seam adds.

use runoff_runtime::{RuntimeError, RuntimeOptions};
use wasmer::{Instance, Module, Store, TypedFunction, imports};

use super::runtime::{Variant, engine};
use crate::overhead::{OwnCalls, time_calls};

/// The engine's side of [`crate::overhead`].
pub(crate) fn own_calls(variant: Variant, wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    prepare(variant, wasm).map_err(|e| RuntimeError::Engine(e.to_string()))
}

fn prepare(variant: Variant, wasm: &[u8]) -> Result<OwnCalls, Box<dyn std::error::Error>> {
    let mut store = Store::new(engine(variant, &RuntimeOptions::default()));
    let module = Module::from_binary(&store, wasm)?;
    let instance = Instance::new(&mut store, &module, &imports! {})?;
    let mul: TypedFunction<(i32, i32), i32> = instance.exports.get_typed_function(&store, "mul")?;
    Ok(Box::new(move |calls| time_calls(calls, |a, b| mul.call(&mut store, a, b).unwrap_or(0))))
}
