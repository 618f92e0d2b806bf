//! The `wasi-probe` command: runs the section named by its first argument and prints one line per call.
//!
//! A line is the call with its arguments in words, ` = `, the error number (0, or number and name), and for a
//! successful call what it answered, as far as that is the same on every machine: sizes, types and bytes, but no
//! times, inodes or descriptor numbers. Relations between those are printed as `check: … yes`.
#![cfg_attr(target_arch = "wasm32", no_std)]
#![cfg_attr(
    target_arch = "wasm32",
    expect(clippy::cast_possible_truncation, reason = "addresses and sizes have 32 bits in wasm32")
)]

#[cfg(target_arch = "wasm32")]
mod fd;
#[cfg(target_arch = "wasm32")]
mod path;
#[cfg(target_arch = "wasm32")]
mod raw;
#[cfg(target_arch = "wasm32")]
mod report;
#[cfg(target_arch = "wasm32")]
mod sections;
#[cfg(target_arch = "wasm32")]
mod words;

#[cfg(target_arch = "wasm32")]
mod wasm {
    use super::{raw, report, sections};

    // SAFETY: no other item of this module has the symbol name `_start`.
    #[unsafe(no_mangle)]
    extern "C" fn _start() {
        let code = sections::run();
        // Returning means exit code 0; a command that is done has no other way to give a different one.
        if code != 0 {
            raw::proc_exit(code);
        }
    }

    #[panic_handler]
    fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
        report::error(format_args!("wasi-probe: {info}"));
        core::arch::wasm32::unreachable()
    }
}
