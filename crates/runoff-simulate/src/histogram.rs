//! Quantiles of very many times.

/// Counts of times in bins that are 1 % apart.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    bins: Vec<u64>,
    total: u64,
}

/// Ratio of neighbouring bins.
const STEP: f64 = 1.01;

impl Histogram {
    /// Counts a time, ns.
    pub fn add(&mut self, ns: f64) {
        let bin = (ns.max(1.0).ln() / STEP.ln()) as usize;
        if self.bins.len() <= bin {
            self.bins.resize(bin + 1, 0);
        }
        self.bins[bin] += 1;
        self.total += 1;
    }

    /// The time below which a share of all lies, ns, to 1 %; zero when there are none.
    pub fn quantile(&self, share: f64) -> f64 {
        let wanted = ((self.total as f64 * share).ceil() as u64).max(1);
        let mut sum = 0;
        for (bin, count) in self.bins.iter().enumerate() {
            sum += count;
            if sum >= wanted {
                return STEP.powf(bin as f64 + 0.5);
            }
        }
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_to_a_hundredth() {
        let mut histogram = Histogram::default();
        (1..=1000).for_each(|i| histogram.add(f64::from(i) * 1e4));
        for (share, ns) in [(0.5, 5e6), (0.95, 9.5e6), (0.99, 9.9e6), (1.0, 1e7)] {
            assert!((histogram.quantile(share) / ns - 1.0).abs() < 0.011, "{}", histogram.quantile(share));
        }
        assert!(Histogram::default().quantile(0.5).abs() < 1e-9);
    }
}
