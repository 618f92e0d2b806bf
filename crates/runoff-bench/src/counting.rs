//! Blocks that count: in every round with the processor's counters, once after the rounds under Valgrind.
//!
//! What is simulated does not depend on what else the machine does, so that these blocks, and only these, run side by side.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use runoff_data::{Block, BlockMode, CounterPlan, CounterSource, Record, ResultWriter, Samples, Status};

use crate::protocol::Job;
use crate::run::{Progress, Run, RunError};
use crate::supervisor::{Bounds, Launch, Valgrind, WorkerReport, counts, run_worker};

/// How long a driver may take to say whether it counts.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often the user is listened to.
const LOOK: Duration = Duration::from_millis(50);

/// One counting process, ready to run on any thread.
pub(crate) struct Count {
    launch: Launch,
    job: Job,
    bounds: Bounds,
    simulated: bool,
}

impl Count {
    /// Runs it; `None` when stopped.
    pub(crate) fn run(&self, stop: &dyn Fn() -> bool) -> Option<WorkerReport> {
        let report = run_worker(&self.launch, &self.job, self.bounds, stop)?;
        Some(only_counts(report, self.simulated))
    }
}

/// A cell that waits for its turn, and what is to be done: a process, or a reason why there is none.
struct Waiting {
    workload: usize,
    runtime: usize,
    order: u32,
    todo: Result<Count, Box<WorkerReport>>,
}

