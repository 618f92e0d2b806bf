//! Web-cache policies, a generator of requests from the published `ProWGen` model, and traces.
//!
//! [`Policy`] is the cache: one call per request. The policies are those of the simulator study (FIFO, LRU, LFU,
//! GreedyDual-Size), repaired, with LFU-Aging and GDSF beside them; [`prowgen`] makes the requests, [`trace`] reads
//! recorded ones. Everything counts in bytes. The same source runs natively and inside the guests `cache-*`.
#![forbid(unsafe_code)]
#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

mod index;
mod keyed;
mod kind;
mod queue;
mod request;
mod rules;

#[cfg(feature = "std")]
pub mod program;
pub mod prowgen;
pub mod trace;

pub use keyed::Keyed;
pub use kind::{Kind, UnknownKind};
pub use queue::Queue;
pub use request::{Policy, Request, Tally, simulate};
pub use rules::{Frequency, FrequencyAging, GreedyDual, GreedyDualFrequency, Rule, Size};
