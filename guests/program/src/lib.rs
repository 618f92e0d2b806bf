//! What guest commands and their native twins have in common.
//!
//! A program is a function `fn(&[&str], &mut dyn Io) -> i32`: arguments after the program's name, streams and marks,
//! exit code. [`command!`] makes a WASI command of it; natively the benchmark calls the same function. A program keeps
//! nothing between two calls and opens no files: what it works on comes from its arguments, a seed, its own
//! constants, or standard input.
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::process::ExitCode;

/// Streams and marks of a program.
pub trait Io {
    /// Writes to standard output; `false` when it was refused.
    fn out(&mut self, bytes: &[u8]) -> bool;

    /// Writes to standard error; `false` when it was refused.
    fn err(&mut self, bytes: &[u8]) -> bool;

    /// Everything on standard input; `None` when it cannot be read.
    fn input(&mut self) -> Option<Vec<u8>>;

    /// The part to be measured begins: preparation is over.
    fn start(&mut self) {}

    /// The part to be measured ends: what follows is checking and printing.
    fn end(&mut self) {}
}

/// A program.
pub type Program = fn(&[&str], &mut dyn Io) -> i32;

/// The process's own streams; `start` and `end` are called at the marks.
#[derive(Debug)]
pub struct Process {
    /// Called where the part to be measured begins.
    pub start: fn(),
    /// Called where it ends.
    pub end: fn(),
}

impl Io for Process {
    fn out(&mut self, bytes: &[u8]) -> bool {
        let mut out = io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).is_ok()
    }

    fn err(&mut self, bytes: &[u8]) -> bool {
        io::stderr().write_all(bytes).is_ok()
    }

    fn input(&mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).ok().map(|_| bytes)
    }

    fn start(&mut self) {
        (self.start)();
    }

    fn end(&mut self) {
        (self.end)();
    }
}

/// Runs a program as a process with these marks.
pub fn run(program: Program, start: fn(), end: fn()) -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let code = program(&args, &mut Process { start, end });
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

/// The `main` of a command. With `marked` the module imports `bench.start` and `bench.end` and calls them at the
/// program's marks.
#[macro_export]
macro_rules! command {
    ($program:path) => {
        fn main() -> std::process::ExitCode {
            $crate::run($program, || {}, || {})
        }
    };
    (marked $program:path) => {
        #[cfg(target_arch = "wasm32")]
        mod bench {
            #[link(wasm_import_module = "bench")]
            unsafe extern "C" {
                /// The part to be measured begins.
                pub(crate) safe fn start();
                /// The part to be measured ends.
                pub(crate) safe fn end();
            }
        }

        /// Natively nobody listens.
        #[cfg(not(target_arch = "wasm32"))]
        mod bench {
            pub(crate) fn start() {}
            pub(crate) fn end() {}
        }

        fn main() -> std::process::ExitCode {
            $crate::run($program, || bench::start(), || bench::end())
        }
    };
}

/// Writes formatted text to standard output through [`Io::out`]; gives whether it was taken.
#[macro_export]
macro_rules! say {
    ($io:expr, $($text:tt)*) => {
        $crate::Io::out($io, format!($($text)*).as_bytes())
    };
}
