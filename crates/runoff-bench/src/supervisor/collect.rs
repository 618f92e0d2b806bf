//! From a worker's messages to samples.

use runoff_data::{Curve, Phase, PhaseSamples, Samples, Status};

use crate::protocol::{FromWorker, Outcome, Sample};

/// Messages of one worker, put together.
#[derive(Debug, Default)]
pub(super) struct Collector {
    samples: Samples,
    curve: Curve,
    phase: Option<Phase>,
    status: Option<Status>,
}

impl Collector {
    /// Takes a message in.
    pub(super) fn take(&mut self, message: FromWorker) {
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
        self.samples.memory = outcome.memory;
        self.samples.artifact_bytes = outcome.artifact_bytes;
        self.samples.threads = outcome.threads;
        self.samples.output = outcome.output;
        self.samples.output_text = outcome.output_text;
        self.samples.missing = outcome.missing;
    }
}
