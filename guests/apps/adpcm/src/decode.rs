//! The decoder as a program.

use runoff_guest_apps_inputs::{Number, Random, fnv64, numbers, refuse};
use runoff_guest_program::{Io, say};

use crate::State;

/// The samples of packed codes.
#[must_use]
pub fn decode(codes: &[u8]) -> Vec<i16> {
    let mut state = State::default();
    codes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|code| state.decode(code)).collect()
}

/// The program: `SAMPLES`, an even number; the codes are random, with small ones more frequent as in real sound.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let wanted = [Number { name: "SAMPLES", range: 2..=16_000_000, default: None }];
    let count = match numbers(args, &wanted) {
        Ok([count]) if count.is_multiple_of(2) => count,
        Ok([count]) => return refuse(io, "adpcm-decode", &format!("{count} is not even"), "SAMPLES"),
        Err(message) => return refuse(io, "adpcm-decode", &message, "SAMPLES"),
    };
    let mut random = Random::new(6);
    let codes: Vec<u8> = (0..count / 2)
        .map(|_| {
            // Fewer bits set in the magnitudes than by tossing coins.
            let [a, b, ..] = random.bits().to_le_bytes();
            a & (b | 0x88)
        })
        .collect();
    io.start();
    let samples = decode(&codes);
    io.end();
    let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    let written = say!(io, "{} bytes to {count} samples: {:016x}\n", codes.len(), fnv64(&bytes));
    i32::from(!written)
}
