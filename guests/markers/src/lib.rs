//! A program that says which part of it is to be measured: it makes numbers, calls `bench.start`, sorts them,
//! calls `bench.end`, and prints a checksum.
//!
//! The two imports are the protocol of the Sightglass suite. Preparation and printing take time as well, so a tool
//! that ignored the marks would report something visibly different.
#![forbid(unsafe_code)]

use core::fmt::{self, Write};

/// How many numbers are sorted: about a millisecond of work.
pub const COUNT: usize = 1 << 16;

/// The standard output of the program.
pub const EXPECTED: &str = "16163918578628468599\n";

/// The numbers in the order in which they are made: a full-period xorshift generator, so all are different.
pub fn prepare(count: usize) -> Vec<u32> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    (0..count).map(|_| next()).collect()
}

/// The part between the marks.
#[inline(never)]
pub fn work(numbers: &mut [u32]) {
    numbers.sort_unstable();
}

/// A number that depends on every number and on its place.
pub fn checksum(numbers: &[u32]) -> u64 {
    numbers.iter().fold(0xcbf2_9ce4_8422_2325, |sum: u64, &number| {
        (sum ^ u64::from(number)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The program: calls `start` and `end` around the work, prints the checksum, and gives the exit code, which is 1
/// when `out` cannot be written.
pub fn main_with(start: &mut dyn FnMut(), end: &mut dyn FnMut(), out: &mut dyn Write) -> i32 {
    let mut numbers = prepare(COUNT);
    start();
    work(&mut numbers);
    end();
    match writeln!(out, "{}", checksum(&numbers)) {
        Ok(()) => 0,
        Err(fmt::Error) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn marks_enclose_the_work() {
        let marks = RefCell::new(Vec::new());
        let mut out = String::new();
        let code = main_with(
            &mut || marks.borrow_mut().push("start"),
            &mut || marks.borrow_mut().push("end"),
            &mut out,
        );
        assert_eq!((code, out.as_str()), (0, EXPECTED));
        assert_eq!(marks.into_inner(), ["start", "end"]);
    }

    #[test]
    fn the_checksum_sees_the_order() {
        let numbers = prepare(100);
        let mut sorted = numbers.clone();
        work(&mut sorted);
        assert!(sorted.is_sorted());
        assert_ne!(checksum(&numbers), checksum(&sorted));
    }
}
