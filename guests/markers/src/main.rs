//! The `markers` command: the marks and standard output around [`runoff_guest_markers::main_with`].

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

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

/// Standard output as the text sink that the program writes to.
struct Text<W>(W);

impl<W: Write> fmt::Write for Text<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_all(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

fn main() -> ExitCode {
    let code = runoff_guest_markers::main_with(
        &mut || bench::start(),
        &mut || bench::end(),
        &mut Text(io::stdout()),
    );
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
