//! Comparing two measurements, and saying what that means.

use crate::bootstrap::{log_standard_error, quantile_of_t, resampled_median};
use crate::quantile::median;
use crate::rank::{hodges_lehmann, mann_whitney};
use crate::{Blocks, INTERVAL_CONFIDENCE};

/// Confidence a verdict of faster or slower needs; also 1 − the level of the rank test.
pub const VERDICT_CONFIDENCE: f64 = 0.99;

/// Fewer processes than this on either side decide nothing.
pub const MIN_PROCESSES: usize = 4;

/// Relative difference below which two times count as the same.
pub const DEFAULT_MARGIN: f64 = 0.01;

/// What a comparison says of the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Certainly faster than the base.
    Faster,
    /// Certainly slower than the base.
    Slower,
    /// Certainly within the margin, even if a small difference is certain too.
    Equivalent,
    /// The data do not decide.
    Unsure,
}

impl Verdict {
    /// Its name as in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::Equivalent => "equivalent",
            Self::Unsure => "unsure",
        }
    }
}

/// A candidate compared with a base.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Median of the candidate over median of the base.
    pub ratio: f64,
    /// Interval of the ratio at [`INTERVAL_CONFIDENCE`].
    pub interval: Option<(f64, f64)>,
    /// Interval of the ratio at [`VERDICT_CONFIDENCE`]: faster and slower are judged by this one.
    pub verdict_interval: Option<(f64, f64)>,
    /// Two-sided Mann–Whitney p over process medians.
    pub p: f64,
    /// Hodges–Lehmann shift of the candidate against the base, in the unit of the samples.
    pub shift: f64,
    /// What it says.
    pub verdict: Verdict,
    /// Why, in a few words.
    pub why: String,
    /// Processes of base and candidate.
    pub processes: (usize, usize),
}

/// Compares `candidate` with `base`; differences within ±`margin` count as none. `None` when a side is empty.
///
/// Order of the rules: too little data is unsure; an interval inside the margin is equivalent, also when a
/// difference is certain; an interval on one side of 1 that the rank test confirms is faster or slower; the
/// rest is unsure.
pub fn compare(base: &Blocks, candidate: &Blocks, margin: f64, seed: u64) -> Option<Comparison> {
    let (a, b) = (base.medians(), candidate.medians());
    let ratio = median(&b)? / median(&a)?;
    let rank = mann_whitney(&a, &b)?;
    let shift = hodges_lehmann(&a, &b)?;
    let n = a.len().min(b.len());
    let se = standard_error(base, candidate, seed);
    let reach = |confidence: f64| se.map(|se| (quantile_of_t(confidence, n) * se).exp());
    let interval = reach(INTERVAL_CONFIDENCE).map(|r| (ratio / r, ratio * r));
    let strict = reach(VERDICT_CONFIDENCE).map(|r| (ratio / r, ratio * r));
    let (verdict, why) = decide(n, interval, strict, rank.p, margin);
    Some(Comparison {
        ratio,
        interval,
        verdict_interval: strict,
        p: rank.p,
        shift,
        verdict,
        why,
        processes: (a.len(), b.len()),
    })
}

/// Standard error of the log ratio. Rounds both sides share are resampled together: what made a round slow made
/// it slow for both.
fn standard_error(base: &Blocks, candidate: &Blocks, seed: u64) -> Option<f64> {
    if let Some(pairs) = base.pairs(candidate) {
        return log_standard_error(pairs.len(), seed, |rng, picks| {
            let (left, right): (Vec<usize>, Vec<usize>) = picks.iter().map(|p| pairs[*p]).unzip();
            resampled_median(candidate, rng, &right) / resampled_median(base, rng, &left)
        });
    }
    let side = |blocks: &Blocks, seed| {
        log_standard_error(blocks.len(), seed, |rng, picks| resampled_median(blocks, rng, picks))
    };
    Some(side(base, seed)?.hypot(side(candidate, seed.wrapping_add(1))?))
}

fn decide(
    n: usize,
    interval: Option<(f64, f64)>,
    strict: Option<(f64, f64)>,
    p: f64,
    margin: f64,
) -> (Verdict, String) {
    if n < MIN_PROCESSES {
        return (Verdict::Unsure, format!("{n} processes on a side are too few to decide"));
    }
    let (Some((low, high)), Some((strict_low, strict_high))) = (interval, strict) else {
        return (Verdict::Unsure, "nothing varied, so nothing is known of the next process".into());
    };
    if low > 1.0 / (1.0 + margin) && high < 1.0 + margin {
        return (Verdict::Equivalent, format!("the interval lies within ±{:.1} %", margin * 100.0));
    }
    let confirmed = p < 1.0 - VERDICT_CONFIDENCE;
    if strict_high < 1.0 && confirmed {
        (Verdict::Faster, "the 99 % interval lies below 1 and the rank test agrees".into())
    } else if strict_low > 1.0 && confirmed {
        (Verdict::Slower, "the 99 % interval lies above 1 and the rank test agrees".into())
    } else {
        (Verdict::Unsure, "the interval allows both directions, or only one test sees a difference".into())
    }
}
