//! Samples on two levels.

use crate::quantile::median;

/// Samples of one measure: processes, each with its round and its samples. Positive finite numbers only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocks {
    processes: Vec<(u32, Vec<f64>)>,
}

impl Blocks {
    /// From `(round, samples)` per process. Samples that are no positive finite number are dropped, and so are
    /// processes without samples: they were not measured.
    pub fn new(processes: impl IntoIterator<Item = (u32, Vec<f64>)>) -> Self {
        let clean = |(round, mut samples): (u32, Vec<f64>)| {
            samples.retain(|x| x.is_finite() && *x > 0.0);
            (!samples.is_empty()).then_some((round, samples))
        };
        Self { processes: processes.into_iter().filter_map(clean).collect() }
    }

    /// Number of processes.
    pub fn len(&self) -> usize {
        self.processes.len()
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.processes.is_empty()
    }

    /// Median of each process, in order.
    pub fn medians(&self) -> Vec<f64> {
        self.processes.iter().filter_map(|(_, s)| median(s)).collect()
    }

    /// All samples of all processes; for showing a distribution, never for a test.
    pub fn pooled(&self) -> Vec<f64> {
        self.processes.iter().flat_map(|(_, s)| s.iter().copied()).collect()
    }

    pub(crate) fn processes(&self) -> &[(u32, Vec<f64>)] {
        &self.processes
    }

    /// Pairs of processes of the same round, as indices; `None` unless every process has exactly one partner.
    pub(crate) fn pairs(&self, other: &Self) -> Option<Vec<(usize, usize)>> {
        if self.len() != other.len() {
            return None;
        }
        let mut pairs = Vec::with_capacity(self.len());
        for (i, (round, _)) in self.processes.iter().enumerate() {
            let mut partners = other.processes.iter().enumerate().filter(|(_, (r, _))| r == round);
            let (j, _) = partners.next()?;
            let twice = self.processes.iter().filter(|(r, _)| r == round).count() > 1;
            if twice || partners.next().is_some() {
                return None;
            }
            pairs.push((i, j));
        }
        Some(pairs)
    }
}
