//! The rounds of a run.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use runoff_data::{
    Block, BlockMode, CounterSource, End, EndReason, FileError, Header, Record, ResultWriter, Samples, Status,
};
use runoff_runtime::{ModuleDescriptor, Value};
use runoff_workloads::{Workload, furnish};

use crate::protocol::{Job, TypedCall};
use crate::supervisor::{Bounds, Launch, WholeProcess, WorkerReport, run_worker, whole_process};
use crate::{Slot, round_order};

/// What can stop a run. Failures of runtimes do not: they are rows.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The result file cannot be written; everything before is in it.
    #[error(transparent)]
    File(#[from] FileError),
    /// The scratch folder cannot be used.
    #[error("cannot use the scratch folder {path}: {source}")]
    Scratch {
        /// The folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
}

/// What a run tells while it goes on.
pub trait Progress {
    /// A block begins.
    fn block(&mut self, round: u32, done: usize, of: usize, runtime: &str, workload: &str);
    /// A block ended.
    fn ended(&mut self, block: &Block);
    /// Counting under Valgrind, after the rounds: so many blocks are done of so many, the last or first of them this one.
    fn counting(&mut self, done: usize, of: usize, runtime: &str, workload: &str);
    /// A round ended; `widest` is the widest relative half-width so far, with the cell it belongs to.
    fn round(&mut self, round: u32, elapsed: Duration);
}

/// Decides after each round whether to go on. Kept outside so that measuring knows no statistics.
pub type Stop<'a> = dyn FnMut(&[Block]) -> bool + 'a;

/// Everything a run needs.
pub struct Run<'a> {
    /// Plan and machine, as in the file.
    pub header: &'a Header,
    /// Workloads with their bytes, in plan order.
    pub workloads: &'a [Workload],
    /// How a worker for a runtime is started.
    pub worker: &'a dyn Fn(&str) -> Launch,
    /// How a whole process is started: runtime, workload, module file. An error is why it cannot be.
    pub process: &'a dyn Fn(&str, &Workload, &Path) -> Result<WholeProcess, String>,
    /// Folder for modules and artifacts of this run.
    pub scratch: &'a Path,
    /// Whether the user asked to stop.
    pub interrupted: &'a dyn Fn() -> bool,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("plan", &self.header.plan).finish_non_exhaustive()
    }
}

