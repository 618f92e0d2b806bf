//! A whole process timed from outside: what a user waits for who types the command.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use runoff_data::{Cpu, ProcessCost, Samples, Status};
use runoff_workloads::Output;
use wait4::Wait4;

use super::watch::{kill_group, last_words, resident};
use super::worker::{Bounds, Launch, WorkerReport};

/// How often its memory is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Captured output beyond this is a failure of the guest, not of our memory.
const MAX_OUTPUT: u64 = 64 << 20;

/// Runs a command once and compares its output with `expected` (a digest). `None` when stopped.
///
/// `results` says whether standard output holds an export's results, one per line, rather than a command's own.
pub fn whole_process(
    launch: &Launch,
    results: bool,
    expected: Option<&str>,
    bounds: Bounds,
    stop: &dyn Fn() -> bool,
) -> Option<WorkerReport> {
    let mut samples = Samples::default();
    let report = |status, samples| Some(WorkerReport { status, samples });
    let start = Instant::now();
    let spawned = Command::new(&launch.program)
        .args(&launch.args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(e) => {
            return report(
                Status::Crashed { reason: format!("cannot start {}: {e}", launch.program.display()) },
                samples,
            );
        }
    };
    let pid = child.id();
    let output = child.stdout.take().map(|stream| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            stream.take(MAX_OUTPUT + 1).read_to_end(&mut bytes).map(|_| bytes)
        })
    });
    let words = child.stderr.take().map(last_words);
    let (waited, killed) = thread::scope(|scope| {
        let (done, watched) = mpsc::channel();
        scope.spawn(move || {
            // Waits at once, so that the time is the process's and not that of our next look at it.
            let waited = child.wait4();
            let _ = done.send(waited.map(|w| (w, start.elapsed().as_nanos() as f64)));
        });
        let mut killed = None;
        loop {
            match watched.recv_timeout(LOOK) {
                Ok(waited) => return (waited, killed),
                Err(mpsc::RecvTimeoutError::Timeout) if killed.is_none() => {
                    killed = reason_to_kill(pid, start.elapsed(), bounds, stop);
                    if killed.is_some() {
                        kill_group(pid);
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return (Err(std::io::Error::other("the waiting thread ended")), killed);
                }
            }
        }
    });
    if matches!(killed, Some(Kill::Stopped)) || stop() {
        return None;
    }
    let (usage, wall_ns) = match waited {
        Ok(waited) => waited,
        Err(e) => return report(Status::Crashed { reason: format!("cannot wait for it: {e}") }, samples),
    };
    if let Some(Kill::Bound(status)) = killed {
        return report(status, samples);
    }
    let bytes = output.and_then(|t| t.join().ok()).and_then(Result::ok).unwrap_or_default();
    let code = match (usage.status.code(), usage.status.signal()) {
        (Some(code), _) => code,
        (None, signal) => {
            return report(
                Status::Crashed { reason: format!("killed by signal {}", signal.unwrap_or(0)) },
                samples,
            );
        }
    };
    let words =
        || words.as_ref().and_then(|w| w.recv_timeout(Duration::from_millis(200)).ok()).unwrap_or_default();
    let (digest, text) = answer(results, &bytes, code);
    samples.output_text = Some(text.clone());
    if expected.is_some_and(|e| e != digest) {
        let words = words();
        let reason =
            format!("exit code {code}, output `{text}`{}{words}", if words.is_empty() { "" } else { ": " });
        let status = if code == UNSUPPORTED {
            Status::Unsupported { reason: words }
        } else {
            Status::Wrong { reason }
        };
        return report(status, samples);
    }
    if expected.is_none() && code == UNSUPPORTED {
        return report(Status::Unsupported { reason: words() }, samples);
    }
    samples.output = Some(digest);
    samples.process = Some(ProcessCost {
        wall_ns,
        cpu: Cpu {
            user_ns: usage.rusage.utime.as_nanos() as f64,
            system_ns: usage.rusage.stime.as_nanos() as f64,
        },
        peak_rss: usage.rusage.maxrss,
    });
    report(Status::Ok, samples)
}

/// Why a process was killed.
enum Kill {
    /// The user wants to stop.
    Stopped,
    /// It went over a bound.
    Bound(Status),
}

fn reason_to_kill(pid: u32, elapsed: Duration, bounds: Bounds, stop: &dyn Fn() -> bool) -> Option<Kill> {
    if stop() {
        return Some(Kill::Stopped);
    }
    if elapsed > bounds.timeout {
        let reason = format!("killed after {:.1} s", bounds.timeout.as_secs_f64());
        return Some(Kill::Bound(Status::TimedOut { reason }));
    }
    let used = resident(pid).filter(|used| *used > bounds.max_memory)?;
    let reason = format!("killed at {} resident", runoff_data::units::bytes(used));
    Some(Kill::Bound(Status::OutOfMemory { reason }))
}

/// Exit code of `runoff run` when the runtime cannot run the module.
const UNSUPPORTED: i32 = 4;

fn answer(results: bool, bytes: &[u8], code: i32) -> (String, String) {
    if results && code == 0 {
        let lines: Vec<String> = String::from_utf8_lossy(bytes).lines().map(ToOwned::to_owned).collect();
        let digest = runoff_workloads::expected_digest(Some(&lines), None).unwrap_or_default();
        return (digest, lines.join(" "));
    }
    let output = Output::Command { stdout: bytes.to_vec(), exit: code };
    (output.digest(), output.text())
}
