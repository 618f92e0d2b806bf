//! Host functions as the engine wants them.

use runoff_runtime::{Caller, Failure, HostFunc, Value};
use wasmtime::{Extern, Func, FuncType, Memory, Store, Val};

use super::convert::{from_engine, to_engine};
use super::instance::StoreData;
use crate::support::Stopped;

/// Values of one host call that live on the stack.
const ON_STACK: usize = 16;

/// `ty` is the type of `func` in the engine's terms.
pub(super) fn host_func(store: &mut Store<StoreData>, ty: FuncType, func: &HostFunc) -> Func {
    let func = func.clone();
    Func::new(store, ty, move |caller, params, results| call(&func, caller, params, results))
}

fn call(
    func: &HostFunc,
    mut caller: wasmtime::Caller<'_, StoreData>,
    params: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    let mut space = [Value::I32(0); ON_STACK];
    let mut heap = Vec::new();
    let count = params.len() + results.len();
    let values: &mut [Value] = if count <= space.len() {
        &mut space[..count]
    } else {
        heap.resize(count, Value::I32(0));
        &mut heap
    };
    let (args, answers) = values.split_at_mut(params.len());
    for (arg, param) in args.iter_mut().zip(params) {
        *arg = from_engine(&mut caller, param).map_err(stopped)?;
    }
    for (answer, ty) in answers.iter_mut().zip(&func.ty().results) {
        *answer = Value::default_of(*ty);
    }
    let ended = match memory(&mut caller) {
        Some(memory) => {
            let (bytes, data) = memory.data_and_store_mut(&mut caller);
            func.call(&mut Caller { memory: bytes, state: &mut data.state }, args, answers)
        }
        None => {
            func.call(&mut Caller { memory: &mut [], state: &mut caller.data_mut().state }, args, answers)
        }
    };
    ended.map_err(|f| wasmtime::Error::new(Stopped::from(f)))?;
    for ((result, answer), ty) in results.iter_mut().zip(answers.iter()).zip(&func.ty().results) {
        if answer.ty() != *ty {
            let words = format!("it answered {} where its type says {ty}", answer.ty());
            return Err(stopped(Failure::Host(words)));
        }
        *result = to_engine(&mut caller, answer).map_err(stopped)?;
    }
    Ok(())
}

/// The guest's memory. During the start function the instance is not known yet: ask the caller.
fn memory(caller: &mut wasmtime::Caller<'_, StoreData>) -> Option<Memory> {
    let data = caller.data();
    if data.memory.is_some() {
        return data.memory;
    }
    let name = data.memory_name.clone()?;
    caller.get_export(&name).and_then(Extern::into_memory)
}

fn stopped(failure: Failure) -> wasmtime::Error {
    wasmtime::Error::new(Stopped(failure))
}
