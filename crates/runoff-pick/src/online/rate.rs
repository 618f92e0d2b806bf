//! How often a function is called.

/// Time over which calls are averaged, nanoseconds.
const MEMORY: f64 = 60e9;

/// Calls per nanosecond, with recent ones counting more.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rate {
    weight: f64,
    last: u64,
}

impl Rate {
    /// Counts a call at `now`, nanoseconds.
    pub fn observe(&mut self, now: u64) {
        self.observe_many(now, 1);
    }

    /// Counts calls up to `now`.
    pub fn observe_many(&mut self, now: u64, number: u32) {
        self.weight = self.faded(now) + f64::from(number);
        self.last = self.last.max(now);
    }

    /// Calls per nanosecond at `now`.
    pub fn per_ns(&self, now: u64) -> f64 {
        self.faded(now) / MEMORY
    }

    fn faded(&self, now: u64) -> f64 {
        self.weight * (-(now.saturating_sub(self.last) as f64) / MEMORY).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_is_found_and_fades() {
        let mut rate = Rate::default();
        for i in 0..10_000 {
            rate.observe(i * 100_000_000);
        }
        let now = 9_999 * 100_000_000;
        assert!((rate.per_ns(now) * 1e9 - 10.0).abs() < 0.1, "{}", rate.per_ns(now) * 1e9);
        assert!(rate.per_ns(now + 600_000_000_000) * 1e9 < 0.001);
    }
}
