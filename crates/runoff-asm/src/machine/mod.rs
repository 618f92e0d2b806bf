//! Machine code of x86-64.

mod bounds;
mod classify;
mod count;
mod decode;
mod lines;
mod measure;

pub use classify::count;
pub use count::Counts;
pub use decode::Decoded;
pub(crate) use decode::Reference;
pub use lines::{Line, Names, lines};
pub use measure::Measure;

/// Whether machine code of this machine can be decoded.
pub const fn can_decode() -> bool {
    cfg!(target_arch = "x86_64")
}

#[cfg(test)]
mod tests;
