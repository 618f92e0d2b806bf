//! One block: the lives of a module in one process.
//!
//! The first life is *cold*: everything happens for the first time in the process, once. Then, within the
//! block's budget, whole lives are repeated (*warm*), and steady calls are timed in batches.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use runoff_data::{BlockMode, Missing, Phase, Status};
use runoff_runtime::{Artifact, Clock, Instance, Module, Runtime, RuntimeError};

use runoff_runtimes::driver::WireValue;
use runoff_workloads::Output;

use super::guest::{CallError, Guest};
use super::memory::{Floor, cpu_between, cpu_now};
use super::{count, curve, steady};
use crate::protocol::{Answer, FromWorker, Job, Outcome, Sample};

/// Where a worker's messages go.
pub type Sink<'a> = dyn FnMut(FromWorker) + 'a;

/// Most warm lives per process.
const MAX_LIVES: usize = 30;

/// Measures one block; everything it finds goes to `sink`, the outcome last.
pub fn run_block(
    runtime: &dyn Runtime,
    job: &Job,
    clock: &Arc<dyn Clock>,
    floor: Floor,
    sink: &mut Sink<'_>,
) {
    let mut outcome = Outcome {
        status: Status::Ok,
        startup_ns: 0.0,
        memory: runoff_data::MemorySplit::default(),
        artifact_bytes: None,
        threads: None,
        counters: None,
        answer: None,
        output: None,
        output_text: None,
        missing: Vec::new(),
    };
    let result = std::fs::read(&job.module)
        .map_err(|e| CallError::Failed(format!("cannot read {}: {e}", job.module)))
        .and_then(|wasm| {
            // Where validating is a phase, the cold life times it and must be the first to do it. An engine that
            // cannot be asked to validate gets checked bytes, and its compile phase does not pay for the check.
            if !runtime.info().capabilities.separate_validate {
                runtime.validate(&wasm)?;
            }
            let guest =
                Guest::new(&job.workload, job.expected_text.clone(), job.stdout.is_some(), &wasm, clock)?;
            Block { runtime, job, clock, wasm: &wasm, guest: &guest, sink: &mut *sink }
                .run(floor, &mut outcome)
        });
    outcome.status = match result {
        Ok(()) => Status::Ok,
        Err(CallError::Unsupported(reason)) => Status::Unsupported { reason },
        Err(CallError::Failed(reason)) => Status::Failed { reason },
        Err(CallError::Wrong(reason)) => Status::Wrong { reason },
    };
    sink(FromWorker::Outcome(Box::new(outcome)));
}

struct Block<'a, 'b> {
    runtime: &'a dyn Runtime,
    job: &'a Job,
    clock: &'a Arc<dyn Clock>,
    wasm: &'a [u8],
    guest: &'a Guest,
    sink: &'a mut Sink<'b>,
}

impl Block<'_, '_> {
    fn run(&mut self, floor: Floor, outcome: &mut Outcome) -> Result<(), CallError> {
        if self.job.mode == BlockMode::Counters {
            return self.count(outcome);
        }
        let budget = Duration::from_millis(self.job.block_ms);
        self.cold_life(floor, budget / 3, outcome)?;
        self.warm_lives(budget / 3)?;
        if !self.guest.is_command() {
            self.steady_calls(budget / 3)?;
        }
        Ok(())
    }

    /// Counts instead of timing.
    fn count(&mut self, outcome: &mut Outcome) -> Result<(), CallError> {
        (self.sink)(FromWorker::Phase { phase: Phase::Call });
        let source = self.job.counters.ok_or_else(|| CallError::Failed("not told what to count".into()))?;
        let dumps = Path::new(&self.job.artifact).with_extension("callgrind");
        let mut calls = count::Calls::new(self.runtime, self.guest, self.wasm)?;
        outcome.counters = Some(count::count(source, &mut calls, &dumps, &mut outcome.missing)?);
        if let Some(output) = calls.last() {
            self.hand_over(output, outcome)?;
            outcome.output = Some(output.digest());
            outcome.output_text = Some(output.text());
        }
        Ok(())
    }

