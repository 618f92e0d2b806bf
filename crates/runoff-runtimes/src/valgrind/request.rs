//! The sequence itself.

/// A request of the tool whose letters are `CT`, Callgrind.
pub(super) const fn callgrind(number: usize) -> usize {
    ((b'C' as usize) << 24 | (b'T' as usize) << 16) + number
}

/// Makes a request; its answer, or 0 where nobody listens.
#[inline(never)]
pub(super) fn request(number: usize, args: [usize; 5]) -> usize {
    let [first, second, third, fourth, fifth] = args;
    send(&[number, first, second, third, fourth, fifth])
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[expect(unsafe_code, reason = "Valgrind is spoken to by instructions")]
fn send(block: &[usize; 6]) -> usize {
    let mut answer = 0_usize;
    // SAFETY: rdi is rotated by 128 bits in all and rbx exchanged with itself, so that without Valgrind only flags
    // change, which are declared as clobbered by default. Valgrind reads six words at rax, which `block` has, and
    // writes rdx, which is an output. What it does to memory (it may write a file) touches nothing of ours.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") block.as_ptr(),
            inout("rdx") answer,
            options(nostack),
        );
    }
    answer
}

#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
#[expect(unsafe_code, reason = "Valgrind is spoken to by instructions")]
fn send(block: &[usize; 6]) -> usize {
    let mut answer = 0_usize;
    // SAFETY: x12 is rotated by 128 bits in all and x10 combined with itself, so that nothing changes without
    // Valgrind. Valgrind reads six words at x4, which `block` has, and writes x3, which is an output.
    unsafe {
        core::arch::asm!(
            "ror x12, x12, #3",
            "ror x12, x12, #13",
            "ror x12, x12, #51",
            "ror x12, x12, #61",
            "orr x10, x10, x10",
            in("x4") block.as_ptr(),
            inout("x3") answer,
            options(nostack),
        );
    }
    answer
}

/// No sequence is known for this processor.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
fn send(_: &[usize; 6]) -> usize {
    0
}
