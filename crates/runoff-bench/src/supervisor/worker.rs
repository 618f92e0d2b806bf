//! One worker from start to end.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use runoff_data::{Phase, Samples, Status};
use runoff_runtime::{Capabilities, Identity};

use super::collect::Collector;
use super::watch::{Line, kill_group, last_words, lines, resident};
use crate::protocol::{FromWorker, Hello, Job, PROTOCOL_VERSION, ToWorker};

/// How often a worker's memory is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// How long a worker that has not done its block may take to end.
const HURRY: Duration = Duration::from_millis(200);

/// How a worker is started.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Added to its environment.
    pub env: BTreeMap<String, String>,
    /// File that is its standard input, for whole processes.
    pub stdin: Option<PathBuf>,
    /// Whether it is somebody else's driver: it is told no right answers and its times must fit the clock on the wall.
    pub foreign: bool,
}

impl Launch {
    pub(super) fn spawn(&self) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(&self.args)
            .envs(&self.env)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C is ours to handle: it must not look like a worker's crash.
            .process_group(0)
            .spawn()
    }
}

/// Bounds on a worker.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Time after which it is killed.
    pub timeout: Duration,
    /// Resident memory above which it is killed, bytes.
    pub max_memory: u64,
}

/// What a worker left behind.
#[derive(Clone, Debug)]
pub struct WorkerReport {
    /// How it ended.
    pub status: Status,
    /// What it measured until then.
    pub samples: Samples,
}

/// Who a runtime says it is: starts a worker and listens to its hello only.
pub fn introduce(launch: &Launch, timeout: Duration) -> Result<(Identity, Capabilities), String> {
    hello(launch, timeout).map(|hello| (hello.identity, hello.capabilities))
}

/// Whether a worker says it knows how to count.
pub fn counts(launch: &Launch, timeout: Duration) -> bool {
    hello(launch, timeout).is_ok_and(|hello| hello.counters)
}

fn hello(launch: &Launch, timeout: Duration) -> Result<Box<Hello>, String> {
    let mut child = launch.spawn().map_err(|e| format!("cannot start {}: {e}", launch.program.display()))?;
    let output = child.stdout.take().ok_or("the worker has no output")?;
    let errors = child.stderr.take().map(last_words);
    // No job: the worker says hello and, at the end of its input, goodbye.
    drop(child.stdin.take());
    let first = lines(output).recv_timeout(timeout);
    kill_group(child.id());
    let _ = child.wait();
    let words = || errors.and_then(|e| e.recv_timeout(Duration::from_secs(1)).ok()).unwrap_or_default();
    match first {
        Ok(Line::Text(text)) => match serde_json::from_str(&text) {
            Ok(FromWorker::Hello(hello)) if hello.protocol == PROTOCOL_VERSION => Ok(hello),
            Ok(FromWorker::Hello(hello)) => {
                Err(format!("it speaks protocol {}, this is {PROTOCOL_VERSION}", hello.protocol))
            }
            _ if text.is_empty() => Err("it began with an empty line instead of a hello".into()),
            _ => Err(format!("it began with `{}` instead of a hello", excerpt(&text))),
        },
        Ok(Line::TooLong) => Err("its first line is too long".into()),
        Err(RecvTimeoutError::Timeout) => Err(format!("no hello within {timeout:?}")),
        Err(RecvTimeoutError::Disconnected) => {
            let words = words();
            Err(if words.is_empty() { "it ended without a hello".into() } else { words })
        }
    }
}

/// The beginning of a line, for people.
fn excerpt(line: &str) -> String {
    const KEPT: usize = 80;
    let short: String = line.chars().take(KEPT).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}

