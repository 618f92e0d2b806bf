//! JPEG both ways, with the crates `jpeg-encoder` and `zune-jpeg`, both without their hand-written vector code: natively
//! it would be chosen by processor, and a module has none.
#![forbid(unsafe_code)]

pub mod decode;
pub mod encode;

use runoff_guest_apps_inputs::Number;

/// `SIDE [TIMES]`: a square picture, so many times.
const WANTED: [Number; 2] = [
    Number { name: "SIDE", range: 1..=4096, default: None },
    Number { name: "TIMES", range: 1..=1_000_000, default: Some(1) },
];

/// What the arguments are.
const USAGE: &str = "SIDE [TIMES]";

/// Quality of all pictures, the usual one of the published benchmark's program.
const QUALITY: u8 = 75;

#[cfg(test)]
mod tests;