impl Run<'_> {
    /// Counts every cell once under Valgrind, if the plan says so; cells that were never measured are left out.
    /// `false` when the user stopped it.
    pub(crate) fn simulate(
        &self,
        modules: &[PathBuf],
        blocks: &mut Vec<Block>,
        writer: &mut ResultWriter,
        progress: &mut dyn Progress,
    ) -> Result<bool, RunError> {
        let plan = &self.header.plan;
        let Some(counting) = plan.counters.filter(|c| c.source == CounterSource::Simulated) else {
            return Ok(true);
        };
        let waiting = self.waiting(modules, blocks, counting);
        let of = waiting.len();
        let name = |cell: &Waiting| {
            let (workload, runtime) = (&plan.workloads[cell.workload], &plan.runtimes[cell.runtime]);
            (workload.name.as_str(), &runtime.id)
        };
        if let Some((workload, runtime)) = waiting.front().map(name) {
            progress.counting(0, of, runtime.as_str(), workload);
        }
        let queue = Mutex::new(waiting);
        let stopped = AtomicBool::new(false);
        let begin = Instant::now();
        let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let (sender, reports) = mpsc::channel();
        thread::scope(|scope| {
            let (take, stopped) = (&take, &stopped);
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                let sender = sender.clone();
                scope.spawn(move || {
                    while let Some(cell) = take() {
                        let Some(report) = turn(&cell, counting, begin, stopped) else { return };
                        // Nobody listens any more when writing failed.
                        if sender.send((cell, report)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut done = 0;
            loop {
                match reports.recv_timeout(LOOK) {
                    Ok((cell, report)) => {
                        done += 1;
                        let (workload, runtime) = name(&cell);
                        progress.counting(done, of, runtime.as_str(), workload);
                        let block = Block {
                            round: 0,
                            order: cell.order,
                            runtime: runtime.clone(),
                            workload: workload.to_owned(),
                            mode: BlockMode::Counters,
                            status: report.status,
                            samples: report.samples,
                        };
                        if let Err(error) = writer.append(&Record::Block(block.clone())) {
                            stopped.store(true, Ordering::Relaxed);
                            return Err(error.into());
                        }
                        progress.ended(&block);
                        blocks.push(block);
                    }
                    Err(RecvTimeoutError::Timeout) if (self.interrupted)() => {
                        stopped.store(true, Ordering::Relaxed);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return Ok(!stopped.load(Ordering::Relaxed)),
                }
            }
        })
    }

    /// The cells to be counted, workload by workload, so that what is cut off by a budget is whole workloads.
    fn waiting(&self, modules: &[PathBuf], blocks: &[Block], counting: CounterPlan) -> VecDeque<Waiting> {
        let plan = &self.header.plan;
        let valgrind = Valgrind::find();
        let launches: Vec<Launch> = plan.runtimes.iter().map(|r| (self.worker)(r.id.as_str())).collect();
        // Our own workers can count; whether a driver can is asked without Valgrind, which is faster.
        let able: Vec<bool> = launches.iter().map(|l| !l.foreign || counts(l, PATIENCE)).collect();
        let mut waiting = VecDeque::new();
        for (w, workload) in plan.workloads.iter().enumerate() {
            for (r, runtime) in plan.runtimes.iter().enumerate() {
                let (workload, runtime) = (workload.name.as_str(), runtime.id.as_str());
                if !measured(blocks, workload, runtime) || counted(blocks, workload, runtime) {
                    continue;
                }
                let todo = match &valgrind {
                    Err(reason) => Err(Box::new(refused(reason.clone()))),
                    Ok(_) if !able[r] => {
                        let reason =
                            "this driver does not count under Valgrind: it cannot say where a call begins";
                        Err(Box::new(refused(reason.into())))
                    }
                    Ok(valgrind) => {
                        self.counting(&launches[r], Some(valgrind), (w, r), &modules[w], counting)
                    }
                };
                waiting.push_back(Waiting { workload: w, runtime: r, order: waiting.len() as u32, todo });
            }
        }
        waiting
    }

    /// Prepares a counting process, or says why there is none.
    pub(crate) fn counting(
        &self,
        launch: &Launch,
        valgrind: Option<&Valgrind>,
        (w, r): (usize, usize),
        module: &Path,
        counting: CounterPlan,
    ) -> Result<Count, Box<WorkerReport>> {
        let plan = &self.header.plan;
        // Several run at once: each has files of its own.
        let workload = self.furnished(w, &format!("files-counts-{w}-{r}"));
        let workload = workload.map_err(|reason| {
            let status = Status::Failed { reason };
            Box::new(WorkerReport { status, samples: Samples::default() })
        })?;
        let artifact = self.scratch.join(format!("counts-{w}-{r}"));
        let job = Job {
            counters: Some(counting.source),
            ..self.job(BlockMode::Counters, workload.as_ref(), module, &artifact)
        };
        let under = valgrind.map(|v| v.around(launch, &artifact.with_extension("callgrind")));
        let bounds = Bounds {
            timeout: Duration::from_secs_f64(counting.block_timeout_s.min(plan.block_timeout_s)),
            max_memory: plan.max_memory_bytes,
        };
        let launch = under.unwrap_or_else(|| launch.clone());
        Ok(Count { launch, job, bounds, simulated: valgrind.is_some() })
    }
}

/// A cell's turn, if there is time for it; `None` when stopped.
fn turn(cell: &Waiting, counting: CounterPlan, begin: Instant, stopped: &AtomicBool) -> Option<WorkerReport> {
    if stopped.load(Ordering::Relaxed) {
        return None;
    }
    let count = match &cell.todo {
        Err(report) => return Some(report.as_ref().clone()),
        Ok(count) => count,
    };
    let spent = begin.elapsed().as_secs_f64();
    if let Some(budget) = counting.budget_s.filter(|budget| spent > *budget) {
        // All such cells in the same words: they share a row.
        let reason = format!("the time for counting, {budget:.0} s, was spent before its turn");
        return Some(WorkerReport { status: Status::TimedOut { reason }, samples: Samples::default() });
    }
    count.run(&|| stopped.load(Ordering::Relaxed))
}

/// Nothing of a counting process is a time.
fn only_counts(report: WorkerReport, simulated: bool) -> WorkerReport {
    let WorkerReport { status, samples } = report;
    let status = match status {
        Status::Ok if samples.counters.is_none() => {
            Status::Unsupported { reason: "it ran and counted nothing".into() }
        }
        Status::TimedOut { reason } if simulated => {
            Status::TimedOut { reason: format!("took too long under Valgrind: {reason}") }
        }
        Status::Crashed { reason } if simulated => {
            Status::Crashed { reason: format!("under Valgrind: {reason}") }
        }
        other => other,
    };
    let samples = Samples {
        counters: samples.counters,
        missing: samples.missing,
        output: samples.output,
        output_text: samples.output_text,
        ..Samples::default()
    };
    WorkerReport { status, samples }
}

fn refused(reason: String) -> WorkerReport {
    WorkerReport { status: Status::Unsupported { reason }, samples: Samples::default() }
}

/// Whether a cell was measured at all: what cannot run cannot be counted, and its row is there.
fn measured(blocks: &[Block], workload: &str, runtime: &str) -> bool {
    let of = |b: &&Block| b.workload == workload && b.runtime.as_str() == runtime;
    blocks.iter().filter(of).any(|b| b.mode == BlockMode::Jit && b.status.is_ok())
}

fn counted(blocks: &[Block], workload: &str, runtime: &str) -> bool {
    let of = |b: &&Block| b.workload == workload && b.runtime.as_str() == runtime;
    blocks.iter().filter(of).any(|b| b.mode == BlockMode::Counters)
}
