//! One run of a function on one tier: an instance, a call, an answer.

mod call;
mod clock;
mod command;
mod ending;
mod run;
mod wagi;

pub use call::Warm;
pub use ending::{Answer, Fault};
pub use run::{Invocation, Ran, Spent, run};
pub use wagi::parse as parse_wagi;
