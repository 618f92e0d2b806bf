//! Ratios of medians over several workloads.

use crate::Value;

/// A geometric mean of ratios, with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The geometric mean.
    pub mean: f64,
    /// 95 % interval; `None` when a part has none: nothing is known of the next process.
    pub interval: Option<(f64, f64)>,
    /// Ratios that went in.
    pub pairs: usize,
}

impl Ratio {
    /// Geometric mean of `left / right` over pairs. The interval is that of measuring, not of the choice of workloads:
    /// intervals of medians are symmetric in the logarithm, errors of logarithms add (δ-method: the squared half-width of
    /// a mean of n independent logarithms is the sum of their squared half-widths over n²). `None` without pairs.
    pub fn of(pairs: &[(Value, Value)]) -> Option<Self> {
        if pairs.is_empty() {
            return None;
        }
        let n = pairs.len() as f64;
        let mean = pairs.iter().map(|(a, b)| (a.median / b.median).ln()).sum::<f64>() / n;
        let half = |value: &Value| value.interval.map(|(low, high)| (high / low).ln() / 2.0);
        let squares: Option<Vec<f64>> =
            pairs.iter().flat_map(|(a, b)| [half(a), half(b)]).map(|h| h.map(|h| h * h)).collect();
        let interval = squares.map(|squares| {
            let reach = squares.iter().sum::<f64>().sqrt() / n;
            ((mean - reach).exp(), (mean + reach).exp())
        });
        Some(Self { mean: mean.exp(), interval, pairs: pairs.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(median: f64, factor: f64) -> Value {
        Value { median, interval: Some((median / factor, median * factor)) }
    }

    #[test]
    fn means_are_geometric_and_errors_add_in_squares() {
        let one = Ratio::of(&[(value(8.0, 1.1), value(2.0, 1.2))]).expect("a pair");
        assert!((one.mean - 4.0).abs() < 1e-12);
        let (low, high) = one.interval.expect("both have one");
        let half = (1.1_f64.ln().powi(2) + 1.2_f64.ln().powi(2)).sqrt();
        assert!((high / 4.0 - half.exp()).abs() < 1e-12 && (4.0 / low - half.exp()).abs() < 1e-12);
        let pair = (value(8.0, 1.1), value(2.0, 1.0));
        let four = Ratio::of(&[pair; 4]).expect("pairs");
        let reach = (four.interval.expect("interval").1 / 4.0).ln();
        assert!((reach - 1.1_f64.ln() / 2.0).abs() < 1e-12, "four like one: half as wide");
        let mixed = Ratio::of(&[(value(4.0, 1.0), value(1.0, 1.0)), (value(1.0, 1.0), value(4.0, 1.0))]);
        assert!((mixed.expect("pairs").mean - 1.0).abs() < 1e-12);
    }

    #[test]
    fn without_intervals_there_is_none() {
        let exact = Value { median: 3.0, interval: None };
        let ratio = Ratio::of(&[(exact, value(1.0, 1.1))]).expect("a pair");
        assert_eq!(ratio.interval, None);
        assert_eq!(Ratio::of(&[]), None);
    }
}