impl Run<'_> {
    /// Measures until `precise` says so, the budget is spent, the rounds are over, or the user stops it.
    /// `done` are blocks of an earlier, interrupted run: they are not measured again.
    pub fn go(
        &self,
        writer: &mut ResultWriter,
        done: Vec<Block>,
        precise: &mut Stop<'_>,
        progress: &mut dyn Progress,
    ) -> Result<(Vec<Block>, End), RunError> {
        let begin = Instant::now();
        let plan = &self.header.plan;
        let modules = self.write_modules()?;
        let mut finished: BTreeSet<_> = done.iter().map(key).collect();
        let mut blocks = done;
        let mut given_up = give_up(&blocks);
        let (mut reason, mut rounds) = (EndReason::Rounds, 0);
        'rounds: for round in 0..plan.max_rounds {
            let order = round_order(plan.seed, round, &self.slots());
            let of = order.len();
            for (place, slot) in order.iter().enumerate() {
                let runtime = plan.runtimes[slot.runtime].id.as_str();
                let workload = &self.workloads[slot.workload];
                progress.block(round, place, of, runtime, &workload.spec.name);
                for mode in &slot.modes {
                    let cell = (round, slot.workload, slot.runtime, *mode);
                    let id = (round, workload.spec.name.clone(), runtime.to_owned(), *mode);
                    // What cannot run in one round cannot in the next; what failed is tried twice more.
                    if finished.contains(&id) || hopeless(&given_up, &id.1, &id.2) {
                        continue;
                    }
                    // The first round is always whole: a table with holes answers nothing.
                    let late = plan.budget_s.is_some_and(|s| begin.elapsed().as_secs_f64() > s);
                    if late && round > 0 {
                        reason = EndReason::Budget;
                        break 'rounds;
                    }
                    // What this round could not compile it cannot load; the row of the failure is there already.
                    let failed = |b: &Block| {
                        key(b) == (id.0, id.1.clone(), id.2.clone(), BlockMode::Jit) && !b.status.is_ok()
                    };
                    if *mode == BlockMode::Aot && blocks.iter().any(failed) {
                        continue;
                    }
                    let Some(report) = self.block(cell, &modules[slot.workload]) else {
                        reason = EndReason::Interrupted;
                        break 'rounds;
                    };
                    let block = Block {
                        round,
                        order: place as u32,
                        runtime: plan.runtimes[slot.runtime].id.clone(),
                        workload: workload.spec.name.clone(),
                        mode: *mode,
                        status: report.status,
                        samples: report.samples,
                    };
                    writer.append(&Record::Block(block.clone()))?;
                    progress.ended(&block);
                    count_failure(&mut given_up, &block);
                    finished.insert(id);
                    blocks.push(block);
                    if (self.interrupted)() {
                        reason = EndReason::Interrupted;
                        break 'rounds;
                    }
                }
            }
            rounds = round + 1;
            progress.round(round, begin.elapsed());
            let all =
                |w: &Workload| plan.runtimes.iter().all(|r| hopeless(&given_up, &w.spec.name, r.id.as_str()));
            if self.workloads.iter().all(all) {
                break;
            }
            if precise(&blocks) {
                reason = EndReason::Precise;
                break;
            }
        }
        if reason != EndReason::Interrupted && !self.simulate(&modules, &mut blocks, writer, progress)? {
            reason = EndReason::Interrupted;
        }
        let end = End { reason, rounds, seconds: begin.elapsed().as_secs_f64() };
        writer.append(&Record::End(end.clone()))?;
        Ok((blocks, end))
    }

    fn slots(&self) -> Vec<Slot> {
        let plan = &self.header.plan;
        let mut slots = Vec::new();
        for workload in 0..plan.workloads.len() {
            for (runtime, planned) in plan.runtimes.iter().enumerate() {
                let mut modes = if planned.process_only { Vec::new() } else { vec![BlockMode::Jit] };
                if !planned.process_only && planned.capabilities.save_load {
                    modes.push(BlockMode::Aot);
                }
                let hardware = plan.counters.is_some_and(|c| c.source == CounterSource::Hardware);
                if hardware && !planned.process_only {
                    modes.push(BlockMode::Counters);
                }
                if plan.whole_process || planned.process_only {
                    modes.push(BlockMode::Process);
                }
                slots.push(Slot { workload, runtime, modes });
            }
        }
        slots
    }

    fn write_modules(&self) -> Result<Vec<PathBuf>, RunError> {
        let scratch = |path: &Path, source| RunError::Scratch { path: path.to_owned(), source };
        self.workloads
            .iter()
            .enumerate()
            .map(|(i, workload)| {
                let path = self.scratch.join(format!("module-{i}.wasm"));
                std::fs::write(&path, &workload.wasm).map_err(|e| scratch(&path, e))?;
                Ok(path)
            })
            .collect()
    }

    fn block(&self, cell: (u32, usize, usize, BlockMode), module: &Path) -> Option<WorkerReport> {
        let (_, w, r, mode) = cell;
        let plan = &self.header.plan;
        let runtime = plan.runtimes[r].id.as_str();
        let workload = match self.furnished(w, &format!("files-{w}")) {
            Ok(workload) => workload,
            Err(reason) => {
                let status = Status::Failed { reason };
                return Some(WorkerReport { status, samples: Samples::default() });
            }
        };
        let workload = workload.as_ref();
        let bounds = Bounds {
            timeout: Duration::from_secs_f64(plan.block_timeout_s),
            max_memory: plan.max_memory_bytes,
        };
        if mode == BlockMode::Process {
            let whole = match (self.process)(runtime, workload, module) {
                Ok(whole) => whole,
                Err(reason) => {
                    let status = Status::Unsupported { reason };
                    return Some(WorkerReport { status, samples: Samples::default() });
                }
            };
            let text = workload.expected_text.as_deref();
            return whole_process(&whole, &workload.spec, text, bounds, self.interrupted);
        }
        let artifact = self.scratch.join(format!("artifact-{w}-{r}"));
        let job = |mode| self.job(mode, workload, module, &artifact);
        let launch = (self.worker)(runtime);
        if let (BlockMode::Counters, Some(counting)) = (mode, plan.counters) {
            return match self.counting(&launch, None, (w, r), module, counting) {
                Ok(count) => count.run(self.interrupted),
                Err(report) => Some(*report),
            };
        }
        if mode == BlockMode::Aot && !artifact.exists() {
            // A resumed run: the artifact went with the scratch folder of the run before. It is made again by a
            // worker whose samples do not count.
            let made = run_worker(&launch, &job(BlockMode::Jit), bounds, self.interrupted)?;
            if !artifact.exists() {
                let reason = match made.status.problem() {
                    Some((kind, reason)) => format!("there is no artifact to load: {kind}: {reason}"),
                    None => "there is no artifact to load: none was saved".into(),
                };
                return Some(WorkerReport { status: Status::Failed { reason }, samples: Samples::default() });
            }
        }
        run_worker(&launch, &job(mode), bounds, self.interrupted)
    }

    /// A workload with its files in a fresh folder of this name.
    pub(crate) fn furnished(&self, w: usize, folder: &str) -> Result<Cow<'_, Workload>, String> {
        let planned = &self.workloads[w];
        let spec = furnish(&planned.spec, &self.scratch.join(folder))?;
        Ok(spec.map_or(Cow::Borrowed(planned), |spec| Cow::Owned(Workload { spec, ..planned.clone() })))
    }

    /// What a worker is asked to do.
    pub(crate) fn job(&self, mode: BlockMode, workload: &Workload, module: &Path, artifact: &Path) -> Job {
        let plan = &self.header.plan;
        Job {
            mode,
            module: module.display().to_string(),
            workload: workload.spec.clone(),
            expected_text: workload.expected_text.clone(),
            artifact: artifact.display().to_string(),
            calls: plan.calls,
            block_ms: plan.block_ms,
            stdout: None,
            call: typed_call(workload),
            counters: None,
        }
    }
}

