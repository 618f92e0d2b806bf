//! The brain of a host: which tier runs a call, and what is built meanwhile.
//!
//! [`Policy`] is told what happened and when ([`Event`]) and answers what to do ([`Decision`]). It reads no clock, does
//! no input or output, and draws its chance from outside ([`Draws`]), so that the same events give the same
//! decisions, on a server as in virtual time.
//!
//! - **Now**: a call runs on argmin(time until the tier is there + its estimated time).
//! - **Later**: what would have been cheapest in hindsight, `H_r = b_r + Σ Ê_r` over the calls so far, is built in the
//!   background when it is not there ([`Hindsight`]), among the tiers worth having ([`ladder`]). While calls
//!   are expected, because there were as many in earlier lives, what is best for those to come is built instead.
//! - **Estimates**: log-normal, by tier and size, from the suite's ratios until there are runs ([`Knowledge`]).
//! - **Exploring**: slow-downs are drawn from what they may be (Thompson), but only for tiers that are there.
//! - **Memory**: idle-time histograms say how long code is kept and when it is made ready ([`IdleTimes`]), greedy-dual
//!   what goes when there is too little of it ([`Residents`]).

mod builds;
mod calls;
mod change;
mod draws;
mod estimate;
mod event;
mod function;
mod hindsight;
mod idle;
mod knowledge;
pub mod ladder;
mod module;
mod policy;
mod queue;
mod rate;
mod residents;

pub use change::ChangePoint;
pub use draws::{Certain, Draws, Seeded};
pub use estimate::{LogNormal, Prior};
pub use event::{CallId, Decision, Deployment, Event, FunctionId, ModuleId, TierFacts, TierId};
pub use hindsight::{Core, Hindsight};
pub use idle::{IdleTimes, Window};
pub use knowledge::{Knowledge, bucket};
pub use module::TierState;
pub use policy::{Policy, Settings, Tier};
pub use queue::{Builds, Wanted};
pub use rate::Rate;
pub use residents::Residents;
