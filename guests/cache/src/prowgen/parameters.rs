//! What the model leaves to choose.

use core::fmt;

/// How popularity and size go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correlation {
    /// Popular documents are the large ones.
    Positive,
    /// Independent, except that documents with a hundred requests or more are smaller than 10 KiB.
    Zero,
    /// Popular documents are the small ones.
    Negative,
}

/// What decides which document of the stack is asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locality {
    /// The place in the stack: the same probabilities for all time, those of the most popular documents.
    Static,
    /// The document: each has its own popularity.
    Dynamic,
}

/// Parameters of the model; the defaults are those of the original program.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Requests asked for; what comes is within a tenth.
    pub requests: u32,
    /// Distinct documents as a share of the requests.
    pub distinct: f64,
    /// Documents requested once as a share of the distinct ones.
    pub one_timers: f64,
    /// Exponent of the Zipf law of popularity.
    pub zipf_slope: f64,
    /// Exponent of the Pareto law of large sizes.
    pub tail_index: f64,
    /// Share of the documents whose size is in the tail.
    pub tail_share: f64,
    /// Where the tail begins, bytes.
    pub tail_start: f64,
    /// Mean of the log-normal law of the other sizes, before it is cut off at the tail, bytes.
    pub body_mean: f64,
    /// Its standard deviation, bytes.
    pub body_deviation: f64,
    /// Size and popularity.
    pub correlation: Correlation,
    /// Documents on the stack.
    pub stack: u32,
    /// How the stack is used.
    pub locality: Locality,
    /// Everything random comes from it.
    pub seed: u64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            requests: 200_000,
            distinct: 0.30,
            one_timers: 0.70,
            zipf_slope: 0.75,
            tail_index: 1.2,
            tail_share: 0.20,
            tail_start: 10_000.0,
            body_mean: 14_000.0,
            body_deviation: 22_000.0,
            correlation: Correlation::Zero,
            stack: 1000,
            locality: Locality::Static,
            seed: 1,
        }
    }
}

impl Parameters {
    /// Refuses what the model cannot draw from.
    ///
    /// # Errors
    ///
    /// The first parameter that is out of its range.
    pub fn check(&self) -> Result<(), InvalidParameters> {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let share = |value: f64| (0.0..=1.0).contains(&value);
        for (fine, what) in [
            (self.requests > 0, "at least one request"),
            (self.distinct > 0.0 && share(self.distinct), "distinct documents as a share above 0, up to 1"),
            (share(self.one_timers), "one-timers as a share from 0 to 1"),
            (self.zipf_slope.is_finite() && self.zipf_slope >= 0.0, "a Zipf slope of at least 0"),
            (positive(self.tail_index), "a tail index above 0"),
            (share(self.tail_share), "the share of the tail from 0 to 1"),
            (
                self.tail_start >= 1.0 && self.tail_start < super::distribution::LARGEST,
                "a start of the tail from 1 byte to less than 50 MiB",
            ),
            (positive(self.body_mean), "a mean size above 0"),
            (positive(self.body_deviation), "a deviation of sizes above 0"),
        ] {
            if !fine {
                return Err(InvalidParameters(what));
            }
        }
        Ok(())
    }
}

/// What is needed instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidParameters(pub &'static str);

impl fmt::Display for InvalidParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the generator needs {}", self.0)
    }
}

impl core::error::Error for InvalidParameters {}
