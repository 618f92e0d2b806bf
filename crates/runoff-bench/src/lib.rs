//! Measuring: a plan becomes rounds of worker processes, worker processes become samples.
//!
//! - [`Run`] goes through the rounds: shuffled order, one fresh process per block, results written as they come.
//! - [`supervisor`] starts one worker, listens, and kills it when it hangs or eats too much memory.
//! - [`worker`] is the other side: it lives the phases of a module under a clock.
//! - [`protocol`] is what the two say to each other, line by line.

pub mod check;
mod counting;
mod machine;
mod order;
pub mod protocol;
mod run;
pub mod supervisor;
mod verify;
pub mod worker;

pub use machine::fingerprint;
pub use order::{Slot, round_order};
pub use run::{Progress, Run, RunError, Stop};
pub use verify::verify;