/// Whether a worker that gets no job ends by itself, within a time.
pub fn leaves_at_end_of_input(launch: &Launch, timeout: Duration) -> Result<(), String> {
    let mut child = launch.spawn().map_err(|e| format!("cannot start {}: {e}", launch.program.display()))?;
    drop(child.stdin.take());
    // Somebody must read what it says, or it waits for that. Nobody waits for the reader: what the driver started may
    // hold its output longer than we look.
    if let Some(said) = child.stdout.take().map(lines) {
        std::thread::spawn(move || said.iter().count());
    }
    let begin = Instant::now();
    while begin.elapsed() < timeout {
        if let Ok(Some(_)) = child.try_wait() {
            kill_group(child.id());
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    kill_group(child.id());
    let _ = child.wait();
    Err(format!("it was still there {:.0} s after the end of its input", timeout.as_secs_f64()))
}

/// Runs one job in a fresh process. Whatever happens to it is a status, never an error of ours.
pub fn run_worker(
    launch: &Launch,
    job: &Job,
    bounds: Bounds,
    stop: &dyn Fn() -> bool,
) -> Option<WorkerReport> {
    let start = Instant::now();
    let failed = |reason: String| {
        Some(WorkerReport { status: Status::Crashed { reason }, samples: Samples::default() })
    };
    let mut child = match launch.spawn() {
        Ok(child) => child,
        Err(e) => return failed(format!("cannot start {}: {e}", launch.program.display())),
    };
    let (Some(mut input), Some(output), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return failed("the worker has no standard streams".into());
    };
    let (messages, words) = (lines(output), last_words(errors));
    let told = if launch.foreign { blindfolded(job) } else { job.clone() };
    let mut collector = Collector::default();
    let mut verdict = None;
    let mut gone = false;
    while verdict.is_none() {
        if stop() {
            kill_group(child.id());
            let _ = child.wait();
            return None;
        }
        match messages.recv_timeout(LOOK) {
            Ok(Line::Text(text)) => match serde_json::from_str::<FromWorker>(&text) {
                Ok(FromWorker::Hello(hello)) => {
                    let boot = start.elapsed().as_nanos() as f64 - hello.init_ns.unwrap_or(0.0);
                    collector.cold(Phase::Bootstrap, boot);
                    if let Some(init_ns) = hello.init_ns {
                        collector.cold(Phase::Init, init_ns);
                    }
                    collector.clock(hello.clock_ns);
                    if hello.protocol != PROTOCOL_VERSION {
                        let reason =
                            format!("it speaks protocol {}, this is {PROTOCOL_VERSION}", hello.protocol);
                        verdict = Some(Status::Failed { reason });
                    } else if send(&mut input, &told).is_err() {
                        // Nobody is there to take the job: how it ended says more than the broken pipe.
                        break;
                    }
                }
                Ok(FromWorker::Bye) => break,
                Ok(message) => {
                    let over = matches!(message, FromWorker::Outcome(_));
                    let passed = launch.foreign.then(|| start.elapsed());
                    if let Err(reason) = collector.take(message, passed) {
                        let reason = format!("{}: {reason}", collector.place());
                        verdict = Some(Status::Failed { reason });
                    } else if over {
                        break;
                    }
                }
                Err(e) => {
                    let reason = format!("{}: it sent a line that is no message ({e})", collector.place());
                    verdict = Some(Status::Failed { reason });
                }
            },
            Ok(Line::TooLong) => {
                let reason = format!("{}: it sent a line longer than any message", collector.place());
                verdict = Some(Status::Failed { reason });
            }
            Err(RecvTimeoutError::Disconnected) => break,
            // It ended, all it said was read, and what it started still holds its output.
            Err(RecvTimeoutError::Timeout) if gone => break,
            Err(RecvTimeoutError::Timeout) => gone = ended(&child),
        }
        if start.elapsed() > bounds.timeout {
            let reason = format!("{}: killed after {:.1} s", collector.place(), bounds.timeout.as_secs_f64());
            verdict = Some(Status::TimedOut { reason });
        } else if let Some(used) = resident(child.id()).filter(|used| *used > bounds.max_memory) {
            let reason = format!(
                "{}: killed at {} resident, the limit is {}",
                collector.place(),
                runoff_data::units::bytes(used),
                runoff_data::units::bytes(bounds.max_memory)
            );
            verdict = Some(Status::OutOfMemory { reason });
        }
    }
    drop(input);
    let place = collector.place();
    let complete = collector.ended() && verdict.is_none();
    if verdict.is_none() && !complete && !ends_within(&child, HURRY) {
        verdict = Some(Status::Failed { reason: format!("{place}: it closed its output and stayed") });
    }
    let exit = end(&mut child, complete);
    if launch.foreign && verdict.is_none() {
        verdict = collector.check(job, told.stdout.as_deref());
    }
    let (samples, said) = collector.finish();
    let status = verdict.or(said).unwrap_or_else(|| {
        let words = words.recv_timeout(Duration::from_millis(500)).unwrap_or_default();
        let words = if words.is_empty() { words } else { format!(": {words}") };
        Status::Crashed { reason: format!("{place}: {}{words}", describe(exit)) }
    });
    Some(WorkerReport { status, samples })
}

/// The job as a driver gets it: without the right answer, with a place for its own.
fn blindfolded(job: &Job) -> Job {
    let mut told = job.clone();
    told.workload.expected = None;
    told.expected_text = None;
    told.stdout = Some(format!("{}.stdout", job.artifact));
    told
}

fn send(input: &mut impl Write, job: &Job) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(&ToWorker::Prepare(Box::new(job.clone())))?;
    line.push(b'\n');
    input.write_all(&line)
}

/// Whether a child has ended; it stays to be waited for.
fn ended(child: &Child) -> bool {
    use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
    let id = Id::Pid(nix::unistd::Pid::from_raw(child.id().cast_signed()));
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    waitid(id, flags).is_ok_and(|status| status != WaitStatus::StillAlive)
}

/// Lets a worker that has ended its block exit by itself; any other is killed, and with either what it started.
pub(super) fn end(child: &mut Child, complete: bool) -> Option<ExitStatus> {
    ends_within(child, if complete { Duration::from_secs(2) } else { HURRY });
    kill_group(child.id());
    child.wait().ok()
}

fn ends_within(child: &Child, patience: Duration) -> bool {
    let begin = Instant::now();
    while !ended(child) {
        if begin.elapsed() >= patience {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    true
}

pub(super) fn describe(exit: Option<ExitStatus>) -> String {
    match exit {
        None => "the process could not be waited for".into(),
        Some(status) => match (status.signal(), status.code()) {
            (Some(signal), _) => {
                let name = nix::sys::signal::Signal::try_from(signal).map_or("unknown", |s| s.as_str());
                format!("killed by signal {signal} ({name})")
            }
            (None, Some(code)) => format!("exited with code {code} before its block was done"),
            (None, None) => "ended without a status".into(),
        },
    }
}
