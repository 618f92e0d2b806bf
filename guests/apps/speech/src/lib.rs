//! Text to speech by rule: letters to sounds, sounds to targets of formants and sources, and these to samples by the
//! cascade synthesiser that Klatt describes (Journal of the Acoustical Society of America 67, 1980).
//!
//! It is one voice without the many rules for English that a real reader has, but it does the same three kinds of
//! work: text by rules, tables, and filters of second order at the rate of the samples. Exponentials and cosines are
//! those of `libm`, so the samples are the same on every machine.
#![forbid(unsafe_code)]

mod klatt;
mod letters;
mod phones;
mod speaker;

use runoff_guest_apps_inputs::{Number, numbers, refuse, text};
use runoff_guest_program::{Io, say};

use speaker::speak;

/// The program: `BYTES` of text to read.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let wanted = [Number { name: "BYTES", range: 0..=1_000_000, default: None }];
    let [bytes] = match numbers(args, &wanted) {
        Ok(values) => values,
        Err(message) => return refuse(io, "speech", &message, "BYTES"),
    };
    let text = String::from_utf8_lossy(&text(7, bytes)).into_owned();
    io.start();
    let (mut samples, mut digest, mut peak) = (0_u64, 0xcbf2_9ce4_8422_2325_u64, 0);
    speak(&text, &mut |piece| {
        samples += piece.len() as u64;
        for sample in piece {
            peak = peak.max(sample.unsigned_abs());
            // FNV-1a over the bytes of the sound.
            for byte in sample.to_le_bytes() {
                digest = (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    });
    io.end();
    let written = say!(io, "{bytes} bytes to {samples} samples up to {peak}: {digest:016x}\n");
    i32::from(!written)
}

#[cfg(test)]
mod tests;
