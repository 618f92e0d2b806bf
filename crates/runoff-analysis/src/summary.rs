//! What one cell says, with intervals.

use std::collections::BTreeMap;

use runoff_data::{Block, BlockMode, Cell, Phase, ResultFile, View, cells};
use runoff_stats::{Blocks, Estimate, estimate, median, relative_half_width};

use crate::overview::in_parallel;
use crate::{CounterSummary, SEED, Size};

/// A phase or view: the first time in a process, and repeated in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PhaseSummary {
    /// First time in its process, nanoseconds.
    pub cold: Option<Estimate>,
    /// Repeated, nanoseconds.
    pub warm: Option<Estimate>,
}

/// Medians over processes, bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// The worker before the engine.
    pub floor_rss: Option<f64>,
    /// Peak resident set.
    pub peak_rss: Option<f64>,
    /// Proportional set size.
    pub pss: Option<f64>,
    /// Generated code.
    pub code: Option<f64>,
    /// Linear memory.
    pub linear: Option<f64>,
    /// Reserved address space.
    pub reserved: Option<f64>,
    /// Saved artifact.
    pub artifact: Option<f64>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellSummary {
    /// Workload.
    pub workload: String,
    /// Runtime.
    pub runtime: String,
    /// Phases; those of loading come from processes that never compiled.
    pub phases: BTreeMap<Phase, PhaseSummary>,
    /// Sums of phases.
    pub views: BTreeMap<View, PhaseSummary>,
    /// Processor time over wall time while compiling cold, and threads of the process.
    pub compile_cpu_ratio: Option<f64>,
    /// Threads of the process.
    pub threads: Option<f64>,
    /// Memory.
    pub memory: Memory,
    /// Sizes with their spread over processes; those that are nothing are left out.
    pub sizes: BTreeMap<Size, Estimate>,
    /// Whole process: wall time, processor time (ns) and peak resident set (bytes).
    pub process: Option<(Estimate, Estimate, Option<f64>)>,
    /// Of a whole process, the compiling step before it, nanoseconds.
    pub compiled_before: Option<Estimate>,
    /// Events counted.
    pub counters: Option<CounterSummary>,
    /// Verified output, for people.
    pub output: Option<String>,
    /// Kinds and reasons of everything that went wrong, once each, with how many blocks it struck.
    pub problems: Vec<(BlockMode, &'static str, String, usize)>,
    /// Blocks that were measured.
    pub measured: usize,
}

impl CellSummary {
    /// What went wrong. That a runtime's events cannot be counted is no fault of it: that is said where counts are shown.
    pub fn failures(&self) -> impl Iterator<Item = &(BlockMode, &'static str, String, usize)> {
        let fact = |mode: BlockMode, kind: &str| mode == BlockMode::Counters && kind == "unsupported";
        self.problems.iter().filter(move |(mode, kind, ..)| !fact(*mode, kind))
    }

    /// Steady call, or for commands the repeated call on fresh instances; else the cold first call.
    pub fn call(&self) -> Option<Estimate> {
        let phase = |p| self.phases.get(&p);
        phase(Phase::Call).and_then(|p| p.warm).or_else(|| phase(Phase::FirstCall).and_then(|p| p.cold))
    }
}

/// All cells of a result in plan order.
pub fn summarise(result: &ResultFile) -> Vec<CellSummary> {
    in_parallel(&cells(result), cell)
}

/// Whether every measured cell is as precise as wanted: cold JIT start, call, and whole process.
pub fn precise(result: &ResultFile, precision: f64) -> bool {
    let cells = summarise(result);
    // Nothing measured is nothing precise.
    cells.iter().any(|c| c.measured > 0)
        && cells.iter().filter(|c| c.measured > 0).all(|c| {
            let narrow = |e: Option<Estimate>| e.is_none_or(|e| relative_half_width(&e) <= precision);
            narrow(c.call())
                && narrow(c.views.get(&View::Jit).and_then(|v| v.cold))
                && narrow(c.process.map(|(wall, ..)| wall))
        })
}

fn cell(cell: &Cell<'_>) -> CellSummary {
    let mut phases = BTreeMap::new();
    for phase in Phase::ALL {
        let mode = if phase == Phase::Load { BlockMode::Aot } else { BlockMode::Jit };
        let cold = Blocks::new(cell.cold(mode, phase).into_iter().map(|(r, ns)| (r, vec![ns])));
        let warm = Blocks::new(cell.warm(mode, phase));
        let summary = PhaseSummary { cold: estimate(&cold, SEED), warm: estimate(&warm, SEED) };
        if summary != PhaseSummary::default() {
            phases.insert(phase, summary);
        }
    }
    let mut views = BTreeMap::new();
    for view in View::ALL {
        let sum = |cold| estimate(&view_blocks(cell, view, cold), SEED);
        let summary = PhaseSummary { cold: sum(true), warm: sum(false) };
        if summary != PhaseSummary::default() {
            views.insert(view, summary);
        }
    }
    let jit: Vec<&Block> = cell.ok(BlockMode::Jit).collect();
    let over = |get: &dyn Fn(&Block) -> Option<f64>| {
        median(&jit.iter().copied().filter_map(get).collect::<Vec<_>>())
    };
    let bytes = |get: fn(&Block) -> Option<u64>| over(&move |b| get(b).map(|n| n as f64));
    CellSummary {
        workload: cell.workload.into(),
        runtime: cell.runtime.into(),
        phases,
        views,
        compile_cpu_ratio: over(&|b| {
            let compile = b.samples.phases.get(&Phase::Compile)?;
            let cpu = compile.cold_cpu?;
            Some((cpu.user_ns + cpu.system_ns) / compile.cold_ns?)
        }),
        threads: bytes(|b| b.samples.threads),
        sizes: Size::all(cell),
        memory: Memory {
            floor_rss: bytes(|b| b.samples.memory.floor_rss),
            peak_rss: bytes(|b| b.samples.memory.peak_rss),
            pss: bytes(|b| b.samples.memory.pss),
            code: bytes(|b| b.samples.memory.code),
            linear: bytes(|b| b.samples.memory.linear),
            reserved: bytes(|b| b.samples.memory.reserved),
            artifact: bytes(|b| b.samples.artifact_bytes),
        },
        process: process(cell),
        compiled_before: estimate(
            &Blocks::new(
                cell.cold(BlockMode::Process, Phase::Compile).into_iter().map(|(r, ns)| (r, vec![ns])),
            ),
            SEED,
        ),
        counters: CounterSummary::of(cell),
        output: jit.iter().find_map(|b| b.samples.output_text.clone()),
        problems: problems(cell),
        measured: cell.blocks.iter().filter(|b| b.status.is_ok() && b.mode != BlockMode::Counters).count(),
    }
}

/// A view's time per process. Phases of both halves of ahead-of-time use are joined by round.
fn view_blocks(cell: &Cell<'_>, view: View, cold: bool) -> Blocks {
    let compiling: Vec<Phase> =
        view.phases().iter().copied().filter(|_| matches!(view, View::Jit | View::AotCompile)).collect();
    let (first, second): (Vec<Phase>, Vec<Phase>) = match view {
        View::Jit | View::AotCompile => (compiling, Vec::new()),
        View::AotExecute => (Vec::new(), view.phases().to_vec()),
        View::AotTotal => (View::AotCompile.phases().to_vec(), View::AotExecute.phases().to_vec()),
        // The call alone is a phase of its own; repeated calls are its warm samples.
        View::PureExecution if cold => return Blocks::default(),
        View::PureExecution => return Blocks::new(cell.warm(BlockMode::Jit, Phase::Call)),
    };
    let half = |mode: BlockMode, phases: &[Phase]| -> BTreeMap<u32, f64> {
        cell.ok(mode).filter_map(|b| Some((b.round, sum(b, view, phases, cold)?))).collect()
    };
    match (first.is_empty(), second.is_empty()) {
        (false, true) => blocks_of(half(BlockMode::Jit, &first)),
        (true, false) => blocks_of(half(BlockMode::Aot, &second)),
        _ => {
            let (a, b) = (half(BlockMode::Jit, &first), half(BlockMode::Aot, &second));
            blocks_of(a.into_iter().filter_map(|(r, ns)| Some((r, ns + b.get(&r)?))).collect())
        }
    }
}

fn blocks_of(values: BTreeMap<u32, f64>) -> Blocks {
    Blocks::new(values.into_iter().map(|(round, ns)| (round, vec![ns])))
}

/// Sum of phases in one process; `None` when one that belongs to the view is missing.
fn sum(block: &Block, view: View, phases: &[Phase], cold: bool) -> Option<f64> {
    let mut total = 0.0;
    for phase in phases {
        let samples = block.samples.phases.get(phase);
        let value = |phase: &Phase| {
            let samples = block.samples.phases.get(phase)?;
            if cold { samples.cold_ns } else { median(&samples.warm_ns) }
        };
        match value(phase) {
            Some(ns) => total += ns,
            // A command's repeated call stands for the first call of a warm life.
            None if *phase == Phase::FirstCall && !cold => total += value(&Phase::Call)?,
            None if samples.is_none() && view.optional(*phase) => {}
            None => return None,
        }
    }
    Some(total)
}

fn process(cell: &Cell<'_>) -> Option<(Estimate, Estimate, Option<f64>)> {
    let costs: Vec<_> =
        cell.ok(BlockMode::Process).filter_map(|b| Some((b.round, b.samples.process?))).collect();
    let wall = Blocks::new(costs.iter().map(|(r, c)| (*r, vec![c.wall_ns])));
    let cpu = Blocks::new(costs.iter().map(|(r, c)| (*r, vec![c.cpu.user_ns + c.cpu.system_ns])));
    // What was too small to be seen in one process is no part of a median.
    let peaks: Option<Vec<f64>> = costs.iter().map(|(_, c)| c.peak_rss.map(|bytes| bytes as f64)).collect();
    Some((estimate(&wall, SEED)?, estimate(&cpu, SEED)?, peaks.and_then(|peaks| median(&peaks))))
}

fn problems(cell: &Cell<'_>) -> Vec<(BlockMode, &'static str, String, usize)> {
    let mut found: Vec<(BlockMode, &'static str, String, usize)> = Vec::new();
    for block in &cell.blocks {
        let Some((kind, reason)) = block.status.problem() else { continue };
        match found.iter_mut().find(|(m, k, r, _)| *m == block.mode && *k == kind && r == reason) {
            Some((.., count)) => *count += 1,
            None => found.push((block.mode, kind, reason.to_owned(), 1)),
        }
    }
    found
}
