//! Symbols for imports.
//!
//! A module's imports become undefined symbols of its shared object, named when it is compiled, so the program
//! must have them before it knows any module. It has [`SLOTS`] of them: the n-th import of a module is bound
//! to the n-th. Each puts its number in a register and goes to one entry that spills every register an argument
//! can be in, so that [`dispatch`] reads arguments of any signature.

#![expect(unsafe_code, reason = "the calling convention is only visible in assembly")]

use std::arch::global_asm;

use lucet_runtime::vmctx::lucet_vmctx;
use runoff_runtime::{FuncType, Value, ValueType};

use crate::host;

/// Most functions a module may import.
pub(crate) const SLOTS: usize = 256;

/// Symbol of a slot.
pub(crate) fn symbol(slot: usize) -> String {
    format!("runoff_host_{slot}")
}

global_asm!(
    ".altmacro",
    ".macro runoff_host_slot n",
    ".globl runoff_host_\\n",
    ".type runoff_host_\\n, @function",
    "runoff_host_\\n:",
    "mov eax, \\n",
    "jmp runoff_host_enter",
    ".endm",
    "runoff_host_enter:",
    "push rbp",
    "mov rbp, rsp",
    // Registers: six integers, eight floats. The stack stays aligned to 16 bytes.
    "sub rsp, 112",
    "mov [rsp], rdi",
    "mov [rsp + 8], rsi",
    "mov [rsp + 16], rdx",
    "mov [rsp + 24], rcx",
    "mov [rsp + 32], r8",
    "mov [rsp + 40], r9",
    "movsd [rsp + 48], xmm0",
    "movsd [rsp + 56], xmm1",
    "movsd [rsp + 64], xmm2",
    "movsd [rsp + 72], xmm3",
    "movsd [rsp + 80], xmm4",
    "movsd [rsp + 88], xmm5",
    "movsd [rsp + 96], xmm6",
    "movsd [rsp + 104], xmm7",
    "mov edi, eax",
    "mov rsi, rsp",
    // Behind the saved frame pointer and the return address.
    "lea rdx, [rbp + 16]",
    "call {dispatch}",
    // The result is in one register or the other; callers read the right one.
    "movq xmm0, rax",
    "leave",
    "ret",
    ".set runoff_host_number, 0",
    ".rept {slots}",
    "runoff_host_slot %runoff_host_number",
    ".set runoff_host_number, runoff_host_number + 1",
    ".endr",
    ".noaltmacro",
    dispatch = sym dispatch,
    slots = const SLOTS,
);

/// Registers as the entry spills them.
#[repr(C)]
struct Registers {
    integers: [u64; 6],
    floats: [u64; 8],
}

/// Arguments of one call, in order.
pub(crate) struct Arguments<'a> {
    registers: &'a Registers,
    stack: *const u64,
    integers: usize,
    floats: usize,
}

impl Arguments<'_> {
    /// Where the guest's stack ends now.
    pub(crate) fn stack_pointer(&self) -> usize {
        std::ptr::from_ref(self.registers) as usize
    }

    /// The next argument, which must be of this type.
    ///
    /// # Safety
    ///
    /// The caller of the slot passed arguments of the types asked for, in this order.
    pub(crate) unsafe fn next(&mut self, ty: ValueType) -> Value {
        let float = matches!(ty, ValueType::F32 | ValueType::F64);
        let (taken, registers) = if float {
            (&mut self.floats, &self.registers.floats[..])
        } else {
            (&mut self.integers, &self.registers.integers[..])
        };
        let slot = if let Some(slot) = registers.get(*taken) {
            *taken += 1;
            *slot
        } else {
            // SAFETY: registers of this kind are used up, so the argument is next on the stack.
            unsafe {
                let slot = self.stack.read();
                self.stack = self.stack.add(1);
                slot
            }
        };
        from_slot(ty, slot)
    }
}

/// A value from a register. Bits above a 32-bit value are not defined.
fn from_slot(ty: ValueType, slot: u64) -> Value {
    match ty {
        ValueType::I64 => Value::I64(slot.cast_signed()),
        ValueType::F32 => Value::F32(slot as u32),
        ValueType::F64 => Value::F64(slot),
        // The validator lets no other types in.
        _ => Value::I32((slot as u32).cast_signed()),
    }
}

/// A value as a register.
fn into_slot(value: Value) -> u64 {
    match value {
        Value::I32(v) => u64::from(v.cast_unsigned()),
        Value::I64(v) => v.cast_unsigned(),
        Value::F32(v) => u64::from(v),
        Value::F64(v) => v,
        _ => 0,
    }
}

/// What every slot calls.
///
/// # Safety
///
/// Called by the entry above, for a slot that compiled code called with a module's context and the arguments of
/// the import bound to it.
unsafe extern "C" fn dispatch(slot: u32, registers: *const Registers, stack: *const u64) -> u64 {
    // SAFETY: on our caller's stack.
    let registers = unsafe { &*registers };
    // The first argument of every function is the context.
    let context = registers.integers[0] as *mut lucet_vmctx;
    let arguments = Arguments { registers, stack, integers: 1, floats: 0 };
    // SAFETY: promised by the caller.
    unsafe { host::call(context, slot as usize, arguments) }.map_or(0, into_slot)
}

/// Whether a type can cross a slot.
pub(crate) fn passes(ty: &FuncType) -> bool {
    let number =
        |t: &ValueType| matches!(t, ValueType::I32 | ValueType::I64 | ValueType::F32 | ValueType::F64);
    ty.results.len() <= 1 && ty.params.iter().chain(&ty.results).all(number)
}
