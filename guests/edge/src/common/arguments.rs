//! Arguments of the commands.

use std::ops::RangeInclusive;

use runoff_guest_program::Io;

/// A whole number within a range.
pub(crate) fn number(text: &str, range: RangeInclusive<usize>) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("{text}: not a whole number from {} to {}", range.start(), range.end()))
}

/// Says why the arguments will not do; gives the exit code.
pub(crate) fn refuse(io: &mut dyn Io, message: &str) -> i32 {
    io.err(format!("{message}\n").as_bytes());
    2
}
