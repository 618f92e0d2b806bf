//! Functions to be called often: every kind of call of `runoff-guest`, with next to no work in it, so that what is
//! measured is the call.
//!
//! The modules are made of them: `calls/kinds` has neither the standard library nor an allocator, `calls/blocks` has
//! both, `calls/back` calls its host, `calls/cache` is the web cache of the simulator study.
#![no_std]

mod bytes;
mod faults;
mod records;
mod scalars;
mod text;

pub use bytes::{checksum, echo, make};
pub use faults::{fail, grow};
pub use records::{Factors, Record, count_up, mul_record, next, sum};
pub use scalars::{mul, mul_add};
pub use text::{Greeting, greet, mul_encoded, next_encoded};
