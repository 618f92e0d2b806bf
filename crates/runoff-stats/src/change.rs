//! Where a series changed its level.
//!
//! E-divisive (Matteson & James, "A nonparametric approach for multiple change point analysis of multivariate data",
//! Journal of the American Statistical Association 109, 2014): the split with the largest energy distance between its
//! sides is tested against random orders of the series, and both halves are split again until no split is
//! significant. It assumes nothing of the distribution but that, between changes, the order of the values says nothing. It
//! is what a large database project watches its benchmarks with (Daly et al., ICPE 2020).
//!
//! The exponent of the distance is 1 and values are logarithms, so that 100 → 110 counts as much as 10 → 11. The permutation
//! test is exact: a series without a change raises an alarm with at most [`LEVEL`].

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::quantile::median;

/// Probability of an alarm in a series without a change.
pub const LEVEL: f64 = 0.01;

/// Values on either side of a change at least: fewer are an outlier, not a level.
pub const MIN_SEGMENT: usize = 3;

/// Random orders a split is tested against at most.
const PERMUTATIONS: usize = 999;

/// A change of level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Index of the first value on the new level.
    pub at: usize,
    /// Median before, back to the previous change.
    pub before: f64,
    /// Median after, up to the next change.
    pub after: f64,
    /// p-value of the permutation test of its split.
    pub p: f64,
}

impl Change {
    /// Level after over level before.
    pub fn ratio(&self) -> f64 {
        self.after / self.before
    }
}

/// Changes of level in a series of positive numbers in order of time. Series with a value that is no positive finite
/// number have none that can be found.
pub fn changes(series: &[f64], seed: u64) -> Vec<Change> {
    if series.iter().any(|v| !v.is_finite() || *v <= 0.0) {
        return Vec::new();
    }
    let logs: Vec<f64> = series.iter().map(|v| v.ln()).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut found = Vec::new();
    // Segments still to be looked at. Splitting a half again happens only after a significant split, so the first test
    // alone decides whether a quiet series raises an alarm.
    let mut open = vec![(0, logs.len())];
    while let Some((from, to)) = open.pop() {
        let Some((split, p)) = significant_split(&logs[from..to], &mut rng) else { continue };
        found.push((from + split, p));
        open.push((from, from + split));
        open.push((from + split, to));
    }
    found.sort_by_key(|(at, _)| *at);
    let bounds: Vec<usize> =
        std::iter::once(0).chain(found.iter().map(|(at, _)| *at)).chain([series.len()]).collect();
    let level = |i: usize| median(&series[bounds[i]..bounds[i + 1]]).unwrap_or(f64::NAN);
    found
        .iter()
        .enumerate()
        .map(|(i, (at, p))| Change { at: *at, before: level(i), after: level(i + 1), p: *p })
        .collect()
}

/// The best split of a segment with its p-value, when it is significant.
fn significant_split(values: &[f64], rng: &mut impl Rng) -> Option<(usize, f64)> {
    let (split, energy) = best_split(values)?;
    let mut shuffled = values.to_vec();
    let mut as_large = 0;
    for _ in 0..PERMUTATIONS {
        shuffled.shuffle(rng);
        // Rounding must not make a tie look smaller.
        as_large += usize::from(best_split(&shuffled).is_some_and(|(_, e)| e >= energy * (1.0 - 1e-9)));
        let least = (as_large + 1) as f64 / (PERMUTATIONS + 1) as f64;
        if least > LEVEL {
            return None;
        }
    }
    Some((split, (as_large + 1) as f64 / (PERMUTATIONS + 1) as f64))
}

/// The place where what comes before and what comes after it, up to some later end, have the largest scaled energy
/// distance: n·m/(n+m) times 2·mean|x−y| − mean|x−x′| − mean|y−y′|. The end is free so that a level that came and went is
/// seen (the κ of the paper). `None` when the segment is too short or nothing differs.
fn best_split(values: &[f64]) -> Option<(usize, f64)> {
    let total = values.len();
    if total < 2 * MIN_SEGMENT {
        return None;
    }
    // sums[i·wide + j]: distances of each of the first i values to each of the first j, added up.
    let wide = total + 1;
    let mut sums = vec![0.0; wide * wide];
    for i in 0..total {
        let mut row = 0.0;
        for j in 0..total {
            row += (values[i] - values[j]).abs();
            sums[(i + 1) * wide + j + 1] = sums[i * wide + j + 1] + row;
        }
    }
    let mut best: Option<(usize, f64)> = None;
    for split in MIN_SEGMENT..=total - MIN_SEGMENT {
        let left = sums[split * wide + split];
        for end in split + MIN_SEGMENT..=total {
            let both = sums[split * wide + end];
            let right = sums[end * wide + end] - 2.0 * both + left;
            let (n, m) = (split as f64, (end - split) as f64);
            let energy = n * m / (n + m)
                * (2.0 * (both - left) / (n * m) - left / (n * (n - 1.0)) - right / (m * (m - 1.0)));
            if energy > 0.0 && best.is_none_or(|(_, e)| energy > e) {
                best = Some((split, energy));
            }
        }
    }
    best
}
