//! What a whole module says once. Macros, because it depends on what the module is made with.

/// The panic handler of a module without the standard library: leaves last words for the host, then traps.
#[macro_export]
macro_rules! panic_handler {
    () => {
        #[cfg(target_arch = "wasm32")]
        #[panic_handler]
        fn runoff_panic(info: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::rt::leave(info.message().as_str().unwrap_or("panic"), info.location());
            ::core::arch::wasm32::unreachable()
        }
    };
}

/// Has panics of a module with the standard library leave last words for the host. Exports `_initialize`, so it is
/// not for WASI reactors, which have one.
#[macro_export]
macro_rules! report_panics {
    () => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "an export")]
        const _: () = {
            // SAFETY: the linker refuses a second export of this name.
            #[unsafe(export_name = "_initialize")]
            extern "C" fn initialize() {
                ::std::panic::set_hook(::std::boxed::Box::new(|info| {
                    $crate::rt::leave(info.payload_as_str().unwrap_or("panic"), info.location());
                }));
            }
        };
    };
}

/// Exports `runoff_alloc` and `runoff_free`, for hosts that want a block per call; needs an allocator.
#[macro_export]
macro_rules! blocks {
    () => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "exports")]
        const _: () = {
            extern crate alloc;
            use ::core::alloc::Layout;

            /// Blocks without a length have an address as well.
            fn layout(len: u32) -> Option<Layout> {
                Layout::from_size_align(len.max(1) as usize, $crate::wire::ALIGN).ok()
            }

            // SAFETY: the linker refuses a second export of this name.
            #[unsafe(export_name = "runoff_alloc")]
            extern "C" fn reserve(len: u32) -> usize {
                // SAFETY: the layout has a size.
                layout(len).map_or(0, |layout| unsafe { alloc::alloc::alloc(layout) } as usize)
            }

            // SAFETY: the linker refuses a second export of this name.
            #[unsafe(export_name = "runoff_free")]
            extern "C" fn release(ptr: usize, len: u32) {
                if let Some(layout) = layout(len) {
                    // SAFETY: the host gives back what `runoff_alloc` gave for this length; a host that does not
                    // harms only the guest it owns.
                    unsafe { alloc::alloc::dealloc(::core::ptr::with_exposed_provenance_mut(ptr), layout) }
                }
            }
        };
    };
}
