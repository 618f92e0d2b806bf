//! What compiled code asks of a processor: cache misses by cache size and mispredicted jumps by predictor (source 004,
//! §V), from the instructions that a call really executes.
//!
//! A child process makes the call and lets itself be followed, one instruction at a time ([`follow`]); what it executes
//! feeds simulated caches and predictors ([`simulate`]). Nothing is measured by the processor, so nothing of the
//! machine is in the figures.

mod claims;
mod marks;
mod published;
pub mod simulate;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod step;
mod study;

pub use claims::{Claim, Verdict, claims};
pub use marks::{begin, end, offer};
pub use published::{PUBLISHED, Published};
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub use step::{Followed, follow, reap};
pub use study::{Cell, PLAN, Planned, Study};

/// Why a call could not be followed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// Following a process is not permitted, or ended too early.
    #[error("{0}")]
    Follow(String),
    /// The system refused a request.
    #[error("{0}: {1}")]
    System(&'static str, nix::Error),
    /// Not on this machine.
    #[error("following instructions is not supported here: it needs Linux on x86-64")]
    Unsupported,
}

/// Follows nothing: this is another kind of machine.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
mod elsewhere {
    use super::TraceError;
    use super::simulate::Figures;

    /// What was executed.
    #[derive(Clone, Debug)]
    pub struct Followed {
        /// What the simulated machine counted.
        pub figures: Figures,
        /// Whether the measured part came to its end.
        pub complete: bool,
    }

    /// Nothing is there to be done.
    pub fn reap(_: i32) {}

    /// Always an error here.
    pub fn follow(_: i32, _: u64, _: usize, _: &mut dyn FnMut(u64)) -> Result<Followed, TraceError> {
        Err(TraceError::Unsupported)
    }
}
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub use elsewhere::{Followed, follow, reap};
