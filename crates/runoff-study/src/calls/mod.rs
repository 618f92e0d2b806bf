//! What a call costs, for every kind of call and on every runtime.
//!
//! Rounds: each compiles the guests anew on every runtime, in a shuffled order, and times a batch of calls of every
//! cell, in a shuffled order as well, so that whatever slows the machine down for a while slows all of them. Ratios
//! are taken within a round.

mod alternatives;
mod back;
mod cell;
mod child;
mod debug;
mod dylib;
mod external;
mod figures;
mod guests;
mod promises;
mod run;
mod scripting;
mod sweep;
mod typed;

pub use cell::{Group, Key};
pub use child::{PeerCommand, serve};
pub use debug::{add_debug, answer};
pub use external::External;
pub use figures::{claims, figures};
pub use run::{Absent, Options, Report, Row, study};
