//! Calls to calls: the naive recursive Fibonacci function with `f(0) = f(1) = 1`.
//!
//! Nearly all of its time is call and return, so it compares how runtimes call one guest function from another.
//! By the definition `f(n)` costs [`calls`]`(n)` calls, 177 for the argument 10. The optimiser turns the second of
//! the two calls into a loop that accumulates (it knows that addition can be reordered), for wasm and for native
//! code alike; the first one remains a call, so about half of those calls are really made on both sides.
#![no_std]
#![forbid(unsafe_code)]

/// The answer for the argument the samples are called with, 10.
pub const EXPECTED_FOR_10: u32 = 89;

/// The Fibonacci number of `n`, counted from `f(0) = f(1) = 1`, modulo 2³² (the first to wrap is `f(47)`).
///
/// Deliberately the naive definition: the time it takes grows like the result.
pub fn run(n: u32) -> u32 {
    recurse(n)
}

// A private function: a public one would call itself through a table of addresses in position-independent native
// code, which the wasm side does not have to do.
fn recurse(n: u32) -> u32 {
    if n < 2 { 1 } else { recurse(n - 1).wrapping_add(recurse(n - 2)) }
}

/// How many calls the definition of [`run`]`(n)` asks for, itself included: `2·f(n) − 1`.
///
/// The largest argument whose result is exact is 91; larger ones wrap modulo 2⁶⁴.
pub fn calls(n: u32) -> u64 {
    let (mut a, mut b) = (1_u64, 1_u64);
    for _ in 0..n {
        (a, b) = (b, a.wrapping_add(b));
    }
    a.wrapping_mul(2).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_values() {
        let first = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, EXPECTED_FOR_10, 144];
        for (n, want) in (0_u32..).zip(first) {
            assert_eq!(run(n), want, "f({n})");
        }
    }

    #[test]
    fn number_of_calls() {
        assert_eq!(calls(0), 1);
        assert_eq!(calls(10), 177);
        assert_eq!(calls(42), 866_988_873);
    }
}
