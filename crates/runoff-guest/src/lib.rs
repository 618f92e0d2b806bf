//! Guest side of typed calls (the host side is `runoff-call`, the convention docs/CALLS.md).
//!
//! ```
//! use runoff_guest::bytemuck::{Pod, Zeroable};
//!
//! #[derive(Clone, Copy, Pod, Zeroable)]
//! #[repr(C)]
//! struct Point { x: f32, y: f32 }
//!
//! // Numbers travel in registers.
//! #[runoff_guest::export]
//! fn mul(a: i32, b: i32) -> i32 { a.wrapping_mul(b) }
//!
//! // Records travel as they lie in memory; `batch` adds the entry that takes many in one call.
//! #[runoff_guest::export(pod, batch)]
//! fn length(p: Point) -> f32 { (p.x * p.x + p.y * p.y).sqrt() }
//!
//! // Anything serde knows.
//! #[runoff_guest::export(encoded)]
//! fn longest<'a>(a: &'a str, b: &'a str) -> &'a str { if b.len() > a.len() { b } else { a } }
//!
//! // Answers of any length are written to an output.
//! #[runoff_guest::export(bytes)]
//! fn shout(text: &[u8], out: &mut runoff_guest::Output) {
//!     for byte in text { out.push(byte.to_ascii_uppercase()); }
//! }
//! ```
//!
//! Neither the standard library nor an allocator is needed; a module without the former says
//! [`panic_handler!`](crate::panic_handler), one with it [`report_panics!`](crate::report_panics). Functions stay ordinary functions: natively, nothing is
//! exported, and they can be called and tested as they are.
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
