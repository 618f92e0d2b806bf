//! What the macro's entries are made of. Not for direct use: it follows the macro.

#[cfg(feature = "encoded")]
mod encoded;
#[cfg(target_arch = "wasm32")]
mod exports;
mod pod;

#[cfg(feature = "encoded")]
pub use encoded::{decode, decode_from, encode, encode_into};
pub use pod::{Slot, batch, give, give_output, reference, slice, value};

use crate::region::Region;

/// Where answers of any length go.
pub static OUTPUT: Region = Region::new();

/// Leaves last words for the host.
#[cfg(target_arch = "wasm32")]
pub fn leave(what: &str, location: Option<&core::panic::Location<'_>>) {
    crate::message::leave(what, location);
}

/// What host functions do natively.
///
/// # Panics
///
/// Always.
#[cfg(not(target_arch = "wasm32"))]
pub fn no_host() -> usize {
    panic!("there is no host to call")
}
