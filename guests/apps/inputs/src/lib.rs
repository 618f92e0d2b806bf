//! What the characterisation programs work on, made from seeds, and how their answers are told apart.
//!
//! Published benchmarks ship photographs, speech and prose. These inputs are generated instead, so that a module
//! needs no files, with the properties that matter to codecs: text repeats its words, pictures have edges, flat parts
//! and noise, sound has harmonics that fade.
#![forbid(unsafe_code)]

mod args;
mod digest;
mod image;
mod random;
mod sound;
mod text;

pub use args::{Number, numbers, refuse};
pub use digest::fnv64;
pub use image::{Picture, picture};
pub use random::Random;
pub use sound::sound;
pub use text::text;
