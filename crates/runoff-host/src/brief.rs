//! Which functions are so brief that handing a run to another thread would cost more than the run.
//!
//! Such runs stay on the thread that read their request, within bounds that hold whatever the guest does: only code
//! that imports nothing (so no host function can take long, and a run that is given up has changed nothing anywhere),
//! only after many brief runs in a row, and only for [`SLICE`]. What is not done by then is interrupted, forgotten and
//! run anew on a guest thread, and its function has to prove itself twice as long.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::execute::Spent;

/// Longest run on a thread that serves connections.
pub(crate) const SLICE: Duration = Duration::from_millis(1);

/// Longest run that counts as brief.
const RUN: Duration = Duration::from_micros(50);

/// Longest making of an instance that does.
const SETUP: Duration = Duration::from_micros(300);

/// Brief runs that are proof enough.
const PROOF: u32 = 64;

/// What one longer run costs: another process on the machine may have had the processor meanwhile.
const DOUBT: u32 = 8;

/// Most doublings of the proof.
const WARNINGS: u32 = 20;

/// How brief a function's runs on one tier were.
#[derive(Debug, Default)]
pub(crate) struct Brief {
    score: AtomicU32,
    warnings: AtomicU32,
}

impl Brief {
    fn proof(&self) -> u32 {
        PROOF << self.warnings.load(Ordering::Relaxed)
    }

    /// Whether its next run may stay where its request was read.
    pub(crate) fn is_proven(&self) -> bool {
        self.score.load(Ordering::Relaxed) >= self.proof()
    }

    /// A run ended, wherever it ran.
    pub(crate) fn ran(&self, spent: Spent, well: bool) {
        let score = self.score.load(Ordering::Relaxed);
        // Runs at once may overwrite each other's counts: it is a measure, not an account.
        if well && spent.run <= RUN && spent.setup <= SETUP {
            let most = self.proof().saturating_mul(2);
            if score < most {
                self.score.store(score + 1, Ordering::Relaxed);
            }
        } else {
            self.score.store(score.saturating_sub(DOUBT), Ordering::Relaxed);
        }
    }

    /// A run did not end within its slice.
    pub(crate) fn overran(&self) {
        self.score.store(0, Ordering::Relaxed);
        let warnings = self.warnings.load(Ordering::Relaxed);
        self.warnings.store((warnings + 1).min(WARNINGS), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(brief: &Brief, number: u32, run: Duration) {
        for _ in 0..number {
            brief.ran(Spent { setup: Duration::ZERO, run }, true);
        }
    }

    #[test]
    fn trust_is_earned_slowly_and_lost_at_once() {
        let brief = Brief::default();
        runs(&brief, PROOF - 1, RUN);
        assert!(!brief.is_proven());
        runs(&brief, 1, RUN);
        assert!(brief.is_proven());
        for doubling in 1..5 {
            brief.overran();
            assert!(!brief.is_proven());
            runs(&brief, (PROOF << doubling) - 1, RUN);
            assert!(!brief.is_proven(), "after {doubling}");
            runs(&brief, 1, RUN);
            assert!(brief.is_proven());
        }
    }

    #[test]
    fn longer_runs_and_failures_count_against_it() {
        let brief = Brief::default();
        for _ in 0..100 {
            runs(&brief, DOUBT, RUN);
            runs(&brief, 1, RUN * 2);
        }
        assert!(!brief.is_proven());
        runs(&brief, 10 * PROOF, RUN);
        brief.ran(Spent::default(), false);
        assert!(brief.is_proven(), "one is forgiven");
        for _ in 0..PROOF {
            brief.ran(Spent::default(), false);
        }
        assert!(!brief.is_proven());
    }
}
