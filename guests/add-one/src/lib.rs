//! The smallest possible call: one addition.
//!
//! What is left of its cost is the cost of calling, so it is the sample for comparing compile, instantiate and
//! call overhead rather than code quality.
#![no_std]
#![forbid(unsafe_code)]

/// The answer for the argument the samples are called with, 10.
pub const EXPECTED_FOR_10: u32 = 11;

/// `n + 1`, modulo 2³², as the wasm instruction `i32.add` defines it.
#[inline(never)]
pub fn run(n: u32) -> u32 {
    n.wrapping_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_one_and_wraps() {
        assert_eq!(run(10), EXPECTED_FOR_10);
        assert_eq!(run(0), 1);
        assert_eq!(run(u32::MAX), 0);
    }
}
