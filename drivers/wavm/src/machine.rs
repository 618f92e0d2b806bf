//! A running module and what ended its last call.

use std::ptr::NonNull;

use runoff_runtime::{Failure, Limits, RuntimeError, Trap, Value, ValueType};

use crate::ffi::{self, Code, RawFunc, RawInstance, Said, Slot};
use crate::host::{HostData, host_call, value};

const PAGE: u64 = 65_536;

/// A function of a machine.
#[derive(Clone, Copy)]
pub(crate) struct Func(NonNull<RawFunc>);

/// A running module with what its host functions share.
pub(crate) struct Machine {
    raw: NonNull<RawInstance>,
    host: NonNull<HostData>,
    said: Box<Said>,
}

impl Machine {
    /// Makes an instance and runs its start function.
    pub(crate) fn new(code: &Code, host: HostData, limits: &Limits) -> Result<Self, RuntimeError> {
        let host = NonNull::from(Box::leak(Box::new(host)));
        let mut said = Box::new(Said::new());
        let mut end = 0;
        // SAFETY: the code is alive; the host data lives until after the instance.
        let raw = unsafe {
            ffi::rw_instantiate(
                code.raw(),
                host_call,
                host.as_ptr().cast(),
                limits.memory_bytes.map_or(u64::MAX, |bytes| bytes / PAGE),
                limits.table_elements.map_or(u64::MAX, u64::from),
                &raw mut end,
                said.words(),
            )
        };
        if let Some(raw) = NonNull::new(raw) {
            return Ok(Self { raw, host, said });
        }
        // SAFETY: leaked above; without an instance nobody else knows of it.
        let mut host = unsafe { Box::from_raw(host.as_ptr()) };
        Err(match failure(end, &mut host, &said) {
            Failure::Engine(words) => RuntimeError::Engine(words),
            failure => RuntimeError::Start(failure),
        })
    }

    /// An exported function.
    pub(crate) fn func(&self, name: &str) -> Option<Func> {
        // SAFETY: the instance is alive, the name readable.
        let func = unsafe { ffi::rw_lookup(self.raw.as_ptr(), name.as_ptr(), name.len()) };
        NonNull::new(func.cast_mut()).map(Func)
    }

    /// Calls a function of this machine; arguments and results must be as many as its type says, and of it.
    #[inline]
    pub(crate) fn call(&mut self, func: Func, args: &[Slot], results: &mut [Slot]) -> Result<(), Failure> {
        // SAFETY: the function is one of this machine, whose callers know its type.
        let end = unsafe {
            ffi::rw_call(
                self.raw.as_ptr(),
                func.0.as_ptr(),
                args.as_ptr(),
                results.as_mut_ptr(),
                self.said.words(),
            )
        };
        if end == 0 { Ok(()) } else { Err(self.failed(end)) }
    }

    #[cold]
    fn failed(&mut self, end: i32) -> Failure {
        // SAFETY: the machine is not running: `&mut self`.
        failure(end, unsafe { self.host.as_mut() }, &self.said)
    }

    /// The first memory.
    pub(crate) fn memory(&mut self) -> Option<&mut [u8]> {
        let mut bytes = 0;
        // SAFETY: the instance is alive and not running: `&mut self`. Base and size describe its memory.
        unsafe {
            let base = ffi::rw_memory(self.raw.as_ptr(), &raw mut bytes);
            (!base.is_null()).then(|| std::slice::from_raw_parts_mut(base, bytes))
        }
    }

    /// The value of an exported global.
    pub(crate) fn global(&self, name: &str) -> Option<Value> {
        let mut bits = 0;
        // SAFETY: the instance is alive, the name readable.
        let kind = unsafe { ffi::rw_global(self.raw.as_ptr(), name.as_ptr(), name.len(), &raw mut bits) };
        let types = [
            ValueType::I32,
            ValueType::I64,
            ValueType::F32,
            ValueType::F64,
            ValueType::FuncRef,
            ValueType::ExternRef,
        ];
        let ty = types.get(usize::from(kind).checked_sub(1)?)?;
        Some(value(*ty, bits))
    }

    /// What host functions share.
    pub(crate) fn host(&mut self) -> &mut HostData {
        // SAFETY: leaked in `new`, freed in `drop`; host functions only borrow it while the machine runs, and
        // then nobody else has `&mut self`.
        unsafe { self.host.as_mut() }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: each was made once and is freed once, users before what they use.
        unsafe {
            ffi::rw_instance_delete(self.raw.as_ptr());
            drop(Box::from_raw(self.host.as_ptr()));
        }
    }
}

/// How a call ended, from the numbers of `rw_end`. A panic of a host function goes on here.
fn failure(end: i32, host: &mut HostData, said: &Said) -> Failure {
    if let Some(panic) = host.panic.take() {
        std::panic::resume_unwind(panic);
    }
    let trap = match end {
        1 => Trap::Unreachable,
        2 => Trap::MemoryOutOfBounds,
        3 => Trap::TableOutOfBounds,
        4 => Trap::NullReference,
        5 => Trap::IndirectCallTypeMismatch,
        6 => Trap::IntegerDivideByZero,
        7 => Trap::IntegerOverflow,
        8 => Trap::InvalidConversionToInteger,
        9 => Trap::StackExhausted,
        10 => {
            let lost = || Failure::Engine("a host function stopped without a reason".into());
            return host.stopped.take().unwrap_or_else(lost);
        }
        _ => return Failure::Engine(format!("WAVM: {}", said.text())),
    };
    Failure::Trap(trap)
}
