//! What can go wrong in a guest.

/// Fails in the way asked for: 1 panics, 2 indexes out of bounds, 3 recurses without end; others return.
///
/// # Panics
///
/// As asked.
#[runoff_guest::export]
pub fn fail(how: u32) -> u32 {
    match how {
        1 => panic!("as asked"),
        2 => [1, 2, 3][core::hint::black_box(how as usize + 1)],
        3 => descend(how),
        other => other,
    }
}

#[expect(unconditional_recursion, reason = "the point")]
#[inline(never)]
fn descend(n: u32) -> u32 {
    let space = core::hint::black_box([n; 16]);
    descend(n + 1).wrapping_add(space[n as usize % 16])
}

/// Grows memory by pages, as an allocator would behind the host's back; pages before, or -1.
#[runoff_guest::export]
pub fn grow(pages: u32) -> i32 {
    #[cfg(target_arch = "wasm32")]
    {
        core::arch::wasm32::memory_grow::<0>(pages as usize).cast_signed() as i32
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = pages;
        -1
    }
}