    /// Times one step; cold ones with processor time and an announcement, so that a crash has a place.
    fn step<T>(
        &mut self,
        phase: Phase,
        cold: bool,
        work: impl FnOnce() -> Result<T, CallError>,
    ) -> Result<(T, f64), CallError> {
        if cold {
            (self.sink)(FromWorker::Phase { phase });
        }
        let cpu = cold.then(cpu_now);
        let start = self.clock.now();
        let result = work()?;
        let ns = (self.clock.now() - start).as_nanos() as f64;
        let cpu = cpu.map(|before| cpu_between(before, cpu_now()));
        (self.sink)(FromWorker::Sample(Sample { phase, cold, ns: vec![ns], batch: 1, cpu }));
        Ok((result, ns))
    }

    /// From bytes (or from the artifact) to a module; the time it took together.
    fn module(&mut self, cold: bool) -> Result<(Box<dyn Module>, f64), CallError> {
        let (runtime, wasm) = (self.runtime, self.wasm);
        if self.job.mode == BlockMode::Aot {
            let path = Path::new(&self.job.artifact);
            return self.step(Phase::Load, cold, || {
                let bytes =
                    std::fs::read(path).map_err(|e| CallError::Failed(format!("{}: {e}", path.display())))?;
                let artifact = Artifact::from_bytes(bytes).map_err(RuntimeError::from)?;
                Ok(runtime.load(&artifact)?)
            });
        }
        let capabilities = &runtime.info().capabilities;
        let mut total = 0.0;
        if !capabilities.compiles {
            // Native code: finding the twin is no phase.
            return Ok((runtime.compile(wasm)?, 0.0));
        }
        if capabilities.separate_validate {
            total += self.step(Phase::Validate, cold, || Ok(runtime.validate(wasm)?))?.1;
        }
        let (module, ns) = self.step(Phase::Compile, cold, || Ok(runtime.compile(wasm)?))?;
        Ok((module, total + ns))
    }

    fn save(&mut self, module: &dyn Module, cold: bool) -> Result<u64, CallError> {
        let path = self.job.artifact.clone();
        let (bytes, _) = self.step(Phase::Save, cold, || {
            let artifact = module.save()?;
            std::fs::write(&path, artifact.as_bytes())
                .map_err(|e| CallError::Failed(format!("{path}: {e}")))?;
            Ok(artifact.as_bytes().len() as u64)
        })?;
        Ok(bytes)
    }

    fn instance(&mut self, module: &dyn Module, cold: bool) -> Result<(Box<dyn Instance>, f64), CallError> {
        let guest = self.guest;
        let state = guest.state()?;
        if !self.runtime.info().capabilities.compiles {
            return Ok((guest.instantiate(module, state)?, 0.0));
        }
        self.step(Phase::Instantiate, cold, || guest.instantiate(module, state))
    }

    fn saves(&self) -> bool {
        self.job.mode == BlockMode::Jit && self.runtime.info().capabilities.save_load
    }

    fn cold_life(&mut self, floor: Floor, budget: Duration, outcome: &mut Outcome) -> Result<(), CallError> {
        let (module, made_ns) = self.module(true)?;
        let (mut instance, instance_ns) = self.instance(module.as_ref(), true)?;
        outcome.startup_ns = made_ns + instance_ns;
        let guest = self.guest;
        let mut entry = guest.entry(instance.as_mut())?;
        let (ended, first_ns) =
            self.step(Phase::FirstCall, true, || Ok(guest.call(instance.as_mut(), &mut entry)))?;
        let output = guest.output(instance.as_mut(), &entry, ended)?;
        guest.verify(&output)?;
        self.hand_over(&output, outcome)?;
        outcome.output = Some(output.digest());
        outcome.output_text = Some(output.text());
        if let Some(ns) = guest.take_marked(instance.as_mut()) {
            self.report(Phase::Marked, true, vec![ns], 1);
        }
        // Of the guest at work, before repetition grows anything.
        let (memory, threads) = floor.split(&mut outcome.missing);
        outcome.memory = memory;
        outcome.threads = threads;
        outcome.memory.linear = instance.usage().linear_memory;
        outcome.memory.code = module.code_size();
        if outcome.memory.code.is_none() {
            let why = "the runtime does not tell the size of its code";
            outcome.missing.push(Missing { what: "code".into(), why: why.into() });
        }
        let sink = &mut *self.sink;
        curve::measure(
            guest,
            module.as_ref(),
            instance.as_mut(),
            &mut entry,
            self.clock.as_ref(),
            first_ns,
            self.job.calls,
            budget,
            &mut |n, cumulative_ns| sink(FromWorker::Call { n, cumulative_ns }),
        )?;
        if self.saves() {
            outcome.artifact_bytes = Some(self.save(module.as_ref(), true)?);
        } else if self.job.mode == BlockMode::Jit {
            let why = "this runtime does not save compiled code";
            outcome.missing.push(Missing { what: "save".into(), why: why.into() });
        }
        self.teardown(instance, module, true)
    }

