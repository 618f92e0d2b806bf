//! Sizes, with their spread over processes.

use std::collections::BTreeMap;

use runoff_data::{Block, BlockMode, Cell};
use runoff_stats::{Blocks, Estimate, estimate};

use crate::SEED;

/// A size that claims are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// Peak resident set less what the process had before its engine.
    EngineRss,
    /// Peak resident set of the worker.
    PeakRss,
    /// Generated code.
    Code,
    /// The saved artifact.
    Artifact,
    /// Peak resident set of a whole process.
    ProcessRss,
}

impl Size {
    const ALL: [Self; 5] = [Self::EngineRss, Self::PeakRss, Self::Code, Self::Artifact, Self::ProcessRss];

    /// Those of a cell that were measured.
    pub(crate) fn all(cell: &Cell<'_>) -> BTreeMap<Self, Estimate> {
        Self::ALL.into_iter().filter_map(|size| Some((size, size.summary(cell)?))).collect()
    }

    /// What it is in one process, bytes.
    fn of(self, block: &Block) -> Option<u64> {
        let (samples, memory) = (&block.samples, &block.samples.memory);
        match self {
            Self::EngineRss => memory.peak_rss?.checked_sub(memory.floor_rss?),
            Self::PeakRss => memory.peak_rss,
            Self::Code => memory.code,
            Self::Artifact => samples.artifact_bytes,
            Self::ProcessRss => samples.process?.peak_rss,
        }
    }

    /// Its median over processes. What is the same in two of them or more is known exactly; of what one process had
    /// nothing is known of the next.
    fn summary(self, cell: &Cell<'_>) -> Option<Estimate> {
        let mode = if self == Self::ProcessRss { BlockMode::Process } else { BlockMode::Jit };
        let all: Vec<(u32, Option<u64>)> = cell.ok(mode).map(|b| (b.round, self.of(b))).collect();
        // A whole process too small to be seen is no part of a median, and then there is none.
        if self == Self::ProcessRss && all.iter().any(|(_, bytes)| bytes.is_none()) {
            return None;
        }
        let values = all.into_iter().filter_map(|(round, bytes)| Some((round, vec![bytes? as f64])));
        let blocks = Blocks::new(values);
        let mut found = estimate(&blocks, SEED)?;
        if found.interval.is_none() && found.processes > 1 {
            found.interval = Some((found.median, found.median));
        }
        Some(found)
    }
}
