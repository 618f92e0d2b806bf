//! The `nbody` module: `run(i32) -> i32` and `energy() -> f64`, no imports.

#[cfg(target_arch = "wasm32")]
mod wasm {
    use runoff_guest_nbody::NBody;

    static mut SYSTEM: NBody = NBody::new();

    // SAFETY: no other item of this module has the symbol name `run`.
    #[unsafe(no_mangle)]
    extern "C" fn run(n: u32) -> u32 {
        let system = &raw mut SYSTEM;
        // SAFETY: the module has one thread and calls nothing that could call it back, so this is the only
        // reference to the system while it lives.
        unsafe { &mut *system }.run(n)
    }

    // SAFETY: no other item of this module has the symbol name `energy`.
    #[unsafe(no_mangle)]
    extern "C" fn energy() -> f64 {
        let system = &raw const SYSTEM;
        // SAFETY: as in `run`, nothing changes the system while this reference lives.
        unsafe { &*system }.energy()
    }
}
