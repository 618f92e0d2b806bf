//! What the applications share: arguments, digests, random numbers, images, digits.

mod arguments;
mod digest;
mod grey;
mod random;
mod strokes;

pub(crate) use arguments::{number, refuse};
pub(crate) use digest::Digest;
pub use grey::Grey;
pub(crate) use grey::level;
pub(crate) use random::Random;
pub(crate) use strokes::{Pen, draw};
