//! A whole program: prints the Fibonacci number of its argument, counted from `f(0) = f(1) = 1`.
//!
//! With the default argument, 42, it makes 866 988 873 calls by the naive definition and prints 433494437; the
//! published comparison of runtimes with this program times it from the outside, start-up included.
#![forbid(unsafe_code)]

use core::fmt::{self, Write};

/// The argument used when none is given.
pub const DEFAULT: u32 = 42;

/// The largest argument whose result fits 32 bits.
pub const LARGEST: u32 = 46;

/// The exit code for arguments that make no sense.
pub const USAGE: i32 = 2;

/// The standard output of the program started without arguments.
pub const EXPECTED_DEFAULT: &str = "433494437\n";

/// The Fibonacci number of `n` by the naive recursion; `n` must not be larger than [`LARGEST`].
pub fn fibo(n: u32) -> u32 {
    recurse(n)
}

// A private function: a public one would call itself through a table of addresses in position-independent native
// code, which the wasm side does not have to do.
fn recurse(n: u32) -> u32 {
    if n < 2 { 1 } else { recurse(n - 1) + recurse(n - 2) }
}

/// The program: `args` without the program's name, its standard output and standard error, its exit code.
///
/// The code is 0, [`USAGE`] with a message on `err`, or 1 when `out` cannot be written.
pub fn main_with(args: &[&str], out: &mut dyn Write, err: &mut dyn Write) -> i32 {
    match parse(args) {
        Ok(n) => match writeln!(out, "{}", fibo(n)) {
            Ok(()) => 0,
            Err(fmt::Error) => 1,
        },
        Err(message) => {
            // There is nowhere left to report that the report could not be written.
            let _ = writeln!(err, "fibo: {message}\nusage: fibo [N]    (0 to {LARGEST}, default {DEFAULT})");
            USAGE
        }
    }
}

fn parse(args: &[&str]) -> Result<u32, String> {
    match args {
        [] => Ok(DEFAULT),
        [arg] => match arg.parse() {
            Ok(n) if n <= LARGEST => Ok(n),
            _ => Err(format!("N must be a whole number from 0 to {LARGEST}, not {arg:?}")),
        },
        _ => Err(format!("expected at most one argument, got {}", args.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(args: &[&str]) -> (i32, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        let code = main_with(args, &mut out, &mut err);
        (code, out, err)
    }

    #[test]
    fn prints_the_number() {
        assert_eq!(outcome(&["0"]), (0, "1\n".into(), String::new()));
        assert_eq!(outcome(&["10"]), (0, "89\n".into(), String::new()));
        assert_eq!(outcome(&["25"]), (0, "121393\n".into(), String::new()));
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for args in [&["ten"][..], &["-1"], &["47"], &[""], &["1.0"], &["1", "2"]] {
            let (code, out, err) = outcome(args);
            assert_eq!((code, out.as_str()), (USAGE, ""), "{args:?}");
            assert!(err.starts_with("fibo: ") && err.ends_with('\n'), "{err}");
        }
    }
}
