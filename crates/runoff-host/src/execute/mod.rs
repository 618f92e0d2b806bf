//! One run of a function on one tier: an instance, a call, an answer.

mod call;
mod clock;
mod command;
mod ending;
mod run;
mod wagi;

pub(crate) use call::MOST as MOST_WARM;
pub use call::Warm;
pub(crate) use command::STDERR;
pub use ending::{Answer, Fault};
pub use run::{Invocation, Ran, Spent};
pub(crate) use run::{Shared, run, run_here};
pub use wagi::parse as parse_wagi;
