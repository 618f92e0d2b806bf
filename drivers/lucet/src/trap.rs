//! Which trap an indirect call met.
//!
//! Lucet keeps the number of a type and an address in each table element, compares the number, and traps with
//! "bad signature" if it differs; an empty element has a number no type has. At that trap the address of the
//! element is in a register, since the call that would have followed reads it again. An empty element in a
//! register is that element: nothing survives an earlier meeting with one.

#![expect(unsafe_code, reason = "registers of a trap are found in a signal's context")]

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use libc::{greg_t, siginfo_t, ucontext_t};
use lucet_runtime::{DlModule, Instance, SignalBehavior, TrapCode};
use lucet_runtime_internals::module::ModuleInternal;

/// Bytes of a table element: the number of its type, then its address.
const ELEMENT: usize = 16;
/// Number of an empty element.
const EMPTY: u64 = u64::MAX;

/// Watches the traps of an instance for empty elements; the answer is in what it returns.
pub(crate) fn watch(instance: &mut Instance, module: &DlModule) -> Arc<AtomicBool> {
    let seen = Arc::new(AtomicBool::new(false));
    let (start, length) = module.table_elements().map_or((0, 0), |t| (t.as_ptr() as usize, t.len()));
    let table = start..start + length * ELEMENT;
    let flag = Arc::clone(&seen);
    instance.set_signal_handler(move |_, code, _, _: *const siginfo_t, context: *const c_void| {
        if matches!(code, Some(TrapCode::BadSignature)) {
            // SAFETY: the third argument of a handler for signals with information is a context.
            let registers = unsafe { &(*context.cast::<ucontext_t>()).uc_mcontext.gregs };
            let empty = |register: &greg_t| {
                let at = *register as usize;
                table.contains(&at)
                    && (at - table.start).is_multiple_of(ELEMENT)
                    // SAFETY: the start of an element of the table, which lives as long as the module.
                    && unsafe { (at as *const u64).read() } == EMPTY
            };
            flag.store(registers.iter().any(empty), Ordering::Relaxed);
        }
        SignalBehavior::Default
    });
    seen
}
