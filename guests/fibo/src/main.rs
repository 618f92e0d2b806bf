//! The `fibo` command: arguments, streams and exit code around [`runoff_guest_fibo::main_with`].
#![forbid(unsafe_code)]

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// A byte stream as the text sink that the program writes to.
struct Text<W>(W);

impl<W: Write> fmt::Write for Text<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_all(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

fn main() -> ExitCode {
    // An argument that is not UTF-8 is no number either, with or without replacement characters.
    let args: Vec<String> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let code = runoff_guest_fibo::main_with(&args, &mut Text(io::stdout()), &mut Text(io::stderr()));
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
