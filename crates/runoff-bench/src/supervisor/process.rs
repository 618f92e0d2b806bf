//! A whole process timed from outside: what a user waits for who types the command.

use std::path::PathBuf;

use runoff_data::{Phase, PhaseSamples, PlannedWorkload, ProcessCost, Samples, Status};
use runoff_runtime::{Value, ValueType};
use runoff_workloads::{Output, check_answer};

use super::timed::{Ended, Ending, run_timed};
use super::worker::{Bounds, Launch, WorkerReport};

/// A command a user would type, and how its output is read.
#[derive(Clone, Debug, Default)]
pub struct WholeProcess {
    /// The command.
    pub launch: Launch,
    /// A command that compiles first, timed by itself, and the file it makes.
    pub compile: Option<(Launch, PathBuf)>,
    /// How to read results from standard output; `None` for a command of the guest's own.
    pub results: Option<ResultLines>,
}

/// Results printed one per line.
#[derive(Clone, Debug, Default)]
pub struct ResultLines {
    /// What stands before them on their line.
    pub prefix: String,
    /// Their types, where known: `0x59:i32` and `89` are the same then.
    pub types: Vec<ValueType>,
}

/// Exit code of `runoff run` when the runtime cannot run the module.
const UNSUPPORTED: i32 = 4;

/// Runs a command once and compares its answer with the workload's, given as `text` where it is known in words.
/// `None` when stopped.
pub fn whole_process(
    whole: &WholeProcess,
    workload: &PlannedWorkload,
    text: Option<&str>,
    bounds: Bounds,
    stop: &dyn Fn() -> bool,
) -> Option<WorkerReport> {
    let mut samples = Samples::default();
    let report = |status, samples| Some(WorkerReport { status, samples });
    if let Some((launch, artifact)) = &whole.compile {
        match run_timed(launch, bounds, stop) {
            Ending::Stopped => return None,
            Ending::Problem(status) => return report(status, samples),
            Ending::Ended(ended) if ended.code != 0 => {
                let reason = format!("compiling: exit code {}: {}", ended.code, ended.words());
                return report(Status::Failed { reason }, samples);
            }
            Ending::Ended(ended) => {
                let phase = PhaseSamples {
                    cold_ns: Some(ended.wall_ns),
                    cold_cpu: Some(ended.cpu),
                    batch: 1,
                    ..PhaseSamples::default()
                };
                samples.phases.insert(Phase::Compile, phase);
                samples.artifact_bytes = artifact.metadata().ok().map(|m| m.len());
            }
        }
    }
    let ended = match run_timed(&whole.launch, bounds, stop) {
        Ending::Stopped => return None,
        Ending::Problem(status) => return report(status, samples),
        Ending::Ended(ended) => ended,
    };
    let output = answer(whole.results.as_ref(), &ended);
    samples.output_text = Some(output.text());
    let right = match (&output, &workload.expected) {
        // Nothing is known of what it should print: then it should at least end well.
        (Output::Command { exit, .. }, None) if *exit != 0 && whole.results.is_some() => {
            Err(format!("exit code {exit} instead of 0"))
        }
        _ => check_answer(workload, text, &output),
    };
    // Only our own command has an exit code for that.
    let unable = ended.code == UNSUPPORTED && !whole.launch.foreign;
    if unable && (right.is_err() || workload.expected.is_none()) {
        return report(Status::Unsupported { reason: ended.words() }, samples);
    }
    if let Err(difference) = right {
        let words = ended.words();
        let colon = if words.is_empty() { "" } else { ": " };
        return report(Status::Wrong { reason: format!("{difference}{colon}{words}") }, samples);
    }
    samples.output = Some(output.digest());
    samples.process = Some(ProcessCost { wall_ns: ended.wall_ns, cpu: ended.cpu, peak_rss: ended.peak_rss });
    report(Status::Ok, samples)
}

fn answer(results: Option<&ResultLines>, ended: &Ended) -> Output {
    if let (Some(form), 0) = (results, ended.code) {
        let text = String::from_utf8_lossy(&ended.stdout).into_owned();
        let found = text.lines().filter_map(|line| line.trim().strip_prefix(&form.prefix));
        return Output::Printed(found.enumerate().map(|(i, line)| form.canonical(i, line)).collect());
    }
    Output::Command { stdout: ended.stdout.clone(), exit: ended.code }
}

impl ResultLines {
    /// A result as Runoff prints it.
    fn canonical(&self, place: usize, text: &str) -> String {
        let text = text.trim();
        // `0x59:i32`: some tools name the type.
        let bare = text.split_once(':').map_or(text, |(value, _)| value);
        let value = self.types.get(place).and_then(|ty| Value::parse(*ty, bare).ok());
        value.map_or_else(|| text.to_owned(), |value| value.to_string())
    }
}
