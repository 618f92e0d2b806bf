//! The `fibonacci` module: `run(i32) -> i32`, no imports.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod wasm {
    // SAFETY: no other item of this module has the symbol name `run`.
    #[unsafe(no_mangle)]
    extern "C" fn run(n: u32) -> u32 {
        runoff_guest_fibonacci::run(n)
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