/// The call of an export with its types; `None` for commands and for what cannot be called, which the runtime will
/// find out and say.
pub(crate) fn typed_call(workload: &Workload) -> Option<TypedCall> {
    let module = ModuleDescriptor::parse(&workload.wasm).ok()?;
    let ty = module.func(workload.spec.invoke.as_deref()?)?;
    if ty.params.len() != workload.spec.args.len() {
        return None;
    }
    let args = ty.params.iter().zip(&workload.spec.args).map(|(ty, text)| Value::parse(*ty, text));
    let args = args.collect::<Result<Vec<_>, _>>().ok()?;
    Some(TypedCall { args: args.into_iter().map(Into::into).collect(), results: ty.results.clone() })
}

type BlockKey = (u32, String, String, BlockMode);

fn key(block: &Block) -> BlockKey {
    (block.round, block.workload.clone(), block.runtime.to_string(), block.mode)
}

type GivenUp = BTreeMap<(String, String), u32>;

/// Whether more rounds of this cell would only fail again.
fn hopeless(given_up: &GivenUp, workload: &str, runtime: &str) -> bool {
    given_up.get(&(workload.to_owned(), runtime.to_owned())).is_some_and(|n| *n >= 3)
}

/// Failures in a row count: what worked since was bad luck and not the runtime.
fn count_failure(given_up: &mut GivenUp, block: &Block) {
    // What cannot be counted can still be timed.
    if block.mode == BlockMode::Counters {
        return;
    }
    let count = given_up.entry((block.workload.clone(), block.runtime.to_string())).or_insert(0);
    *count = if block.status.is_ok() { 0 } else { *count + weight(&block.status) };
}

/// How much a status counts towards giving a cell up.
fn weight(status: &Status) -> u32 {
    match status {
        Status::Ok => 0,
        Status::Unsupported { .. }
        | Status::Wrong { .. }
        | Status::TimedOut { .. }
        | Status::OutOfMemory { .. } => 3,
        Status::Failed { .. } | Status::Crashed { .. } => 1,
    }
}

fn give_up(blocks: &[Block]) -> GivenUp {
    let mut given_up = BTreeMap::new();
    for block in blocks {
        count_failure(&mut given_up, block);
    }
    given_up
}
