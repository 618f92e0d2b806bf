//! A whole process timed from outside: what a user waits for who types the command.

use std::path::PathBuf;

use runoff_data::{Phase, PhaseSamples, ProcessCost, Samples, Status};
use runoff_runtime::{Value, ValueType};
use runoff_workloads::{Output, expected_digest};

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

/// Runs a command once and compares its output with `expected` (a digest). `None` when stopped.
pub fn whole_process(
    whole: &WholeProcess,
    expected: Option<&str>,
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
    let (digest, text) = answer(whole.results.as_ref(), &ended);
    samples.output_text = Some(text.clone());
    // Only our own command has an exit code for that.
    if ended.code == UNSUPPORTED && !whole.launch.foreign && expected.is_none_or(|e| e != digest) {
        return report(Status::Unsupported { reason: ended.words() }, samples);
    }
    if expected.is_some_and(|e| e != digest) {
        let words = ended.words();
        let colon = if words.is_empty() { "" } else { ": " };
        let reason = format!("exit code {}, output `{text}`{colon}{words}", ended.code);
        return report(Status::Wrong { reason }, samples);
    }
    samples.output = Some(digest);
    samples.process = Some(ProcessCost { wall_ns: ended.wall_ns, cpu: ended.cpu, peak_rss: ended.peak_rss });
    report(Status::Ok, samples)
}

fn answer(results: Option<&ResultLines>, ended: &Ended) -> (String, String) {
    if let (Some(form), 0) = (results, ended.code) {
        let text = String::from_utf8_lossy(&ended.stdout).into_owned();
        let found = text.lines().filter_map(|line| line.trim().strip_prefix(&form.prefix));
        let lines: Vec<String> = found.enumerate().map(|(i, line)| form.canonical(i, line)).collect();
        return (expected_digest(Some(&lines), None).unwrap_or_default(), lines.join(" "));
    }
    let output = Output::Command { stdout: ended.stdout.clone(), exit: ended.code };
    (output.digest(), output.text())
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
