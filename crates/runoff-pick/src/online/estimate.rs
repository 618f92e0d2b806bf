//! What a duration is believed to be: log-normal, with a prior.

use crate::online::Draws;

/// A belief held before anything was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// Median, in nanoseconds or as a ratio.
    pub median: f64,
    /// Standard deviation of the logarithm of the median's error: 0.1 is "within a tenth", 0.7 "within two".
    pub spread: f64,
}

impl Prior {
    /// A belief with its uncertainty.
    pub fn new(median: f64, spread: f64) -> Self {
        Self { median: median.max(MIN), spread: spread.clamp(1e-3, 5.0) }
    }

    /// Something measured before: within two per cent.
    pub fn known(median: f64) -> Self {
        Self::new(median, 0.02)
    }
}

/// Durations below a picosecond are clocks that did not move.
const MIN: f64 = 1e-3;

/// Normal posterior of ln(duration) for samples with a spread of their own (conjugate normal–inverse-gamma).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    mean: f64,
    weight: f64,
    shape: f64,
    scale: f64,
    samples: u64,
}

impl LogNormal {
    /// Before any sample; single durations vary around their median by about `noise` (standard deviation of ln).
    pub fn new(prior: Prior, noise: f64) -> Self {
        let variance = noise.max(0.01).powi(2);
        // The prior is worth as many samples as would leave the median this uncertain.
        Self {
            mean: prior.median.ln(),
            weight: variance / prior.spread.powi(2),
            shape: 2.0,
            scale: variance,
            samples: 0,
        }
    }

    /// Learns a duration.
    pub fn observe(&mut self, value: f64) {
        let (x, weight) = (value.max(MIN).ln(), self.weight + 1.0);
        self.scale += 0.5 * self.weight * (x - self.mean).powi(2) / weight;
        self.mean = (self.weight * self.mean + x) / weight;
        self.weight = weight;
        self.shape += 0.5;
        self.samples += 1;
    }

    /// How many were learned.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Expected variance of ln of one duration.
    pub fn variance(&self) -> f64 {
        self.scale / (self.shape - 1.0)
    }

    /// Median of one duration.
    pub fn median(&self) -> f64 {
        self.mean.exp()
    }

    /// Mean of one duration; at most a hundred medians, so that one outlier does not stop everything.
    pub fn mean(&self) -> f64 {
        (self.mean + (0.5 * self.variance()).min(4.6)).exp()
    }

    /// A draw from what the median may be.
    pub fn draw(&self, draws: &mut impl Draws) -> f64 {
        (self.mean + draws.normal() * (self.variance() / self.weight.max(1e-9)).sqrt()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::online::Seeded;

    #[test]
    fn samples_overrule_the_prior_and_none_leave_it() {
        let mut belief = LogNormal::new(Prior::new(100.0, 0.5), 0.3);
        assert!((belief.median() - 100.0).abs() < 1e-9);
        for _ in 0..50 {
            belief.observe(1000.0);
        }
        assert!((900.0..1000.1).contains(&belief.median()), "{}", belief.median());
        assert!(belief.variance() < 0.3);
    }

    #[test]
    fn a_known_duration_moves_little() {
        let mut belief = LogNormal::new(Prior::known(100.0), 0.3);
        belief.observe(1000.0);
        assert!(belief.median() < 102.0, "{}", belief.median());
    }

    #[test]
    fn draws_spread_as_the_uncertainty_does() {
        let (sure, unsure) =
            (LogNormal::new(Prior::known(1.0), 0.3), LogNormal::new(Prior::new(1.0, 1.0), 0.3));
        let mut draws = Seeded::new(1);
        let spread =
            |b: &LogNormal, d: &mut Seeded| (0..500).map(|_| b.draw(d).ln().powi(2)).sum::<f64>() / 500.0;
        assert!((0.0003..0.0006).contains(&spread(&sure, &mut draws)));
        assert!((0.8..1.2).contains(&spread(&unsure, &mut draws)));
    }

    #[test]
    fn silly_durations_do_no_harm() {
        let mut belief = LogNormal::new(Prior::new(0.0, 0.0), 0.0);
        for value in [0.0, -1.0, 1e300] {
            belief.observe(value);
        }
        assert!(belief.median().is_finite() && belief.mean().is_finite());
    }
}
