//! From a worker's messages to samples.

use std::io::Read;
use std::time::Duration;

use runoff_data::{Curve, Phase, PhaseSamples, Samples, Status};
use runoff_runtime::{Value, ValueType};
use runoff_runtimes::driver::WireValue;
use runoff_workloads::{Output, check_answer};

use crate::protocol::{Answer, FromWorker, Job, Outcome, Sample};

/// Most messages of one worker; ours send a few hundred.
const MAX_MESSAGES: usize = 100_000;

/// Most samples in one message.
const MAX_SAMPLES: usize = 10_000;

/// Largest standard output of a guest that is compared.
const MAX_STDOUT: u64 = 64 << 20;

/// Messages of one worker, put together.
#[derive(Debug, Default)]
pub(super) struct Collector {
    samples: Samples,
    curve: Curve,
    phase: Option<Phase>,
    status: Option<Status>,
    answer: Option<Answer>,
    messages: usize,
    /// All times told so far, nanoseconds.
    told_ns: f64,
}

impl Collector {
    /// Takes a message in; an error when it cannot be true. `passed` is how long a worker we do not trust has run: it
    /// cannot have measured more.
    pub(super) fn take(&mut self, message: FromWorker, passed: Option<Duration>) -> Result<(), String> {
        self.messages += 1;
        if self.messages > MAX_MESSAGES {
            return Err(format!("it sent more than {MAX_MESSAGES} messages"));
        }
        self.plausible(&message, passed)?;
        match message {
            FromWorker::Phase { phase } => self.phase = Some(phase),
            FromWorker::Sample(sample) => self.sample(sample),
            FromWorker::Call { n, cumulative_ns } => {
                self.curve.calls.push(n);
                self.curve.cumulative_ns.push(cumulative_ns);
            }
            FromWorker::Outcome(outcome) => self.outcome(*outcome),
            FromWorker::Hello(_) | FromWorker::Bye => {}
        }
        Ok(())
    }

    fn plausible(&mut self, message: &FromWorker, passed: Option<Duration>) -> Result<(), String> {
        match message {
            FromWorker::Sample(sample) => {
                if sample.ns.len() > MAX_SAMPLES {
                    return Err(format!("it sent {} samples at once", sample.ns.len()));
                }
                if sample.ns.iter().any(|ns| !ns.is_finite() || *ns < 0.0) {
                    return Err("it sent a time that is none".into());
                }
                // What lies between marks is part of a call, which was told as well.
                if sample.phase != Phase::Marked {
                    self.told_ns += sample.ns.iter().sum::<f64>() * sample.batch.max(1) as f64;
                }
            }
            FromWorker::Call { n, cumulative_ns } => {
                let rises = self.curve.calls.last().is_none_or(|last| n > last)
                    && self.curve.cumulative_ns.last().is_none_or(|last| cumulative_ns >= last);
                if !rises || !cumulative_ns.is_finite() || *cumulative_ns < 0.0 {
                    return Err("its curve does not rise".into());
                }
            }
            _ => {}
        }
        match passed {
            Some(passed) if self.told_ns > passed.as_nanos() as f64 => {
                Err("it says it measured more time than has passed".into())
            }
            _ => Ok(()),
        }
    }

    /// Compares a driver's answer with the right one, which it was not told. `None` when all is well.
    pub(super) fn check(&mut self, job: &Job, stdout: Option<&str>) -> Option<Status> {
        if self.status != Some(Status::Ok) {
            return None;
        }
        let output = match self.read_answer(job, stdout) {
            Ok(output) => output,
            Err(reason) => return Some(Status::Failed { reason }),
        };
        self.samples.output = Some(output.digest());
        self.samples.output_text = Some(output.text());
        if let Err(reason) = check_answer(&job.workload, job.expected_text.as_deref(), &output) {
            return Some(Status::Wrong { reason });
        }
        if let Some(source) = job.counters {
            let counted = self.samples.counters.as_ref();
            let real = counted.is_none_or(|c| c.source == source && c.calls > 0);
            return (!real)
                .then(|| Status::Failed { reason: "its counts are not what it was asked for".into() });
        }
        let timed = self.samples.phases.get(&Phase::FirstCall).is_some_and(|s| s.cold_ns.is_some());
        (!timed).then(|| Status::Failed { reason: "it says all is well and timed no first call".into() })
    }

