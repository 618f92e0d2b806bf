//! Calls that are placed without asking: of a brief function, the policy decides about one in many, and is told of the
//! others together.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use runoff_pick::online::{TierId, bucket};

use crate::execute::Spent;

/// Calls on one decision.
const CALLS: u64 = 31;

/// How long a decision holds, ns.
const HOLDS: u64 = 5_000_000;

/// Calls that were not told of yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Untold {
    pub(crate) tier: TierId,
    pub(crate) size: u64,
    pub(crate) number: u32,
    setup: Duration,
    run: Duration,
}

impl Untold {
    /// Mean of setting up and of running, ns.
    pub(crate) fn means(&self) -> (f64, f64) {
        let n = f64::from(self.number.max(1));
        (self.setup.as_nanos() as f64 / n, self.run.as_nanos() as f64 / n)
    }
}

/// A function's.
#[derive(Debug, Default)]
pub(crate) struct Lease {
    /// Until when it holds, ns on the host's clock.
    until: AtomicU64,
    left: AtomicU64,
    /// Tier and size class.
    what: AtomicU64,
    untold: Mutex<Untold>,
}

impl Lease {
    /// The policy placed a call here.
    pub(crate) fn grant(&self, now: u64, tier: TierId, size: u64) {
        self.what.store((tier as u64) << 8 | u64::from(bucket(size)), Ordering::Relaxed);
        self.left.store(CALLS, Ordering::Relaxed);
        self.until.store(now + HOLDS, Ordering::Release);
    }

    /// The tier a call of this size may run on without asking.
    pub(crate) fn take(&self, now: u64, size: u64) -> Option<TierId> {
        if now >= self.until.load(Ordering::Acquire) {
            return None;
        }
        let what = self.what.load(Ordering::Relaxed);
        if what & 0xff != u64::from(bucket(size)) {
            return None;
        }
        // Two threads may take one more than there are: nothing depends on it.
        let left = self.left.load(Ordering::Relaxed).checked_sub(1)?;
        self.left.store(left, Ordering::Relaxed);
        Some((what >> 8) as TierId)
    }

    /// It does not hold any more.
    pub(crate) fn end(&self) {
        self.until.store(0, Ordering::Relaxed);
    }

    /// Such a call ended well. Calls of another tier or size that were not told of before come back.
    pub(crate) fn ran(&self, tier: TierId, size: u64, spent: Spent) -> Option<Untold> {
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        let other = untold.number > 0 && (untold.tier != tier || bucket(untold.size) != bucket(size));
        let before = other.then(|| std::mem::take(&mut *untold));
        untold.tier = tier;
        untold.size = size;
        untold.number += 1;
        untold.setup += spent.setup;
        untold.run += spent.run;
        before
    }

    /// What was not told of yet, if anything.
    pub(crate) fn untold(&self) -> Option<Untold> {
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        (untold.number > 0).then(|| std::mem::take(&mut *untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_holds_for_so_many_calls_of_its_size_and_not_for_long() {
        let lease = Lease::default();
        assert_eq!(lease.take(1, 2), None);
        lease.grant(10, 3, 2);
        assert_eq!(lease.take(11, 3), Some(3), "of the same class");
        assert_eq!(lease.take(11, 4), None);
        assert_eq!(lease.take(10 + HOLDS, 2), None);
        assert_eq!((0..100).filter(|_| lease.take(11, 2).is_some()).count() as u64, CALLS - 1);
        lease.grant(10, 3, 2);
        lease.end();
        assert_eq!(lease.take(11, 2), None);
    }

    #[test]
    fn nothing_is_told_twice_and_kinds_are_told_apart() {
        let lease = Lease::default();
        let spent = |us| Spent { setup: Duration::ZERO, run: Duration::from_micros(us) };
        assert_eq!(lease.ran(1, 2, spent(10)), None);
        assert_eq!(lease.ran(1, 2, spent(30)), None);
        let before = lease.ran(2, 2, spent(5)).expect("another tier");
        assert_eq!((before.tier, before.number, before.means()), (1, 2, (0.0, 20_000.0)));
        assert_eq!(lease.untold().map(|u| (u.tier, u.number)), Some((2, 1)));
        assert_eq!(lease.untold(), None);
    }
}
