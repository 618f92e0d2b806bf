//! The documents: how often each is requested and how large it is.

use alloc::vec::Vec;

use super::distribution::{Empirical, popularities, rescale, sizes, to_f64};
use super::{Correlation, InvalidParameters, Parameters, Random};

/// Documents requested at least this often are small when size and popularity are independent.
const POPULAR: u64 = 100;
/// Small: less than this, bytes.
const SMALL: u64 = 10 * 1024;

/// All documents of a run, the most popular first; the index is the document's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// How often each is requested.
    pub counts: Vec<u32>,
    /// Size of each in bytes.
    pub sizes: Vec<u32>,
}

impl Documents {
    /// Draws the documents.
    ///
    /// # Errors
    ///
    /// Parameters that the model cannot draw from.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "shares of a u32; counts below 2^32"
    )]
    pub fn new(parameters: &Parameters, random: &mut Random) -> Result<Self, InvalidParameters> {
        parameters.check()?;
        let distinct = libm::round(f64::from(parameters.requests) * parameters.distinct).max(1.0);
        let one_timers = libm::round(distinct * parameters.one_timers) as usize;
        let distinct = distinct as usize;
        let popularity = Empirical::new(popularities(parameters, distinct, one_timers));
        let size = Empirical::new(sizes(parameters, distinct, random));
        let mut drawn: Vec<(u64, u64)> = (0..distinct)
            .map(|_| {
                let u = random.unit();
                let count = popularity.at(u);
                let bytes = match parameters.correlation {
                    Correlation::Positive => size.at(u),
                    Correlation::Negative => size.at(1.0 - u),
                    Correlation::Zero => independent(&size, count, random),
                };
                (count, bytes)
            })
            .collect();
        drawn.sort_by_key(|&(count, _)| core::cmp::Reverse(count));
        let often = drawn.partition_point(|&(count, _)| count > 1);
        let mut counts: Vec<f64> = drawn[..often].iter().map(|&(count, _)| count as f64).collect();
        let sum: f64 = counts.iter().sum();
        if sum > 0.0 {
            rescale(&mut counts, (f64::from(parameters.requests) - to_f64(distinct - often)) / sum);
        }
        counts.resize(distinct, 1.0);
        Ok(Self {
            counts: counts.iter().map(|&count| count as u32).collect(),
            sizes: drawn.iter().map(|&(_, bytes)| u32::try_from(bytes).unwrap_or(u32::MAX)).collect(),
        })
    }

    /// Requests in all.
    pub fn requests(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    /// Documents requested once.
    pub fn one_timers(&self) -> usize {
        self.counts.iter().filter(|&&count| count == 1).count()
    }

    /// Bytes of all documents.
    pub fn bytes(&self) -> u64 {
        self.sizes.iter().map(|&size| u64::from(size)).sum()
    }
}

/// A size that has nothing to do with the popularity, except that very popular documents are small. When hardly any
/// size is small, the smallest of many draws must do.
fn independent(size: &Empirical, count: u64, random: &mut Random) -> u64 {
    let mut smallest = size.at(random.unit());
    if count >= POPULAR {
        for _ in 0..1000 {
            if smallest < SMALL {
                break;
            }
            smallest = smallest.min(size.at(random.unit()));
        }
    }
    smallest
}
