//! A whole process timed from outside: what a user waits for who types the command.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use runoff_data::{Cpu, ProcessCost, Samples, Status};
use runoff_workloads::Output;
use wait4::Wait4;

use super::watch::{last_words, resident};
use super::worker::{Bounds, Launch, WorkerReport};

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
    // The watcher may only kill: the waiting thread below takes the exact resource usage of the child.
    let (done, watched) = std::sync::mpsc::channel::<()>();
    let (waited, killed) = thread::scope(|scope| {
        let watcher = scope.spawn(move || {
            loop {
                match watched.recv_timeout(Duration::from_millis(5)) {
                    Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
                    _ => return None,
                }
                let reason = if start.elapsed() > bounds.timeout {
                    let reason = format!("killed after {:.1} s", bounds.timeout.as_secs_f64());
                    Some(Status::TimedOut { reason })
                } else {
                    resident(pid).filter(|used| *used > bounds.max_memory).map(|used| Status::OutOfMemory {
                        reason: format!("killed at {} resident", runoff_data::units::bytes(used)),
                    })
                };
                if let Some(status) = reason {
                    let pid = nix::unistd::Pid::from_raw(pid.cast_signed());
                    let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL);
                    return Some(status);
                }
            }
        });
        let waited = child.wait4();
        let wall_ns = start.elapsed().as_nanos() as f64;
        drop(done);
        (waited.map(|w| (w, wall_ns)), watcher.join().unwrap_or(None))
    });
    if stop() {
        return None;
    }
    let (usage, wall_ns) = match waited {
        Ok(waited) => waited,
        Err(e) => return report(Status::Crashed { reason: format!("cannot wait for it: {e}") }, samples),
    };
    if let Some(status) = killed {
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
