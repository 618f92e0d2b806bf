//! The access log: one line per request on standard output, written by a thread of its own.

use std::io::{BufWriter, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::config::LogFormat;

/// Lines that wait to be written; what comes when it is full is counted instead.
const ROOM: usize = 8192;

/// One request.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    /// Seconds since 1970 UTC.
    pub(super) time: f64,
    /// Client.
    pub(super) peer: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) bytes: u64,
    /// From head to answer, milliseconds.
    pub(super) ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<&'static str>,
}

impl Line {
    fn text(&self) -> String {
        // What a client sent may hold anything; on a terminal it must do nothing.
        let path = self.path.escape_debug();
        let dash = |value: Option<&str>| value.unwrap_or("-").to_owned();
        format!(
            "{:.3} {} {} {path} {} {} {:.3}ms {} {} {}",
            self.time,
            self.peer,
            self.method.escape_debug(),
            self.status,
            self.bytes,
            self.ms,
            dash(self.function.as_deref()),
            dash(self.tier.as_deref()),
            dash(self.error),
        )
    }
}

/// Now, for a line.
pub(super) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |d| d.as_secs_f64())
}

/// Where lines go.
#[derive(Debug)]
pub(super) struct AccessLog {
    sender: Option<SyncSender<Line>>,
    thread: Option<JoinHandle<()>>,
}

impl AccessLog {
    pub(super) fn start(format: LogFormat) -> std::io::Result<Self> {
        if format == LogFormat::Off {
            return Ok(Self { sender: None, thread: None });
        }
        let (sender, receiver) = sync_channel(ROOM);
        let thread =
            std::thread::Builder::new().name("log".into()).spawn(move || write(&receiver, format))?;
        Ok(Self { sender: Some(sender), thread: Some(thread) })
    }

    /// Whether anybody writes lines.
    pub(super) fn is_on(&self) -> bool {
        self.sender.is_some()
    }

    /// A request never waits for its line.
    pub(super) fn write(&self, line: Line) {
        if let Some(sender) = &self.sender {
            let _ = sender.try_send(line);
        }
    }
}

impl Drop for AccessLog {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write(lines: &Receiver<Line>, format: LogFormat) {
    let mut out = BufWriter::new(std::io::stdout());
    loop {
        let line = match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => line,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                let _ = out.flush();
                continue;
            }
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
        };
        let text = match format {
            LogFormat::Json => serde_json::to_string(&line).unwrap_or_default(),
            _ => line.text(),
        };
        // Nobody reads the log any more: the requests still count.
        let _ = writeln!(out, "{text}");
    }
    let _ = out.flush();
}
