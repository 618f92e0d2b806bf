//! Host functions as WAVM calls them, and values in its slots.

use std::any::Any;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use runoff_runtime::{Caller, Failure, HostFunc, HostState, Value, ValueType};

use crate::ffi::Slot;
use crate::support::Stopped;

/// What host functions of one instance share.
pub(crate) struct HostData {
    pub(crate) state: HostState,
    /// By import.
    pub(crate) funcs: Vec<HostFunc>,
    /// Why the last host function did not return.
    pub(crate) stopped: Option<Failure>,
    /// A panic on its way through the guest's frames.
    pub(crate) panic: Option<Box<dyn Any + Send>>,
}

/// The one function the shim calls for every import; 0 goes on, anything else ends the guest.
///
/// # Safety
///
/// `env` is the [`HostData`] of the running instance, `index` the import's number, and there are as many slots
/// as its type says. `memory` is null or the guest's memory of `bytes` bytes.
pub(crate) unsafe extern "C" fn host_call(
    env: *mut c_void,
    index: u64,
    args: *const Slot,
    results: *mut Slot,
    memory: *mut u8,
    bytes: usize,
) -> i32 {
    // SAFETY: promised by the caller; the instance is running, so nobody else borrows its host data.
    let HostData { state, funcs, stopped, panic } = unsafe { &mut *env.cast::<HostData>() };
    let memory: &mut [u8] = if memory.is_null() {
        &mut []
    } else {
        // SAFETY: the guest waits for us.
        unsafe { std::slice::from_raw_parts_mut(memory, bytes) }
    };
    let ended = match funcs.get(index as usize) {
        Some(func) => {
            let ty = func.ty();
            // SAFETY: promised by the caller.
            let (args, results) = unsafe {
                (
                    std::slice::from_raw_parts(args, ty.params.len()),
                    std::slice::from_raw_parts_mut(results, ty.results.len()),
                )
            };
            catch_unwind(AssertUnwindSafe(|| run(func, args, results, memory, state)))
        }
        None => Ok(Err(Failure::Engine("an import nobody linked".into()))),
    };
    match ended {
        Ok(Ok(())) => return 0,
        Ok(Err(failure)) => *stopped = Some(failure),
        Err(payload) => *panic = Some(payload),
    }
    1
}

fn run(
    func: &HostFunc,
    args: &[Slot],
    results: &mut [Slot],
    memory: &mut [u8],
    state: &mut HostState,
) -> Result<(), Failure> {
    // Host functions have few parameters: the values live on the stack.
    let mut space = [Value::I32(0); 16];
    let mut heap = Vec::new();
    let ty = func.ty();
    let count = args.len() + results.len();
    let values: &mut [Value] = if count <= space.len() {
        &mut space[..count]
    } else {
        heap.resize(count, Value::I32(0));
        &mut heap
    };
    let (given, answers) = values.split_at_mut(args.len());
    for ((given, ty), slot) in given.iter_mut().zip(&ty.params).zip(args) {
        *given = value(*ty, slot.low);
    }
    for (answer, ty) in answers.iter_mut().zip(&ty.results) {
        *answer = Value::default_of(*ty);
    }
    func.call(&mut Caller { memory, state }, given, answers).map_err(|f| Stopped::from(f).0)?;
    for (result, answer) in results.iter_mut().zip(answers.iter()) {
        *result = slot(answer)?;
    }
    Ok(())
}

/// A value from its bits.
pub(crate) fn value(ty: ValueType, bits: u64) -> Value {
    match ty {
        ValueType::I64 => Value::I64(bits.cast_signed()),
        ValueType::F32 => Value::F32(bits as u32),
        ValueType::F64 => Value::F64(bits),
        ValueType::FuncRef => Value::FuncRef(bits != 0),
        ValueType::ExternRef => Value::ExternRef(bits.checked_sub(1).and_then(|n| u32::try_from(n).ok())),
        // Vectors never get here: WAVM does not accept them with the features that are on.
        ValueType::I32 | ValueType::V128 => Value::I32((bits as u32).cast_signed()),
    }
}

/// The slot of a value. 0 is null, so numbers of host references are one more.
pub(crate) fn slot(value: &Value) -> Result<Slot, Failure> {
    let low = match value {
        Value::I32(v) => u64::from(v.cast_unsigned()),
        Value::I64(v) => v.cast_unsigned(),
        Value::F32(v) => u64::from(*v),
        Value::F64(v) => *v,
        Value::FuncRef(false) | Value::ExternRef(None) => 0,
        Value::ExternRef(Some(n)) => u64::from(*n) + 1,
        Value::FuncRef(true) => {
            return Err(Failure::BadCall("only null function references can be passed".into()));
        }
        Value::V128(_) => return Err(Failure::BadCall("this WAVM has no vectors".into())),
    };
    Ok(Slot { low, high: 0 })
}
