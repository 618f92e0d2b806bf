//! Host functions as toywasm calls them, and values in its cells.

#![expect(unsafe_code, reason = "toywasm is a C library")]

use std::ptr::{NonNull, null, null_mut, without_provenance_mut};

use runoff_runtime::{Failure, HostFunc, Value, ValueType};
use toywasmx_sys as toy;

use super::ffi;
use crate::hosted::{Host, MustStop, Shared, with_values};

/// What host functions of one instance share.
pub(super) struct Data {
    pub(super) host: Host,
    /// The first memory; known before any code of the guest runs.
    pub(super) memory: Option<NonNull<toy::meminst>>,
}

/// One linked host function; what toywasm takes for the instance it belongs to.
pub(super) struct Entry {
    pub(super) func: HostFunc,
    pub(super) data: Shared<Data>,
}

/// What the host answers when the guest must stop; the caller finds out why.
pub(super) const STOPPED: i32 = 5;

/// No value yet.
pub(super) fn zero() -> toy::val {
    // SAFETY: plain data of which all bytes may be zero.
    unsafe { std::mem::zeroed() }
}

/// A value of toywasm.
pub(super) fn to_engine(value: &Value) -> Result<toy::val, Failure> {
    let mut raw = zero();
    match value {
        Value::I32(v) => raw.u.i32_ = v.cast_unsigned(),
        Value::I64(v) => raw.u.i64_ = v.cast_unsigned(),
        Value::F32(bits) => raw.u.i32_ = *bits,
        Value::F64(bits) => raw.u.i64_ = *bits,
        Value::V128(bytes) => raw.u.v128.i8_ = *bytes,
        Value::FuncRef(false) => raw.u.funcref.func = null(),
        Value::FuncRef(true) => {
            return Err(Failure::BadCall("only null function references can be passed".into()));
        }
        // Null is null, so numbers are one more.
        Value::ExternRef(None) => raw.u.externref = null_mut(),
        Value::ExternRef(Some(n)) => raw.u.externref = without_provenance_mut(*n as usize + 1),
    }
    Ok(raw)
}

/// A value of the seam.
///
/// # Safety
///
/// The value must be of this type.
pub(super) unsafe fn from_engine(ty: ValueType, raw: &toy::val) -> Value {
    // SAFETY: promised by the caller.
    unsafe {
        match ty {
            ValueType::I32 => Value::I32(raw.u.i32_.cast_signed()),
            ValueType::I64 => Value::I64(raw.u.i64_.cast_signed()),
            ValueType::F32 => Value::F32(raw.u.i32_),
            ValueType::F64 => Value::F64(raw.u.i64_),
            ValueType::V128 => Value::V128(raw.u.v128.i8_),
            ValueType::FuncRef => Value::FuncRef(!raw.u.funcref.func.is_null()),
            ValueType::ExternRef => {
                let number = raw.u.externref.addr().checked_sub(1);
                Value::ExternRef(number.and_then(|n| u32::try_from(n).ok()))
            }
        }
    }
}

/// The one function toywasm calls for every import.
///
/// # Safety
///
/// Called by toywasm for an import linked with an [`Entry`] that is alive, whose function has the type given,
/// with cells for its arguments and, in the same place, for its results.
pub(super) unsafe extern "C" fn host_call(
    _: *mut toy::exec_context,
    entry: *mut toy::host_instance,
    ty: *const toy::functype,
    params: *const toy::cell,
    results: *mut toy::cell,
) -> i32 {
    // SAFETY: promised by the caller; the instance is running, so nobody else uses its data.
    let (entry, data) = unsafe {
        let entry = &*entry.cast_const().cast::<Entry>();
        (entry, entry.data.get())
    };
    // SAFETY: promised by the caller.
    match unsafe { call(data, &entry.func, ty, params, results) } {
        Ok(()) => 0,
        Err(MustStop) => STOPPED,
    }
}

/// # Safety
///
/// As [`host_call`].
unsafe fn call(
    data: &mut Data,
    func: &HostFunc,
    ty: *const toy::functype,
    params: *const toy::cell,
    cells: *mut toy::cell,
) -> Result<(), MustStop> {
    let types = func.ty();
    let count = types.params.len().max(types.results.len());
    let (mut few, mut many) = ([zero(); 12], Vec::new());
    let raw: &mut [toy::val] = if count <= few.len() {
        &mut few[..count]
    } else {
        many.resize(count, zero());
        &mut many
    };
    // SAFETY: promised by the caller; there is room for every parameter.
    unsafe { toy::vals_from_cells(raw.as_mut_ptr(), params, &raw const (*ty).parameter) };
    with_values(types.params.len() + types.results.len(), |values| {
        let (args, results) = values.split_at_mut(types.params.len());
        for ((arg, ty), raw) in args.iter_mut().zip(&types.params).zip(raw.iter()) {
            // SAFETY: toywasm wrote a value of this type.
            *arg = unsafe { from_engine(*ty, raw) };
        }
        let memory: &mut [u8] = match data.memory {
            // SAFETY: the guest waits for the host function.
            Some(memory) => unsafe { ffi::bytes(memory) },
            None => &mut [],
        };
        data.host.run(func, memory, args, results)?;
        for (raw, result) in raw.iter_mut().zip(results.iter()) {
            *raw = to_engine(result).map_err(|failure| data.host.stop(failure))?;
        }
        Ok(())
    })?;
    // SAFETY: promised by the caller; there is a value for every result.
    unsafe { toy::vals_to_cells(raw.as_ptr(), cells, &raw const (*ty).result) };
    Ok(())
}
