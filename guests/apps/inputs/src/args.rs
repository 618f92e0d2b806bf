//! Arguments that are whole numbers.

use std::ops::RangeInclusive;

use runoff_guest_program::Io;

/// The exit code for arguments that make no sense.
const USAGE: i32 = 2;

/// A number that a program takes.
#[derive(Debug)]
pub struct Number {
    /// What it is called in messages.
    pub name: &'static str,
    /// What it may be.
    pub range: RangeInclusive<usize>,
    /// What it is when it is left out; only the last ones may be.
    pub default: Option<usize>,
}

/// Reads the numbers that a program takes.
///
/// # Errors
/// Says which argument is missing, too much, or not what it may be.
pub fn numbers<const N: usize>(args: &[&str], wanted: &[Number; N]) -> Result<[usize; N], String> {
    if let Some(extra) = args.get(N) {
        return Err(format!("unexpected argument {extra:?}"));
    }
    let mut values = [0; N];
    for (index, number) in wanted.iter().enumerate() {
        let Number { name, range, default } = number;
        values[index] = match (args.get(index), default) {
            (None, Some(value)) => *value,
            (None, None) => return Err(format!("{name} is missing")),
            (Some(arg), _) => arg.parse().ok().filter(|value| range.contains(value)).ok_or_else(|| {
                format!(
                    "{name} must be a whole number from {} to {}, not {arg:?}",
                    range.start(),
                    range.end()
                )
            })?,
        };
    }
    Ok(values)
}

/// Says on standard error what is wrong and what would be right; gives the exit code for it.
pub fn refuse(io: &mut dyn Io, program: &str, message: &str, usage: &str) -> i32 {
    // There is nowhere left to report that the report could not be written.
    let _ = io.err(format!("{program}: {message}\nusage: {program} {usage}\n").as_bytes());
    USAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_or_refused() {
        let wanted = [
            Number { name: "SIDE", range: 1..=9, default: None },
            Number { name: "TIMES", range: 1..=5, default: Some(1) },
        ];
        assert_eq!(numbers(&["3"], &wanted), Ok([3, 1]));
        assert_eq!(numbers(&["3", "5"], &wanted), Ok([3, 5]));
        for args in [&[][..], &["0"], &["10"], &["x"], &["-1"], &["3", "6"], &["3", "5", "1"]] {
            assert!(numbers(args, &wanted).is_err(), "{args:?}");
        }
    }
}
