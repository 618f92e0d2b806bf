//! Replaying traces of calls in virtual time, to see what policies of choosing a runtime cost.
//!
//! **The model.** A function is deployed with its first call. Building its code for tier r takes `b_r` on a compile
//! thread; a call of work w takes `E_r = setup_r + slowdown_r · w` once that code is in memory. Calls do not hinder each
//! other. What it costs is what its callers wait for together (response times) and what is compiled:
//! `cost = Σ response + Σ build`. By *work* is meant processor time alone: `work = Σ E + Σ build`.
//!
//! **The optimum** ([`Optimum`]) knows the future and may build everything at once from the first call on. For both measures it is exact in
//! that model, and no policy with fewer compile threads can be below it.
//!
//! Everything is pure and seeded: the same seed gives the same figures.

mod adversary;
mod generate;
mod histogram;
mod library;
mod optimum;
mod outcome;
mod priors;
mod replay;
mod rivals;
mod table;
mod trace;
mod world;

pub use adversary::{Attack, attack};
pub use generate::{Source, generate};
pub use histogram::Histogram;
pub use library::{Mix, library};
pub use optimum::{Optimum, optimum};
pub use outcome::Outcome;
pub use priors::{Learning, WORK, suite_facts};
pub use replay::{CORE, KindReport, LATEST, OURS, PROFILE, PolicyReport, Report, Worst, replay};
pub use rivals::{first_profile, latest_compiled, single};
pub use table::{CostTable, ModuleCosts, Provenance, TableError, TierCosts};
pub use trace::{Call, Trace, TraceError, read_traces};
pub use world::{World, ours};
