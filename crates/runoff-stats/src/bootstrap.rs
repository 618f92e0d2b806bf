//! Medians with hierarchical-bootstrap intervals.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::quantile::{median, standard_deviation};
use crate::{Blocks, INTERVAL_CONFIDENCE};

/// Resamples per interval: the standard error of a standard error is then about 3 %.
pub(crate) const RESAMPLES: usize = 600;

/// Relative differences below this are rounding, not variation.
const ROUNDING: f64 = 1e-12;

/// Samples taken from a process at most per resample: beyond it they only cost time.
const MAX_WITHIN: usize = 40;

/// A median with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Median over processes of their medians.
    pub median: f64,
    /// Lower and upper end; `None` for a single process or when nothing varied.
    pub interval: Option<(f64, f64)>,
    /// Processes.
    pub processes: usize,
}

/// Median of process medians with its interval at [`INTERVAL_CONFIDENCE`]. `None` when nothing was measured.
pub fn estimate(blocks: &Blocks, seed: u64) -> Option<Estimate> {
    let median = median(&blocks.medians())?;
    let interval = log_standard_error(blocks.len(), seed, |rng, picks| resampled_median(blocks, rng, picks))
        .map(|se| {
            let reach = (quantile_of_t(INTERVAL_CONFIDENCE, blocks.len()) * se).exp();
            (median / reach, median * reach)
        });
    Some(Estimate { median, interval, processes: blocks.len() })
}

/// Half the width of the interval, relative to the median; infinite when there is no interval.
pub fn relative_half_width(estimate: &Estimate) -> f64 {
    estimate.interval.map_or(f64::INFINITY, |(low, high)| (high - low) / 2.0 / estimate.median)
}

/// Student quantile for a two-sided interval from `n` processes.
pub(crate) fn quantile_of_t(confidence: f64, n: usize) -> f64 {
    let freedom = (n.max(2) - 1) as f64;
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::INFINITY, |t| t.inverse_cdf(0.5 + confidence / 2.0))
}

/// Standard error of the logarithm of a statistic, with the small-sample factor √(n/(n−1)); `None` for fewer
/// than two processes or when no resample differs (which says nothing about the next process).
pub(crate) fn log_standard_error(
    n: usize,
    seed: u64,
    mut statistic: impl FnMut(&mut ChaCha8Rng, &[usize]) -> f64,
) -> Option<f64> {
    if n < 2 {
        return None;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut picks = vec![0; n];
    let logs: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            for pick in &mut picks {
                *pick = rng.random_range(0..n);
            }
            statistic(&mut rng, &picks).ln()
        })
        .collect();
    let se = standard_deviation(&logs)? * (n as f64 / (n as f64 - 1.0)).sqrt();
    (se.is_finite() && se > ROUNDING).then_some(se)
}

/// Median of medians of the picked processes, each with its samples drawn again.
pub(crate) fn resampled_median(blocks: &Blocks, rng: &mut ChaCha8Rng, picks: &[usize]) -> f64 {
    let mut medians: Vec<f64> = picks.iter().map(|p| redrawn(&blocks.processes()[*p].1, rng)).collect();
    middle(&mut medians)
}

/// Median of samples drawn with replacement from `samples`.
fn redrawn(samples: &[f64], rng: &mut ChaCha8Rng) -> f64 {
    if let [only] = samples {
        return *only;
    }
    let n = samples.len().min(MAX_WITHIN);
    let mut drawn: Vec<f64> = (0..n).map(|_| samples[rng.random_range(0..samples.len())]).collect();
    middle(&mut drawn)
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    f64::midpoint(values[(n - 1) / 2], values[n / 2])
}