    fn read_answer(&self, job: &Job, stdout: Option<&str>) -> Result<Output, String> {
        match &self.answer {
            None => Err("it says all is well and gives no answer".into()),
            Some(Answer::Results(values)) => {
                let wanted = job.call.as_ref().map(|call| call.results.as_slice());
                let values = values.iter().map(WireValue::value).collect::<Result<Vec<_>, _>>()?;
                let found: Vec<_> = values.iter().map(Value::ty).collect();
                if wanted.is_some_and(|wanted| wanted != found) {
                    let names = |types: &[ValueType]| {
                        types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
                    };
                    let wanted = names(wanted.unwrap_or_default());
                    return Err(format!("its answer is ({}) and not ({wanted})", names(&found)));
                }
                Ok(Output::Results(values))
            }
            Some(Answer::Exit(exit)) => {
                let path = stdout.unwrap_or_default();
                let mut bytes = Vec::new();
                let read =
                    std::fs::File::open(path).and_then(|f| f.take(MAX_STDOUT + 1).read_to_end(&mut bytes));
                match read {
                    Ok(n) if n as u64 > MAX_STDOUT => Err("its guest wrote too much to be compared".into()),
                    Ok(_) => Ok(Output::Command { stdout: bytes, exit: *exit }),
                    Err(e) => Err(format!("the output of its guest cannot be read: {e}")),
                }
            }
        }
    }

    /// Records a phase only the parent can time.
    pub(super) fn cold(&mut self, phase: Phase, ns: f64) {
        self.samples
            .phases
            .insert(phase, PhaseSamples { cold_ns: Some(ns), batch: 1, ..PhaseSamples::default() });
    }

    /// Records what the clock costs.
    pub(super) fn clock(&mut self, ns: f64) {
        self.samples.clock_ns = Some(ns);
    }

    /// The phase it was in last, for people.
    pub(super) fn place(&self) -> String {
        self.phase.map_or_else(|| "before the first phase".into(), |p| format!("in {p}"))
    }

    /// Whether the worker said how it ended.
    pub(super) fn ended(&self) -> bool {
        self.status.is_some()
    }

    /// The status a worker gave, with the phase a failure was in.
    fn placed(&self, status: Status) -> Status {
        match (status, self.phase) {
            (Status::Failed { reason }, Some(phase)) => {
                Status::Failed { reason: format!("in {phase}: {reason}") }
            }
            (status, _) => status,
        }
    }

    /// Everything, with the worker's own word on how it ended.
    pub(super) fn finish(mut self) -> (Samples, Option<Status>) {
        if !self.curve.calls.is_empty() {
            self.samples.curve = Some(self.curve);
        }
        (self.samples, self.status)
    }

    fn sample(&mut self, sample: Sample) {
        let phase = self.samples.phases.entry(sample.phase).or_default();
        phase.batch = phase.batch.max(sample.batch);
        if sample.cold {
            phase.cold_ns = sample.ns.first().copied();
            phase.cold_cpu = sample.cpu;
        } else {
            phase.warm_ns.extend(sample.ns);
        }
    }

    fn outcome(&mut self, outcome: Outcome) {
        self.status = Some(self.placed(outcome.status));
        self.curve.startup_ns = outcome.startup_ns;
        self.answer = outcome.answer;
        self.samples.memory = outcome.memory;
        self.samples.artifact_bytes = outcome.artifact_bytes;
        self.samples.threads = outcome.threads;
        self.samples.output = outcome.output;
        self.samples.output_text = outcome.output_text;
        self.samples.missing = outcome.missing;
        self.samples.counters = outcome.counters;
    }
}
