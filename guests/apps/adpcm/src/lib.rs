//! IMA ADPCM: 16-bit sound in 4 bits a sample, from the recommendation of the Interactive Multimedia Association.
//!
//! Each code is a sign and three bits of a multiple of the step; the step follows the codes through a table.
#![forbid(unsafe_code)]

pub mod decode;
pub mod encode;
mod state;

pub use state::State;

#[cfg(test)]
mod tests;
