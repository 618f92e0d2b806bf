//! Listening to a child without trusting it.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use procfs::process::Process;

use crate::protocol::MAX_LINE;

/// What comes from a child's standard output.
#[derive(Debug)]
pub(super) enum Line {
    /// A whole line.
    Text(String),
    /// A line longer than any message.
    TooLong,
}

/// Lines of a stream, from a thread of their own, so that waiting for them can time out.
pub(super) fn lines(stream: impl Read + Send + 'static) -> Receiver<Line> {
    // Bounded: a child that floods its output waits for us rather than filling our memory.
    let (sender, receiver) = mpsc::sync_channel(64);
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            match (&mut reader).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(n) if n > MAX_LINE => {
                    let _ = sender.send(Line::TooLong);
                    return;
                }
                Ok(_) => {
                    let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                    if sender.send(Line::Text(text)).is_err() {
                        return;
                    }
                }
            }
        }
    });
    receiver
}

/// The last words of a stream: its final bytes, as text.
pub(super) fn last_words(stream: impl Read + Send + 'static) -> Receiver<String> {
    const KEPT: usize = 600;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut stream = stream;
        let (mut kept, mut chunk) = (Vec::new(), [0_u8; 4096]);
        while let Ok(n) = stream.read(&mut chunk) {
            if n == 0 {
                break;
            }
            kept.extend_from_slice(&chunk[..n]);
            let excess = kept.len().saturating_sub(KEPT);
            kept.drain(..excess);
        }
        let text = String::from_utf8_lossy(&kept).split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = sender.send(text);
    });
    receiver
}

/// Kills a child that leads a process group of its own, with everything it started.
pub(super) fn kill_group(pid: u32) {
    // It may have ended already; that is as good.
    let _ = nix::sys::signal::killpg(
        nix::unistd::Pid::from_raw(pid.cast_signed()),
        nix::sys::signal::Signal::SIGKILL,
    );
}

/// Resident memory of a process and of what its first thread started, in bytes; `None` when it is gone. A driver may
/// be a script around the engine.
pub(super) fn resident(pid: u32) -> Option<u64> {
    let process = Process::new(pid.cast_signed()).ok()?;
    let own = process.statm().ok()?.resident * procfs::page_size();
    let children = process.task_main_thread().and_then(|thread| thread.children()).unwrap_or_default();
    Some(own + children.into_iter().filter_map(resident).sum::<u64>())
}
