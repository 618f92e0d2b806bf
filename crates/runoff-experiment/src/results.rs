//! What was measured of an experiment.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use runoff_analysis::{CellSummary, summarise};
use runoff_data::ResultFile;

/// The measured runs of an experiment, by name. Each is summarised when it is first asked for, and once: a summary
/// takes thousands of resamples, and every figure and claim of a run reads the same one.
#[derive(Clone, Debug, Default)]
pub struct Results {
    runs: BTreeMap<String, Run>,
}

#[derive(Clone, Debug)]
struct Run {
    result: ResultFile,
    cells: OnceLock<Vec<CellSummary>>,
}

impl Results {
    /// Without runs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a run, or takes the place of the one of that name.
    pub fn insert(&mut self, name: String, result: ResultFile) {
        self.runs.insert(name, Run { result, cells: OnceLock::new() });
    }

    /// Whether there is no run.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// A run as it was measured.
    pub fn get(&self, name: &str) -> Option<&ResultFile> {
        self.runs.get(name).map(|run| &run.result)
    }

    /// A run as it was measured, and its cells in plan order.
    pub fn summary(&self, name: &str) -> Option<(&ResultFile, &[CellSummary])> {
        let run = self.runs.get(name)?;
        Some((&run.result, run.cells.get_or_init(|| summarise(&run.result))))
    }

    /// All runs as they were measured.
    pub fn values(&self) -> impl Iterator<Item = &ResultFile> {
        self.runs.values().map(|run| &run.result)
    }
}

impl FromIterator<(String, ResultFile)> for Results {
    fn from_iter<I: IntoIterator<Item = (String, ResultFile)>>(runs: I) -> Self {
        let mut results = Self::new();
        for (name, result) in runs {
            results.insert(name, result);
        }
        results
    }
}

impl<const N: usize> From<[(String, ResultFile); N]> for Results {
    fn from(runs: [(String, ResultFile); N]) -> Self {
        runs.into_iter().collect()
    }
}
