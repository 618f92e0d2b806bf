//! Seven ways to count the bits of a number that are set.

use runoff_guest_apps_inputs::{Number, Random, numbers, refuse};
use runoff_guest_program::{Io, say};

/// A way to count.
pub type Counter = fn(u32) -> u32;

/// All of them by name.
pub const COUNTERS: [(&str, Counter); 7] = [
    ("shift", shift),
    ("clear", clear),
    ("nibbles", nibbles),
    ("bytes", bytes),
    ("fields", fields),
    ("remainder", remainder),
    ("instruction", u32::count_ones),
];

const WANTED: [Number; 1] = [Number { name: "NUMBERS", range: 1..=100_000_000, default: None }];

/// The program: every way counts the bits of the same `NUMBERS` numbers.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [count] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "bitcount", &message, "NUMBERS"),
    };
    let mut totals = [0; COUNTERS.len()];
    io.start();
    for ((_, counter), total) in COUNTERS.iter().zip(&mut totals) {
        *total = total_of(*counter, count);
    }
    io.end();
    let agree = totals.iter().all(|total| *total == totals[0]);
    let said = say!(io, "bits {} agree {agree}\n", totals[0]);
    i32::from(!said)
}

/// The bits of `count` numbers that are a fixed step apart.
#[inline(never)]
fn total_of(counter: Counter, count: usize) -> u64 {
    let mut number = Random::new(31).bits() as u32;
    let mut total = 0;
    for _ in 0..count {
        total += u64::from(counter(number));
        number = number.wrapping_add(0x9e37_79b9);
    }
    total
}

/// Looks at one bit after the other.
pub fn shift(mut number: u32) -> u32 {
    let mut count = 0;
    while number != 0 {
        count += number & 1;
        number >>= 1;
    }
    count
}

/// Clears the lowest bit that is set (Wegner 1960).
pub fn clear(mut number: u32) -> u32 {
    let mut count = 0;
    while number != 0 {
        number &= number - 1;
        count += 1;
    }
    count
}

/// Recursion over half bytes with a table of 16.
pub fn nibbles(number: u32) -> u32 {
    const TABLE: [u8; 16] = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4];
    let count = u32::from(TABLE[(number & 15) as usize]);
    if number < 16 { count } else { count + nibbles(number >> 4) }
}

/// A table of all bytes.
pub fn bytes(number: u32) -> u32 {
    const TABLE: [u8; 256] = {
        let mut table = [0; 256];
        let mut byte = 1;
        while byte < 256 {
            table[byte] = table[byte / 2] + (byte % 2) as u8;
            byte += 1;
        }
        table
    };
    number.to_le_bytes().iter().map(|byte| u32::from(TABLE[usize::from(*byte)])).sum()
}

/// Adds fields of twice the width at each step.
pub fn fields(number: u32) -> u32 {
    const MASKS: [u32; 5] = [0x5555_5555, 0x3333_3333, 0x0f0f_0f0f, 0x00ff_00ff, 0x0000_ffff];
    MASKS.iter().zip(0..).fold(number, |n, (mask, step)| (n & mask) + (n >> (1 << step) & mask))
}

/// Sums of three bits in octal digits, added by a remainder (item 169 of HAKMEM, 1972).
pub fn remainder(number: u32) -> u32 {
    let triples = number - (number >> 1 & 0o33_333_333_333) - (number >> 2 & 0o11_111_111_111);
    ((triples + (triples >> 3)) & 0o30_707_070_707) % 63
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_numbers_below_a_power_of_two() {
        for (name, counter) in COUNTERS {
            // Half of the bits of all numbers of 16 bits are set.
            let total: u32 = (0..1 << 16).map(counter).sum();
            assert_eq!(total, 16 << 15, "{name}");
        }
    }

    #[test]
    fn large_numbers() {
        for (name, counter) in COUNTERS {
            for (number, bits) in
                [(u32::MAX, 32), (0x8000_0000, 1), (0xf0f0_f0f0, 16), (0x0123_4567, 12), (0, 0)]
            {
                assert_eq!(counter(number), bits, "{name} {number:x}");
            }
        }
    }
}
