//! How many instructions of each kind.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Category;

/// Instructions by [`Category`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mix([u64; Category::ALL.len()]);

impl Mix {
    /// Those of one kind.
    pub fn get(&self, category: Category) -> u64 {
        self.0[category.index()]
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(super) fn add(&mut self, category: Category) {
        self.0[category.index()] += 1;
    }
}

impl std::ops::AddAssign for Mix {
    fn add_assign(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }
}

impl Serialize for Mix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for category in Category::ALL.iter().filter(|c| self.get(**c) > 0) {
            map.serialize_entry(&category.name().replace(' ', "_"), &self.get(*category))?;
        }
        map.end()
    }
}
