//! Counts of everything.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Measure;

/// How often each [`Measure`] was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; Measure::ALL.len()]);

impl Counts {
    /// One of them.
    pub fn get(&self, measure: Measure) -> u64 {
        self.0[measure.index()]
    }

    pub(super) fn add(&mut self, measure: Measure, more: u64) {
        self.0[measure.index()] += more;
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, more| {
            sum += more;
            sum
        })
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Measure::ALL.len()))?;
        for measure in Measure::ALL {
            map.serialize_entry(&measure.name().replace(' ', "_"), &self.get(measure))?;
        }
        map.end()
    }
}
