//! Every kind of call without the standard library and without an allocator.
#![cfg_attr(target_arch = "wasm32", no_std)]

use runoff_guest_calls as _;

runoff_guest::panic_handler!();
