//! Host functions as WAMR calls them, and values in its cells.

#![expect(unsafe_code, reason = "WAMR is a C library")]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use runoff_runtime::{Caller, Failure, FuncType, HostFunc, HostState, Value, ValueType};
use wamrx_sys as wamr;

use super::ffi;
use crate::support::Stopped;

/// What host functions of one instance share.
pub(super) struct HostData {
    pub(super) state: HostState,
    /// By import.
    pub(super) funcs: Vec<HostFunc>,
    /// Why the last host function did not return.
    pub(super) stopped: Option<Failure>,
    /// A panic on its way through the C frames.
    pub(super) panic: Option<Box<dyn Any + Send>>,
}

/// Why a host function of this type cannot be called from WAMR; `None` when it can.
pub(super) fn unsupported(ty: &FuncType) -> Option<&'static str> {
    let is_ref = |ty: &ValueType| matches!(ty, ValueType::FuncRef | ValueType::ExternRef);
    let mut types = ty.params.iter().chain(&ty.results);
    if ty.results.len() > 1 {
        Some("WAMR's host functions have at most one result")
    } else if types.clone().any(is_ref) {
        Some("WAMR does not pass references to host functions")
    } else if types.any(|ty| *ty == ValueType::V128) {
        Some("WAMR does not pass vectors to host functions")
    } else {
        None
    }
}

/// The one function WAMR calls for every import: arguments in a slot each, the result in the first.
///
/// # Safety
///
/// Called by WAMR for an import of an instance whose custom data is a [`HostData`] that is alive, with the
/// import's place in it as attachment. The import's type is that of the function there, and `slots` has a
/// slot for each argument and one for the result.
pub(super) unsafe extern "C" fn host_call(stack: wamr::wasm_exec_env_t, slots: *mut u64) {
    // SAFETY: promised by the caller; the instance is running, so nobody else borrows its host data.
    let (instance, index, host) = unsafe {
        let instance = wamr::wasm_runtime_get_module_inst(stack);
        let index = wamr::wasm_runtime_get_function_attachment(stack).addr();
        (instance, index, &mut *wamr::wasm_runtime_get_custom_data(instance).cast::<HostData>())
    };
    let HostData { state, funcs, stopped, panic } = host;
    let ended = match funcs.get(index) {
        Some(func) => {
            let count = func.ty().params.len().max(func.ty().results.len());
            // SAFETY: promised by the caller.
            let slots = unsafe { std::slice::from_raw_parts_mut(slots, count) };
            // SAFETY: the guest waits for us.
            let memory = unsafe { ffi::memory(instance) }.unwrap_or_default();
            catch_unwind(AssertUnwindSafe(|| run(func, slots, memory, state)))
        }
        None => Ok(Err(Failure::Engine("an import nobody linked".into()))),
    };
    match ended {
        Ok(Ok(())) => return,
        Ok(Err(failure)) => *stopped = Some(failure),
        Err(payload) => *panic = Some(payload),
    }
    // SAFETY: the instance is alive, the text a constant.
    unsafe { wamr::wasm_runtime_set_exception(instance, c"stopped by a host function".as_ptr()) };
}

fn run(func: &HostFunc, slots: &mut [u64], memory: &mut [u8], state: &mut HostState) -> Result<(), Failure> {
    // Host functions have few parameters: the values live on the stack.
    let mut space = [Value::I32(0); 16];
    let mut heap = Vec::new();
    let ty = func.ty();
    let count = ty.params.len() + ty.results.len();
    let values: &mut [Value] = if count <= space.len() {
        &mut space[..count]
    } else {
        heap.resize(count, Value::I32(0));
        &mut heap
    };
    let (args, results) = values.split_at_mut(ty.params.len());
    for ((arg, ty), slot) in args.iter_mut().zip(&ty.params).zip(slots.iter()) {
        *arg = number(*ty, *slot);
    }
    for (result, ty) in results.iter_mut().zip(&ty.results) {
        *result = Value::default_of(*ty);
    }
    func.call(&mut Caller { memory, state }, args, results).map_err(|f| Stopped::from(f).0)?;
    for (slot, result) in slots.iter_mut().zip(results.iter()) {
        *slot = bits(result);
    }
    Ok(())
}

/// A number from its bits.
pub(super) fn number(ty: ValueType, bits: u64) -> Value {
    match ty {
        ValueType::I64 => Value::I64(bits.cast_signed()),
        ValueType::F32 => Value::F32(bits as u32),
        ValueType::F64 => Value::F64(bits),
        // References never get here: see `unsupported`.
        _ => Value::I32((bits as u32).cast_signed()),
    }
}

fn bits(value: &Value) -> u64 {
    match value {
        Value::I32(v) => u64::from(v.cast_unsigned()),
        Value::I64(v) => v.cast_unsigned(),
        Value::F32(v) => u64::from(*v),
        Value::F64(v) => *v,
        _ => 0,
    }
}

/// WAMR's null function reference.
const NULL_FUNC: u32 = u32::MAX;
/// WAMR's null host reference, going in; coming out it is 0.
const NULL_EXTERN: u64 = u64::MAX;

/// Cells of 32 bits a value takes in a call.
pub(super) fn width(ty: ValueType) -> usize {
    match ty {
        ValueType::I32 | ValueType::F32 | ValueType::FuncRef => 1,
        // A host reference is a pointer.
        ValueType::I64 | ValueType::F64 | ValueType::ExternRef => 2,
        ValueType::V128 => 4,
    }
}

/// Appends an argument to the cells of a call.
pub(super) fn push(cells: &mut Vec<u32>, value: &Value) -> Result<(), Failure> {
    let mut wide = |bits: u64| cells.extend([bits as u32, (bits >> 32) as u32]);
    match value {
        Value::I64(v) => wide(v.cast_unsigned()),
        Value::F64(v) => wide(*v),
        Value::ExternRef(None) => wide(NULL_EXTERN),
        // 0 is null coming out, so numbers are one more.
        Value::ExternRef(Some(n)) => wide(u64::from(*n) + 1),
        Value::I32(v) => cells.push(v.cast_unsigned()),
        Value::F32(v) => cells.push(*v),
        Value::FuncRef(false) => cells.push(NULL_FUNC),
        Value::FuncRef(true) => {
            return Err(Failure::BadCall("only null function references can be passed".into()));
        }
        Value::V128(bytes) => {
            cells.extend(
                bytes.chunks_exact(4).map(|cell| u32::from_le_bytes([cell[0], cell[1], cell[2], cell[3]])),
            );
        }
    }
    Ok(())
}

/// Takes a result from the cells of a call.
pub(super) fn pop(cells: &mut &[u32], ty: ValueType) -> Value {
    if ty == ValueType::V128 {
        let mut bytes = [0; 16];
        let (own, rest) = cells.split_at_checked(4).unwrap_or_default();
        for (chunk, cell) in bytes.chunks_exact_mut(4).zip(own) {
            chunk.copy_from_slice(&cell.to_le_bytes());
        }
        *cells = rest;
        return Value::V128(bytes);
    }
    let (low, rest) = cells.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
    *cells = rest;
    if width(ty) == 1 {
        return match ty {
            ValueType::FuncRef => Value::FuncRef(low != NULL_FUNC),
            ty => number(ty, u64::from(low)),
        };
    }
    let (high, rest) = cells.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
    *cells = rest;
    let bits = u64::from(low) | u64::from(high) << 32;
    match ty {
        ValueType::ExternRef => Value::ExternRef(bits.checked_sub(1).and_then(|n| u32::try_from(n).ok())),
        ty => number(ty, bits),
    }
}
