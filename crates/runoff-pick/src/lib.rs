//! Choosing a runtime for a number of calls: pure, from measured curves. And choosing while calls come in: [`online`].
//!
//! The cost of n calls on a runtime is what was measured, T(n) = startup + cumulative time of n calls, because
//! lazy and tiering engines hide compile cost in their first calls. Between measured points T is linear; beyond
//! the last it goes on with the steady call.

mod candidate;
mod decision;
mod envelope;
pub mod online;

pub use candidate::{Ability, Candidate, ProcessCurve};
pub use decision::{Advice, BreakEven, Constraints, Decision, Excluded, Winner, decide};
