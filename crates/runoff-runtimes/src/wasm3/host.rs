//! Host functions as wasm3 calls them.

#![expect(unsafe_code, reason = "wasm3 is a C library")]

use std::any::Any;
use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{NonNull, null};

use runoff_runtime::{Caller, Failure, HostFunc, HostState, Value, ValueType};
use wasm3x_sys as m3;

use super::ffi;
use crate::support::Stopped;

/// What host functions of one machine share.
pub(super) struct HostData {
    pub(super) state: HostState,
    /// Why the last host function did not return.
    pub(super) stopped: Option<Failure>,
    /// A panic on its way through the C frames.
    pub(super) panic: Option<Box<dyn Any + Send>>,
}

/// One linked host function.
pub(super) struct HostEntry {
    pub(super) func: HostFunc,
    pub(super) host: NonNull<HostData>,
}

/// The trap a stopped host function ends the call with; known by its address.
pub(super) static STOPPED: &CStr = c"[trap] stopped by a host function";

/// A value from its slot.
pub(super) fn from_slot(ty: ValueType, slot: u64) -> Value {
    match ty {
        ValueType::I32 => Value::I32((slot as u32).cast_signed()),
        ValueType::I64 => Value::I64(slot.cast_signed()),
        ValueType::F32 => Value::F32(slot as u32),
        ValueType::F64 => Value::F64(slot),
        ValueType::FuncRef => Value::FuncRef(slot != 0),
        // Zero is null, so numbers are one more.
        ValueType::ExternRef => Value::ExternRef(slot.checked_sub(1).and_then(|n| u32::try_from(n).ok())),
        // wasm3 has no vectors; the validator lets none in.
        ValueType::V128 => Value::V128([0; 16]),
    }
}

/// A value's slot.
pub(super) fn into_slot(value: &Value) -> Result<u64, Failure> {
    Ok(match value {
        Value::I32(v) => u64::from(v.cast_unsigned()),
        Value::I64(v) => v.cast_unsigned(),
        Value::F32(v) => u64::from(*v),
        Value::F64(v) => *v,
        Value::FuncRef(false) | Value::ExternRef(None) => 0,
        Value::ExternRef(Some(n)) => u64::from(*n) + 1,
        Value::FuncRef(true) => {
            return Err(Failure::BadCall("only null function references can be passed".into()));
        }
        Value::V128(_) => return Err(Failure::BadCall("wasm3 has no vectors".into())),
    })
}

/// The one function wasm3 calls for every import.
///
/// # Safety
///
/// Called by wasm3 for an import linked by `Machine::link` with a [`HostEntry`] that is alive, and with a slot
/// at `sp` for each result and then each argument of the import, whose type is that of the entry's function.
pub(super) unsafe extern "C" fn host_call(
    runtime: m3::IM3Runtime,
    context: m3::IM3ImportContext,
    sp: *mut u64,
    _memory: *mut c_void,
) -> *const c_void {
    // SAFETY: promised by the caller; the machine is running, so nobody else borrows its host data.
    let (entry, host) = unsafe {
        let entry = &*(*context).userdata.cast::<HostEntry>();
        (entry, &mut *entry.host.as_ptr())
    };
    let ty = entry.func.ty();
    // SAFETY: promised by the caller.
    let slots = unsafe { std::slice::from_raw_parts_mut(sp, ty.results.len() + ty.params.len()) };
    // SAFETY: the guest waits for us.
    let memory = unsafe { ffi::memory(runtime) };
    let ended = catch_unwind(AssertUnwindSafe(|| run(&entry.func, slots, memory, &mut host.state)));
    match ended {
        Ok(Ok(())) => return null(),
        Ok(Err(failure)) => host.stopped = Some(failure),
        Err(panic) => host.panic = Some(panic),
    }
    STOPPED.as_ptr().cast()
}

fn run(func: &HostFunc, slots: &mut [u64], memory: &mut [u8], state: &mut HostState) -> Result<(), Failure> {
    // Host functions have few parameters: the values live on the stack.
    let mut space = [Value::I32(0); 16];
    let mut heap = Vec::new();
    let values: &mut [Value] = if slots.len() <= space.len() {
        &mut space[..slots.len()]
    } else {
        heap.resize(slots.len(), Value::I32(0));
        &mut heap
    };
    let ty = func.ty();
    let (results, args) = values.split_at_mut(ty.results.len());
    for ((arg, ty), slot) in args.iter_mut().zip(&ty.params).zip(&slots[ty.results.len()..]) {
        *arg = from_slot(*ty, *slot);
    }
    for (result, ty) in results.iter_mut().zip(&ty.results) {
        *result = Value::default_of(*ty);
    }
    func.call(&mut Caller { memory, state }, args, results).map_err(|f| Stopped::from(f).0)?;
    for (slot, result) in slots.iter_mut().zip(results.iter()) {
        *slot = into_slot(result)?;
    }
    Ok(())
}
