//! Whether a function still is what it was.

/// Runs looked at together.
const BLOCK: u32 = 50;

/// Standard errors by which a block must differ.
const LIMIT: f64 = 4.0;

/// Watches surprises (in standard deviations) block by block.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChangePoint {
    sum: f64,
    n: u32,
}

impl ChangePoint {
    /// Learns a surprise; true when the last block differs from what was known by more than four standard errors.
    pub fn observe(&mut self, surprise: f64) -> bool {
        // A single run that took a thousand times longer is an outlier, not a change.
        self.sum += surprise.clamp(-3.0, 3.0);
        self.n += 1;
        if self.n < BLOCK {
            return false;
        }
        // The level it is compared with was learned from at least as many runs: hence the two.
        let z = self.sum / (2.0 * f64::from(BLOCK)).sqrt();
        *self = Self::default();
        z.abs() > LIMIT
    }

    /// Runs that must be known before surprises mean anything.
    pub fn least() -> f64 {
        f64::from(BLOCK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::online::{Draws, Seeded};

    fn alarms(shift: f64, blocks: u32) -> usize {
        let (mut watch, mut draws) = (ChangePoint::default(), Seeded::new(7));
        (0..blocks * BLOCK).filter(|_| watch.observe(draws.normal() + shift)).count()
    }

    #[test]
    fn noise_is_no_change_and_a_shift_is() {
        assert_eq!(alarms(0.0, 200), 0);
        assert!(alarms(1.5, 20) >= 18);
    }
}
