//! Under Valgrind only: the write of a register that Valgrind does not know.
//!
//! WAMR built for x86-64 leaves the base of linear memory in the GS register for code made ahead of time. Its
//! interpreter never reads it, and Valgrind does not know the instruction (`wrgsbase`): it raises an illegal
//! instruction, which is passed over here.

use std::sync::Once;

/// Length of `wrgsbase` with a 64-bit register.
const LENGTH: usize = 5;

/// Passes over writes of GS from now on, if Valgrind runs this process.
pub(super) fn pass_over_under_valgrind() {
    static ONCE: Once = Once::new();
    if crate::valgrind::running() {
        ONCE.call_once(install);
    }
}

#[expect(unsafe_code, reason = "signal handlers are installed by the system's own call")]
fn install() {
    // SAFETY: an all-zero `sigaction` is a valid one; its fields are set before it is used. The handler reads only
    // what the kernel hands it and calls nothing that is not safe in a handler.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as libc::sighandler_t;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigaction(libc::SIGILL, &raw const action, std::ptr::null_mut());
    }
}

#[expect(unsafe_code, reason = "what a handler is given are pointers")]
extern "C" fn handler(_: libc::c_int, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel (here Valgrind in its place) hands a `ucontext_t` to a handler with `SA_SIGINFO`, and the
    // instruction pointer in it is that of the instruction, whose bytes were just read to be executed.
    unsafe {
        let context = context.cast::<libc::ucontext_t>();
        let pointer = &raw mut (*context).uc_mcontext.gregs[libc::REG_RIP as usize];
        if is_write(*(*pointer as *const [u8; LENGTH])) {
            *pointer += LENGTH as i64;
        } else {
            // Not ours: let it strike as it would have.
            libc::signal(libc::SIGILL, libc::SIG_DFL);
        }
    }
}

/// Whether this is `wrgsbase r64`: F3, REX.W, 0F AE, register form of group member 3.
fn is_write(code: [u8; LENGTH]) -> bool {
    matches!(code, [0xf3, 0x48 | 0x49, 0x0f, 0xae, 0xd8..=0xdf])
}

#[cfg(test)]
mod tests {
    use super::is_write;

    #[test]
    fn only_that_instruction_is_passed_over() {
        assert!(is_write([0xf3, 0x48, 0x0f, 0xae, 0xd8]), "wrgsbase rax");
        assert!(is_write([0xf3, 0x49, 0x0f, 0xae, 0xdf]), "wrgsbase r15");
        assert!(!is_write([0xf3, 0x48, 0x0f, 0xae, 0xd0]), "wrfsbase rax");
        assert!(!is_write([0xf3, 0x48, 0x0f, 0xae, 0x58]), "a memory operand");
        assert!(!is_write([0x0f, 0x0b, 0, 0, 0]), "ud2");
    }
}
