//! Blocks that count: in every round with the processor's counters, once after the rounds under Valgrind.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use runoff_data::{Block, BlockMode, CounterPlan, CounterSource, Record, ResultWriter, Samples, Status};

use crate::protocol::Job;
use crate::run::{Progress, Run, RunError};
use crate::supervisor::{Bounds, Launch, Valgrind, WorkerReport, counts, run_worker};

/// How long a driver may take to say whether it counts.
const PATIENCE: Duration = Duration::from_secs(20);

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
        let valgrind = Valgrind::find();
        let begin = Instant::now();
        let cells: Vec<(usize, usize)> = (0..plan.workloads.len())
            .flat_map(|w| (0..plan.runtimes.len()).map(move |r| (w, r)))
            .filter(|(w, r)| measured(blocks, &plan.workloads[*w].name, plan.runtimes[*r].id.as_str()))
            .collect();
        let able: Vec<bool> = plan
            .runtimes
            .iter()
            .map(|r| {
                let launch = (self.worker)(r.id.as_str());
                // Our own workers can; whether a driver can is asked without Valgrind, which is faster.
                !launch.foreign || counts(&launch, PATIENCE)
            })
            .collect();
        for (done, (w, r)) in cells.iter().enumerate() {
            let (workload, runtime) = (&self.workloads[*w], &plan.runtimes[*r].id);
            if counted(blocks, &workload.spec.name, runtime.as_str()) {
                continue;
            }
            progress.counting(done, cells.len(), runtime.as_str(), &workload.spec.name);
            let spent = begin.elapsed().as_secs_f64();
            let report = match &valgrind {
                Err(reason) => refused(reason.clone()),
                Ok(_) if !able[*r] => refused(
                    "this driver does not count under Valgrind: it cannot say where a call begins".into(),
                ),
                Ok(_) if counting.budget_s.is_some_and(|budget| spent > budget) => {
                    let reason = format!("the time for counting was spent ({spent:.0} s)");
                    WorkerReport { status: Status::TimedOut { reason }, samples: Samples::default() }
                }
                Ok(valgrind) => {
                    let launch = (self.worker)(runtime.as_str());
                    let counted = self.count(&launch, Some(valgrind), (*w, *r), &modules[*w], counting);
                    let Some(report) = counted else { return Ok(false) };
                    report
                }
            };
            let block = Block {
                round: 0,
                order: done as u32,
                runtime: runtime.clone(),
                workload: workload.spec.name.clone(),
                mode: BlockMode::Counters,
                status: report.status,
                samples: report.samples,
            };
            writer.append(&Record::Block(block.clone()))?;
            progress.ended(&block);
            blocks.push(block);
            if (self.interrupted)() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One counting process; `None` when the user stopped it.
    pub(crate) fn count(
        &self,
        launch: &Launch,
        valgrind: Option<&Valgrind>,
        (w, r): (usize, usize),
        module: &Path,
        counting: CounterPlan,
    ) -> Option<WorkerReport> {
        let plan = &self.header.plan;
        let workload = match self.furnished(w) {
            Ok(workload) => workload,
            Err(reason) => {
                return Some(WorkerReport { status: Status::Failed { reason }, samples: Samples::default() });
            }
        };
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
        let report = run_worker(under.as_ref().unwrap_or(launch), &job, bounds, self.interrupted)?;
        Some(only_counts(report, valgrind.is_some()))
    }
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
