//! Face detection by a cascade of boosted rectangle features, as Viola and Jones describe it (Rapid Object Detection
//! using a Boosted Cascade of Simple Features, 2001): integral images, features normalised by the window's contrast,
//! stages that reject early, windows at all places and sizes, overlapping finds merged.
//!
//! The faces are drawn, not photographed, so it is known where they are. The cascade was trained by the crate's own
//! test `trains_the_cascade` on other drawings of the same kind.
#![forbid(unsafe_code)]

mod boxes;
mod cascade;
mod detect;
mod feature;
mod integral;
mod scene;
#[cfg(test)]
mod train;

use runoff_guest_apps_inputs::{Number, fnv64, numbers, refuse};
use runoff_guest_program::{Io, say};

use cascade::CASCADE;
use detect::detect;
use scene::scene;

/// Side of the window that the cascade was trained on.
const WINDOW: usize = 24;

/// The program: `SIDE [SEED]`: finds the faces in a square scene and says how many of them are there.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let wanted = [
        Number { name: "SIDE", range: 64..=2048, default: None },
        Number { name: "SEED", range: 0..=1_000_000, default: Some(1) },
    ];
    let [side, seed] = match numbers(args, &wanted) {
        Ok(values) => values,
        Err(message) => return refuse(io, "faces", &message, "SIDE [SEED]"),
    };
    let (grey, truth) = scene(seed as u64, side);
    io.start();
    let found = detect(CASCADE, &grey);
    io.end();
    let right = truth.iter().filter(|face| found.iter().any(|f| f.overlap(face) > 0.4)).count();
    let bytes: Vec<u8> =
        found.iter().flat_map(|f| [f.x, f.y, f.side]).flat_map(|n| (n as u64).to_le_bytes()).collect();
    let written = say!(
        io,
        "{side} x {side}: {} found, {right} of {} right: {:016x}\n",
        found.len(),
        truth.len(),
        fnv64(&bytes)
    );
    i32::from(!written)
}

#[cfg(test)]
mod tests;
