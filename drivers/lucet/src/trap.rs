//! Traps that Lucet gives one name and the specification two.
//!
//! An empty table element has a type number no type has, so that calling it is a "bad signature". And the
//! processor has one fault for both ways a division fails. The compared number and the divisor are in
//! registers when the trap comes; which register stands in the instruction.

#![expect(unsafe_code, reason = "registers of a trap are found in a signal's context")]

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use libc::{
    REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RAX, REG_RBP, REG_RBX, REG_RCX,
    REG_RDI, REG_RDX, REG_RIP, REG_RSI, REG_RSP, siginfo_t, ucontext_t,
};
use lucet_runtime::{Instance, SignalBehavior, TrapCode};
use runoff_runtime::Trap;

/// Places of registers in a context, in the processor's numbering.
const REGISTERS: [i32; 16] = [
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI, REG_R8, REG_R9, REG_R10, REG_R11,
    REG_R12, REG_R13, REG_R14, REG_R15,
];
/// Type number of an empty element.
const EMPTY: u64 = u64::MAX;
/// Longest instruction sequence looked at before a trap: a comparison with 32 bits, and a short jump.
const BEFORE: usize = 9;

const NOTHING: u8 = 0;
const NULL: u8 = 1;
const OVERFLOW: u8 = 2;

/// What the trap of an instance's last call was, where Lucet's name for it is not enough.
pub(crate) struct Witness(Arc<AtomicU8>);

impl Witness {
    /// Watches the traps of an instance from now on.
    pub(crate) fn of(instance: &mut Instance) -> Self {
        let seen = Arc::new(AtomicU8::new(NOTHING));
        let told = Arc::clone(&seen);
        instance.set_signal_handler(move |_, code, _, _: *const siginfo_t, context: *const c_void| {
            // SAFETY: the last argument of a handler is the context of the signal, here of compiled code.
            let what = unsafe { look(code.as_ref(), &*context.cast::<ucontext_t>()) };
            told.store(what, Ordering::Relaxed);
            SignalBehavior::Default
        });
        Self(seen)
    }

    /// A better name for the last trap.
    pub(crate) fn take(&self) -> Option<Trap> {
        match self.0.swap(NOTHING, Ordering::Relaxed) {
            NULL => Some(Trap::NullReference),
            OVERFLOW => Some(Trap::IntegerOverflow),
            _ => None,
        }
    }
}

/// # Safety
///
/// The context is that of a trap in compiled code, with code before and after it.
unsafe fn look(code: Option<&TrapCode>, context: &ucontext_t) -> u8 {
    let registers = &context.uc_mcontext.gregs;
    let value = |number: u8| registers[REGISTERS[usize::from(number)] as usize].cast_unsigned();
    let at = registers[REG_RIP as usize] as usize;
    match code {
        Some(TrapCode::BadSignature) => {
            // SAFETY: a function begins with longer code than this, which the processor has just run.
            let code = unsafe { &*((at - BEFORE) as *const [u8; BEFORE]) };
            match compared(code) {
                Some(number) if value(number) == EMPTY => NULL,
                _ => NOTHING,
            }
        }
        Some(TrapCode::IntegerDivByZero) => {
            // SAFETY: the instruction that trapped, and behind every function there is another or padding.
            let code = unsafe { &*(at as *const [u8; 3]) };
            match divisor(code) {
                Some((number, true)) if value(number) != 0 => OVERFLOW,
                Some((number, false)) if value(number) as u32 != 0 => OVERFLOW,
                _ => NOTHING,
            }
        }
        _ => NOTHING,
    }
}

/// The register a `cmp` of 64 bits with a constant reads, when code ends with that and a short `je`.
fn compared(code: &[u8; BEFORE]) -> Option<u8> {
    let register = |prefix: u8, operand: u8| {
        (prefix & 0xfe == 0x48 && operand & 0xf8 == 0xf8).then_some(operand & 7 | (prefix & 1) << 3)
    };
    match *code {
        [.., prefix, 0x83, operand, _, 0x74, 2] if register(prefix, operand).is_some() => {
            register(prefix, operand)
        }
        [prefix, 0x81, operand, .., 0x74, 2] => register(prefix, operand),
        _ => None,
    }
}

/// The register an `idiv` divides by, and whether it divides 64 bits.
fn divisor(code: &[u8; 3]) -> Option<(u8, bool)> {
    let (prefix, code) = match *code {
        [prefix @ 0x40..=0x4f, a, b] => (prefix, [a, b]),
        [a, b, _] => (0x40, [a, b]),
    };
    match code {
        [0xf7, operand] if operand & 0xf8 == 0xf8 => Some((operand & 7 | (prefix & 1) << 3, prefix & 8 != 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_name_their_register() {
        // cmp rdx, 4
        assert_eq!(compared(&[1, 0x14, 1, 0x48, 0x83, 0xfa, 4, 0x74, 2]), Some(2));
        // cmp r9, 300
        assert_eq!(compared(&[0x49, 0x81, 0xf9, 0x2c, 1, 0, 0, 0x74, 2]), Some(9));
        // cmp ecx, 300 is no comparison of types.
        assert_eq!(compared(&[0x81, 0xf9, 0x2c, 1, 0, 0, 0, 0x74, 2]), None);
    }

    #[test]
    fn divisions_name_their_divisor() {
        // idiv ecx; idiv rcx; idiv r10
        assert_eq!(divisor(&[0xf7, 0xf9, 0x5d]), Some((1, false)));
        assert_eq!(divisor(&[0x48, 0xf7, 0xf9]), Some((1, true)));
        assert_eq!(divisor(&[0x49, 0xf7, 0xfa]), Some((10, true)));
        // div ecx never overflows.
        assert_eq!(divisor(&[0xf7, 0xf1, 0x5d]), None);
    }
}
