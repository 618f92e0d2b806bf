//! The coder as a program.

use runoff_guest_apps_inputs::{Number, fnv64, numbers, refuse, sound};
use runoff_guest_program::{Io, say};

use crate::State;

/// Two codes a byte, the first one in the upper half, as the published benchmark packs them.
#[must_use]
pub fn encode(samples: &[i16]) -> Vec<u8> {
    let mut state = State::default();
    samples
        .chunks(2)
        .map(|pair| {
            let first = state.encode(pair[0]);
            first << 4 | pair.get(1).map_or(0, |second| state.encode(*second))
        })
        .collect()
}

/// The program: `SAMPLES`.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let wanted = [Number { name: "SAMPLES", range: 1..=16_000_000, default: None }];
    let [count] = match numbers(args, &wanted) {
        Ok(values) => values,
        Err(message) => return refuse(io, "adpcm-encode", &message, "SAMPLES"),
    };
    let samples = sound(5, count);
    io.start();
    let codes = encode(&samples);
    io.end();
    let written = say!(io, "{count} samples to {} bytes: {:016x}\n", codes.len(), fnv64(&codes));
    i32::from(!written)
}
