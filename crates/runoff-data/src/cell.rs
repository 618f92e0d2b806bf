//! Blocks grouped by what they measured.

use std::collections::BTreeMap;

use crate::{Block, BlockMode, Phase, ResultFile, Status};

/// All blocks of one (workload, runtime) pair.
#[derive(Clone, Debug)]
pub struct Cell<'a> {
    /// Workload name.
    pub workload: &'a str,
    /// Runtime id.
    pub runtime: &'a str,
    /// Its blocks in order.
    pub blocks: Vec<&'a Block>,
}

/// The cells of a result, workload by workload, runtimes in plan order; cells without a block included.
pub fn cells(result: &ResultFile) -> Vec<Cell<'_>> {
    let mut grouped: BTreeMap<(&str, &str), Vec<&Block>> = BTreeMap::new();
    for block in &result.blocks {
        grouped.entry((&block.workload, block.runtime.as_str())).or_default().push(block);
    }
    let plan = &result.header.plan;
    plan.workloads
        .iter()
        .flat_map(|w| plan.runtimes.iter().map(move |r| (w.name.as_str(), r.id.as_str())))
        .map(|(workload, runtime)| Cell {
            workload,
            runtime,
            blocks: grouped.remove(&(workload, runtime)).unwrap_or_default(),
        })
        .collect()
}

impl Cell<'_> {
    /// Blocks of one mode that were measured and verified.
    pub fn ok(&self, mode: BlockMode) -> impl Iterator<Item = &Block> {
        self.blocks.iter().copied().filter(move |b| b.mode == mode && b.status.is_ok())
    }

    /// The first problem, when any block of this mode had one.
    pub fn problem(&self, mode: BlockMode) -> Option<&Status> {
        self.blocks.iter().filter(|b| b.mode == mode).map(|b| &b.status).find(|s| !s.is_ok())
    }

    /// Cold samples of a phase, `(round, ns)` per process.
    pub fn cold(&self, mode: BlockMode, phase: Phase) -> Vec<(u32, f64)> {
        self.ok(mode).filter_map(|b| Some((b.round, b.samples.phases.get(&phase)?.cold_ns?))).collect()
    }

    /// Warm samples of a phase, `(round, samples)` per process that has some.
    pub fn warm(&self, mode: BlockMode, phase: Phase) -> Vec<(u32, Vec<f64>)> {
        self.ok(mode)
            .filter_map(|b| Some((b.round, b.samples.phases.get(&phase)?.warm_ns.clone())))
            .filter(|(_, samples)| !samples.is_empty())
            .collect()
    }
}
