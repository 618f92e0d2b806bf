//! The two marginal distributions: popularities and sizes.

use alloc::vec::Vec;

use super::{Parameters, Random};

/// No document is larger, bytes: 50 MiB.
pub(super) const LARGEST: f64 = 52_428_800.0;

/// An empirical distribution: values, ascending, with the share of documents up to each.
pub(super) struct Empirical {
    steps: Vec<(f64, f64)>,
}

impl Empirical {
    /// From the values of all documents.
    #[expect(clippy::cast_precision_loss, reason = "a document's place is far below 2^52")]
    pub(super) fn new(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let count = values.len() as f64;
        let mut steps: Vec<(f64, f64)> = Vec::new();
        for (i, &value) in values.iter().enumerate() {
            let share = (i + 1) as f64 / count;
            match steps.last_mut() {
                Some(last) if last.0.total_cmp(&value).is_eq() => last.1 = share,
                _ => steps.push((value, share)),
            }
        }
        Self { steps }
    }

    /// The value below which a share `u` of the documents lies, straight between neighbours, rounded up.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 2^32, whole")]
    pub(super) fn at(&self, u: f64) -> u64 {
        let place = self.steps.partition_point(|&(_, share)| share < u).min(self.steps.len() - 1);
        let (value, share) = self.steps[place];
        let value = match place.checked_sub(1).map(|before| self.steps[before]) {
            Some((below, at)) if u < share => below + (value - below) * (u - at) / (share - at),
            _ => value,
        };
        libm::ceil(value) as u64
    }
}

/// How often each of `distinct` documents is requested, most popular first: a Zipf law, the last `one_timers` once.
pub(super) fn popularities(parameters: &Parameters, distinct: usize, one_timers: usize) -> Vec<f64> {
    let reference = to_f64(distinct) - to_f64(one_timers) / 2.0;
    let k = libm::pow(reference, parameters.zipf_slope);
    let mut counts: Vec<f64> = (1..=distinct - one_timers)
        .map(|rank| libm::floor(k / libm::pow(to_f64(rank), parameters.zipf_slope)).max(2.0))
        .collect();
    let sum: f64 = counts.iter().sum();
    rescale(&mut counts, (f64::from(parameters.requests) - to_f64(one_timers)) / sum);
    counts.resize(distinct, 1.0);
    counts
}

/// Multiplies counts of documents that are requested more than once, and keeps them so.
pub(super) fn rescale(counts: &mut [f64], factor: f64) {
    for count in counts {
        *count = libm::floor(*count * factor).max(2.0);
    }
}

/// The sizes of `distinct` documents in bytes: log-normal below the start of the tail, Pareto from there on.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a number of documents"
)]
pub(super) fn sizes(parameters: &Parameters, distinct: usize, random: &mut Random) -> Vec<f64> {
    let Parameters { tail_index, tail_share, tail_start, body_mean, body_deviation, .. } = *parameters;
    let (mean2, variance) = (body_mean * body_mean, body_deviation * body_deviation);
    let mu = libm::log(mean2 / libm::sqrt(variance + mean2));
    let sigma = libm::sqrt(libm::log(1.0 + variance / mean2));
    let tail = libm::round(tail_share * to_f64(distinct)) as usize;
    let mut sizes = Vec::with_capacity(distinct);
    for _ in 0..distinct - tail {
        // A body that lies almost wholly in the tail is cut off there instead of being drawn for ever.
        let drawn = (0..1000).map(|_| libm::exp(mu + sigma * random.normal())).find(|&s| s < tail_start);
        sizes.push(drawn.unwrap_or(tail_start).max(1.0));
    }
    for _ in 0..tail {
        let drawn = (0..1000).map(|_| tail_start / libm::pow(1.0 - random.unit(), 1.0 / tail_index));
        sizes.push({ drawn }.find(|&s| s < LARGEST).unwrap_or(LARGEST));
    }
    sizes
}

/// A number of documents as a floating-point number.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub(super) fn to_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn inverse_goes_straight_between_neighbours() {
        let law = Empirical::new(vec![1.0, 1.0, 5.0, 2.0]);
        // Shares: 1 up to a half, 2 up to three quarters, 5 up to all.
        for (u, value) in [(0.0, 1), (0.5, 1), (0.51, 2), (0.75, 2), (0.76, 3), (0.9, 4), (0.99, 5), (1.0, 5)]
        {
            assert_eq!(law.at(u), value, "at {u}");
        }
    }
}
