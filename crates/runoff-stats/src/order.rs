//! Intervals from order statistics: nothing is assumed of the distribution, and infinite values are welcome.

use statrs::distribution::{Binomial, DiscreteCDF};

use crate::INTERVAL_CONFIDENCE;

/// Interval of the median of the population `values` come from, at least at [`INTERVAL_CONFIDENCE`]: the k-th
/// smallest and k-th largest value, k the largest with P(Bin(n, ½) < k) ≤ (1 − confidence)/2 (the sign test's
/// interval). `None` for fewer than six values, whose extremes already cover less.
pub fn median_interval(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len();
    let tail = (1.0 - INTERVAL_CONFIDENCE) / 2.0;
    let binomial = Binomial::new(0.5, n as u64).ok()?;
    // P(Bin < k) is the cumulative probability at k - 1.
    let k = (1..=n).take_while(|k| binomial.cdf(*k as u64 - 1) <= tail).last()?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some((sorted[k - 1], sorted[n - k]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranks as tabulated for the sign test's 95 % interval (for instance Conover, Practical Nonparametric
    /// Statistics, table A3): n = 6: 1 and 6, n = 10: 2 and 9, n = 15: 4 and 12, n = 20: 6 and 15.
    #[test]
    fn ranks_are_the_tabulated_ones() {
        let ranks = |n: u32| median_interval(&(1..=n).map(f64::from).collect::<Vec<_>>());
        assert_eq!(ranks(5), None);
        for (n, low, high) in [(6, 1.0, 6.0), (10, 2.0, 9.0), (15, 4.0, 12.0), (20, 6.0, 15.0)] {
            assert_eq!(ranks(n), Some((low, high)), "n = {n}");
        }
    }

    #[test]
    fn never_counts_as_late() {
        let mut values = vec![f64::INFINITY; 3];
        values.extend((1..=7).map(f64::from));
        assert_eq!(median_interval(&values), Some((2.0, f64::INFINITY)));
    }
}