    /// The answer itself, for a parent that checks it.
    fn hand_over(&self, output: &Output, outcome: &mut Outcome) -> Result<(), CallError> {
        let Some(path) = &self.job.stdout else { return Ok(()) };
        outcome.answer = Some(match output {
            Output::Results(values) => Answer::Results(values.iter().map(|v| WireValue::from(*v)).collect()),
            Output::Command { stdout, exit } => {
                std::fs::write(path, stdout).map_err(|e| CallError::Failed(format!("{path}: {e}")))?;
                Answer::Exit(*exit)
            }
            // Only command lines print theirs.
            Output::Printed(_) => {
                return Err(CallError::Failed("an answer of text and not of values".into()));
            }
        });
        Ok(())
    }

    fn teardown(
        &mut self,
        instance: Box<dyn Instance>,
        module: Box<dyn Module>,
        cold: bool,
    ) -> Result<(), CallError> {
        self.step(Phase::Teardown, cold, || {
            drop(instance);
            drop(module);
            Ok(())
        })
        .map(drop)
    }

    fn warm_lives(&mut self, budget: Duration) -> Result<(), CallError> {
        let begin = self.clock.now();
        for _ in 0..MAX_LIVES {
            if self.clock.now() - begin >= budget {
                break;
            }
            let (module, _) = self.module(false)?;
            let (mut instance, _) = self.instance(module.as_ref(), false)?;
            let guest = self.guest;
            let mut entry = guest.entry(instance.as_mut())?;
            // A command's every call is the first on its instance: in a warm process it is also its steady call.
            let phase = if guest.is_command() { Phase::Call } else { Phase::FirstCall };
            let (ended, _) = self.step(phase, false, || Ok(guest.call(instance.as_mut(), &mut entry)))?;
            let output = guest.output(instance.as_mut(), &entry, ended)?;
            guest.verify(&output)?;
            if let Some(ns) = guest.take_marked(instance.as_mut()) {
                self.report(Phase::Marked, false, vec![ns], 1);
            }
            if self.saves() {
                self.save(module.as_ref(), false)?;
            }
            self.teardown(instance, module, false)?;
        }
        Ok(())
    }

    fn steady_calls(&mut self, budget: Duration) -> Result<(), CallError> {
        (self.sink)(FromWorker::Phase { phase: Phase::Call });
        let guest = self.guest;
        let module = match self.job.mode {
            BlockMode::Aot => return Ok(()),
            BlockMode::Jit | BlockMode::Process | BlockMode::Counters => self.runtime.compile(self.wasm)?,
        };
        let mut instance = guest.instantiate(module.as_ref(), guest.state()?)?;
        let mut entry = guest.entry(instance.as_mut())?;
        let first = guest.call(instance.as_mut(), &mut entry);
        let slot = *first.as_ref().unwrap_or(&0);
        let output = guest.output(instance.as_mut(), &entry, first)?;
        guest.verify(&output)?;
        let expected = guest.expects_slot(slot, &entry);
        let steady =
            steady::measure(guest, instance.as_mut(), &mut entry, self.clock.as_ref(), expected, budget)?;
        self.report(Phase::Call, false, steady.ns, steady.batch);
        Ok(())
    }

    fn report(&mut self, phase: Phase, cold: bool, ns: Vec<f64>, batch: u64) {
        (self.sink)(FromWorker::Sample(Sample { phase, cold, ns, batch, cpu: None }));
    }
}
