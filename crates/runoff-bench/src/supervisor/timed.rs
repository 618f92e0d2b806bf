//! One process from start to exit, with everything the kernel tells of it.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use runoff_data::{Cpu, Status};
use wait4::Wait4;

use super::watch::{kill_group, last_words, resident};
use super::worker::{Bounds, Launch};

/// How often its memory is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Captured output beyond this is a failure of the guest, not of our memory.
const MAX_OUTPUT: u64 = 64 << 20;

/// How long the last of its output may take to arrive once it has ended.
const OUTPUT: Duration = Duration::from_secs(2);

/// How far the kernel's counts of resident memory may be apart, bytes.
const SLACK: u64 = 1 << 20;

/// How it came out.
pub(super) enum Ending {
    /// The user wants to stop.
    Stopped,
    /// It did not end by itself.
    Problem(Status),
    /// It did.
    Ended(Ended),
}

/// A process that ended by itself.
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) stdout: Vec<u8>,
    pub(super) wall_ns: f64,
    pub(super) cpu: Cpu,
    /// `None` where the kernel's figure is that of this process.
    pub(super) peak_rss: Option<u64>,
    words: Option<Receiver<String>>,
}

impl Ended {
    /// The end of its standard error.
    pub(super) fn words(&self) -> String {
        let words = self.words.as_ref();
        words.and_then(|w| w.recv_timeout(Duration::from_millis(200)).ok()).unwrap_or_default()
    }
}

/// Starts it, waits, and kills it when it goes over a bound.
pub(super) fn run_timed(launch: &Launch, bounds: Bounds, stop: &dyn Fn() -> bool) -> Ending {
    let stdin = match &launch.stdin {
        None => Stdio::null(),
        Some(path) => match std::fs::File::open(path) {
            Ok(file) => file.into(),
            Err(e) => {
                let reason = format!("cannot read standard input {}: {e}", path.display());
                return Ending::Problem(Status::Failed { reason });
            }
        },
    };
    // A child's peak begins with that of the process it was split off from.
    let floor = own_peak();
    let start = Instant::now();
    let spawned = Command::new(&launch.program)
        .args(&launch.args)
        .envs(&launch.env)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn();
    let crashed = |reason: String| Ending::Problem(Status::Crashed { reason });
    let mut child = match spawned {
        Ok(child) => child,
        Err(e) => return crashed(format!("cannot start {}: {e}", launch.program.display())),
    };
    let pid = child.id();
    let output = child.stdout.take().map(|stream| {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = stream.take(MAX_OUTPUT + 1).read_to_end(&mut bytes);
            // Nobody listens any more when the process was killed.
            let _ = sender.send(read.map(|_| bytes));
        });
        receiver
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
    if matches!(killed, Some(Ending::Stopped)) || stop() {
        return Ending::Stopped;
    }
    let (usage, wall_ns) = match waited {
        Ok(waited) => waited,
        Err(e) => return crashed(format!("cannot wait for it: {e}")),
    };
    if let Some(ending) = killed {
        return ending;
    }
    // What it started may hold its output open: that is not waited for.
    kill_group(pid);
    let Some(stdout) = output.and_then(|o| o.recv_timeout(OUTPUT).ok()) else {
        return crashed("it ended, but something it started keeps its output open".into());
    };
    let stdout = stdout.unwrap_or_default();
    if stdout.len() as u64 > MAX_OUTPUT {
        let reason = format!("it wrote more than {}", runoff_data::units::bytes(MAX_OUTPUT));
        return Ending::Problem(Status::Failed { reason });
    }
    let (Some(code), _) = (usage.status.code(), usage.status.signal()) else {
        return crashed(format!("killed by signal {}", usage.status.signal().unwrap_or(0)));
    };
    let cpu = Cpu {
        user_ns: usage.rusage.utime.as_nanos() as f64,
        system_ns: usage.rusage.stime.as_nanos() as f64,
    };
    let peak_rss = Some(usage.rusage.maxrss).filter(|peak| *peak > floor + SLACK);
    Ending::Ended(Ended { code, stdout, wall_ns, cpu, peak_rss, words })
}

/// Largest resident set of this process so far, bytes; as large as can be where the kernel does not say.
fn own_peak() -> u64 {
    let status = procfs::process::Process::myself().and_then(|me| me.status());
    status.ok().and_then(|s| s.vmhwm).map_or(u64::MAX >> 1, |kib| kib * 1024)
}

fn reason_to_kill(pid: u32, elapsed: Duration, bounds: Bounds, stop: &dyn Fn() -> bool) -> Option<Ending> {
    if stop() {
        return Some(Ending::Stopped);
    }
    if elapsed > bounds.timeout {
        let reason = format!("killed after {:.1} s", bounds.timeout.as_secs_f64());
        return Some(Ending::Problem(Status::TimedOut { reason }));
    }
    let used = resident(pid).filter(|used| *used > bounds.max_memory)?;
    let reason = format!("killed at {} resident", runoff_data::units::bytes(used));
    Some(Ending::Problem(Status::OutOfMemory { reason }))
}
