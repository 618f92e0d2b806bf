//! Figures of repeated measurements.

use runoff_stats::{mean, mean_interval, median, median_interval, standard_deviation};
use serde::{Deserialize, Serialize};

/// Repetitions of one measurement, as the scripting study reported them and as this project does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Repetitions.
    pub n: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Sample standard deviation; `None` for one repetition.
    pub sd: Option<f64>,
    /// 95 % interval of the mean (Student); `None` for one repetition.
    pub mean_interval: Option<(f64, f64)>,
    /// Median.
    pub median: f64,
    /// 95 % interval of the median (order statistics); `None` for fewer than six repetitions.
    pub median_interval: Option<(f64, f64)>,
}

impl Summary {
    /// `None` without repetitions.
    pub fn of(values: &[f64]) -> Option<Self> {
        Some(Self {
            n: values.len(),
            mean: mean(values)?,
            sd: standard_deviation(values),
            mean_interval: mean_interval(values),
            median: median(values)?,
            median_interval: median_interval(values),
        })
    }
}

/// Something that must hold, and whether it did in this run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    /// What is compared.
    pub what: String,
    /// Ratio found: median over rounds of ratios within a round; `None` when it could not be measured.
    pub ratio: Option<f64>,
    /// 95 % interval of that median.
    pub interval: Option<(f64, f64)>,
    /// The limit.
    pub limit: f64,
    /// Whether the ratio must be at least the limit, not at most.
    pub at_least: bool,
}

impl Promise {
    /// A ratio of two series, round by round; rounds that lack one are left out.
    pub(crate) fn new(
        what: impl Into<String>,
        above: &[Option<f64>],
        below: &[Option<f64>],
        limit: f64,
        at_least: bool,
    ) -> Self {
        let pairs = above.iter().zip(below).filter_map(|(a, b)| Some((*a)? / (*b)?));
        let ratios: Vec<f64> = pairs.filter(|r| r.is_finite()).collect();
        let interval = median_interval(&ratios);
        Self { what: what.into(), ratio: median(&ratios), interval, limit, at_least }
    }

    /// Whether the whole interval is on the right side; `None` without an interval.
    pub fn certain(&self) -> Option<bool> {
        self.interval.map(|(low, high)| if self.at_least { low >= self.limit } else { high <= self.limit })
    }

    /// Whether it held; `None` when it could not be measured.
    pub fn holds(&self) -> Option<bool> {
        self.ratio.map(|ratio| if self.at_least { ratio >= self.limit } else { ratio <= self.limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_within_rounds() {
        let (slow, fast) = ([Some(20.0), Some(300.0), None], [Some(10.0), Some(100.0), Some(1.0)]);
        let promise = Promise::new("x", &slow, &fast, 2.5, false);
        assert_eq!((promise.ratio, promise.holds()), (Some(2.5), Some(true)));
        let promise = Promise::new("x", &slow, &fast, 2.6, true);
        assert_eq!(promise.holds(), Some(false));
        assert_eq!(Promise::new("x", &[None], &fast, 1.0, true).holds(), None);
    }
}
