//! Where bytes go.

use crate::EncodeError;

/// Most bytes of a number of up to 64 bits.
pub const LONGEST: usize = 10;

/// Where bytes go.
pub trait Sink {
    /// The next bytes, when there is room for so many: a number is written there without further checks. What is
    /// written does not count before [`Sink::advance`].
    fn window(&mut self) -> Option<&mut [u8; LONGEST]>;

    /// Counts the first `len` bytes of the window as written; `len` is not above [`LONGEST`].
    fn advance(&mut self, len: usize);

    /// Adds bytes.
    fn extend(&mut self, bytes: &[u8]) -> Result<(), EncodeError>;
}
