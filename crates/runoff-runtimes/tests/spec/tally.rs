//! How the assertions of one file ended.

use std::collections::BTreeMap;

/// How one assertion ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As the specification wants it.
    Passed,
    /// Otherwise; the class of the difference.
    Failed(String),
    /// The runtime does not have what the module needs.
    Unsupported(String),
    /// Not about a runtime behind this seam; why.
    Skipped(&'static str),
}

/// How the assertions of one file ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) unsupported: usize,
    pub(crate) skipped: usize,
    /// Failures by class: how many, and the line of the first.
    pub(crate) failures: BTreeMap<String, (usize, usize)>,
    /// Reasons of the skipped.
    pub(crate) skips: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub(crate) fn count(&mut self, line: usize, ending: Ending) {
        match ending {
            Ending::Passed => self.passed += 1,
            Ending::Unsupported(_) => self.unsupported += 1,
            Ending::Skipped(why) => {
                self.skipped += 1;
                *self.skips.entry(why).or_default() += 1;
            }
            Ending::Failed(class) => {
                self.failed += 1;
                self.failures.entry(class).or_insert((0, line)).0 += 1;
            }
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.unsupported += other.unsupported;
        self.skipped += other.skipped;
        for (why, count) in &other.skips {
            *self.skips.entry(why).or_default() += count;
        }
    }
}
