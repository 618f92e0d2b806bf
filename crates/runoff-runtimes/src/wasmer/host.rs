//! Host functions as the engine calls them.

use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use runoff_runtime::{Caller, Failure, HostFunc, HostState, Value};
use wasmer::sys::vm::VMMemoryDefinition;
use wasmer::{AsStoreMut, Function, FunctionEnv, FunctionEnvMut, RuntimeError, Value as Val};

use super::convert::{engine_func_type, from_engine, to_engine};
use super::tunables::Places;
use crate::support::Stopped;

/// What host functions of one instance share.
pub(super) struct Host {
    pub(super) state: HostState,
    pub(super) places: Arc<Mutex<Places>>,
}

impl Host {
    /// The first memory, where the engine has it now.
    pub(super) fn memory(&self) -> Option<NonNull<VMMemoryDefinition>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner).memory
    }
}

/// The bytes of a memory.
///
/// # Safety
///
/// The definition must belong to a live instance, whose code must not run while the slice lives.
#[expect(unsafe_code, reason = "the engine's own view needs the memory to be exported")]
pub(super) unsafe fn bytes<'a>(memory: NonNull<VMMemoryDefinition>) -> &'a mut [u8] {
    // SAFETY: promised by the caller; base and length always describe accessible memory.
    unsafe {
        let definition = memory.as_ref();
        std::slice::from_raw_parts_mut(definition.base, definition.current_length)
    }
}

/// A host function in an engine's store.
pub(super) fn function(store: &mut impl AsStoreMut, env: &FunctionEnv<Host>, func: &HostFunc) -> Function {
    let ty = engine_func_type(func.ty());
    let func = func.clone();
    Function::new_with_env(store, env, ty, move |env, args| call(env, &func, args))
}

fn call(mut env: FunctionEnvMut<'_, Host>, func: &HostFunc, args: &[Val]) -> Result<Vec<Val>, RuntimeError> {
    // Host functions have few parameters: the values live on the stack.
    let mut space = [Value::I32(0); 16];
    let mut heap = Vec::new();
    let types = &func.ty().results;
    let count = args.len() + types.len();
    let values: &mut [Value] = if count <= space.len() {
        &mut space[..count]
    } else {
        heap.resize(count, Value::I32(0));
        &mut heap
    };
    let (params, results) = values.split_at_mut(args.len());
    for (param, arg) in params.iter_mut().zip(args) {
        *param = from_engine(&env, arg).map_err(stopped)?;
    }
    for (result, ty) in results.iter_mut().zip(types) {
        *result = Value::default_of(*ty);
    }
    let host = env.data_mut();
    let memory: &mut [u8] = match host.memory() {
        #[expect(unsafe_code, reason = "see `bytes`")]
        // SAFETY: the instance is running this very call, so it lives, and its code waits for us.
        Some(memory) => unsafe { bytes(memory) },
        None => &mut [],
    };
    func.call(&mut Caller { memory, state: &mut host.state }, params, results)
        .map_err(|failure| RuntimeError::user(Box::new(Stopped::from(failure))))?;
    results.iter().map(|result| to_engine(&mut env, result).map_err(stopped)).collect()
}

fn stopped(failure: Failure) -> RuntimeError {
    RuntimeError::user(Box::new(Stopped(failure)))
}
