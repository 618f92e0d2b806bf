#![doc = include_str!("../README.md")]
#![no_std]

#[cfg(not(target_arch = "wasm32"))]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod host;
#[cfg(any(target_arch = "wasm32", test))]
mod message;
mod modules;
mod output;
mod region;
#[doc(hidden)]
pub mod rt;
mod state;
pub mod wire;

pub use output::Output;
pub use runoff_guest_macros::export;
pub use state::State;

pub use bytemuck;
#[cfg(feature = "encoded")]
pub use serde;
