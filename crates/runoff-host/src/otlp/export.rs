//! The thread that sends spans.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::encode::encode;
use super::trace::Trace;
use crate::config::OtlpConfig;

/// Traces that wait to be sent.
const ROOM: usize = 4096;

/// Traces of one request to the collector.
const BATCH: usize = 256;

/// Longest wait for a batch to fill.
const LINGER: Duration = Duration::from_secs(1);

/// Longest silence of a collector.
const PATIENCE: Duration = Duration::from_secs(5);

/// Pause after a failure, doubled with each further one.
const PAUSE: Duration = Duration::from_secs(1);

/// Longest such pause.
const LONGEST: Duration = Duration::from_secs(30);

/// Longest wait for the last batch when the host stops.
const FAREWELL: Duration = Duration::from_secs(1);

/// What became of traces.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Taken by the collector.
    pub(crate) sent: AtomicU64,
    /// Not sent: the queue was full, or the collector gone.
    pub(crate) dropped: AtomicU64,
}

enum Word {
    Trace(Box<Trace>),
    /// Answers once everything before it is sent, or is not.
    Flush(SyncSender<()>),
}

/// Where traces go.
#[derive(Debug)]
pub(crate) struct Exporter {
    sender: SyncSender<Word>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) sample: f64,
}

impl Exporter {
    pub(crate) fn start(config: &OtlpConfig) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(ROOM);
        let counters = Arc::<Counters>::default();
        let mut sending = Sending {
            config: config.clone(),
            counters: Arc::clone(&counters),
            quiet_until: None,
            pause: PAUSE,
        };
        // It ends with its sender.
        std::thread::Builder::new().name("otlp".into()).spawn(move || sending.work(&receiver))?;
        Ok(Self { sender, counters, sample: config.sample })
    }

    /// A request never waits for its trace.
    pub(crate) fn send(&self, trace: Trace) {
        if self.sender.try_send(Word::Trace(Box::new(trace))).is_err() {
            self.counters.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until what there is was sent; for a collector that does not answer, not long.
    pub(crate) fn flush(&self) {
        let (done, sent) = sync_channel(1);
        if self.sender.try_send(Word::Flush(done)).is_ok() {
            let _ = sent.recv_timeout(FAREWELL);
        }
    }
}

struct Sending {
    config: OtlpConfig,
    counters: Arc<Counters>,
    /// After a failure nothing is sent for a while.
    quiet_until: Option<Instant>,
    pause: Duration,
}

impl Sending {
    fn work(&mut self, words: &Receiver<Word>) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut due = None;
        loop {
            let wait = due.map_or(Duration::from_hours(1), |due: Instant| {
                due.saturating_duration_since(Instant::now())
            });
            let flushed = match words.recv_timeout(wait) {
                Ok(Word::Trace(trace)) => {
                    batch.push(*trace);
                    let due = *due.get_or_insert_with(|| Instant::now() + LINGER);
                    if batch.len() < BATCH && Instant::now() < due {
                        continue;
                    }
                    None
                }
                Ok(Word::Flush(done)) => Some(done),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if !batch.is_empty() {
                self.deliver(&batch);
                batch.clear();
            }
            due = None;
            if let Some(done) = flushed {
                let _ = done.try_send(());
            }
        }
    }

    fn deliver(&mut self, batch: &[Trace]) {
        let number = batch.len() as u64;
        if self.quiet_until.is_some_and(|until| Instant::now() < until) {
            self.counters.dropped.fetch_add(number, Ordering::Relaxed);
            return;
        }
        match self.post(&encode(&self.config.service, batch)) {
            Ok(()) => {
                self.counters.sent.fetch_add(number, Ordering::Relaxed);
                (self.quiet_until, self.pause) = (None, PAUSE);
            }
            Err(error) => {
                self.counters.dropped.fetch_add(number, Ordering::Relaxed);
                if self.quiet_until.is_none() {
                    crate::say(&format!("traces cannot be sent to {}: {error}", self.config.authority));
                }
                self.quiet_until = Some(Instant::now() + self.pause);
                self.pause = (self.pause * 2).min(LONGEST);
            }
        }
    }

    /// One request, on a connection of its own: there is one a second at most, unless there is much to send.
    fn post(&self, body: &[u8]) -> io::Result<()> {
        let authority = &self.config.authority;
        let nowhere = || io::Error::new(io::ErrorKind::NotFound, "the name stands for no address");
        let address = authority.to_socket_addrs()?.next().ok_or_else(nowhere)?;
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: {authority}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            self.config.path,
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let (mut answer, end) = ([0; 12], Instant::now() + PATIENCE);
        let mut read = 0;
        // A byte now and then is silence, too.
        while read < answer.len() && Instant::now() < end {
            match stream.read(&mut answer[read..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => read += more,
            }
        }
        let status = answer.strip_prefix(b"HTTP/1.").map(|rest| &rest[rest.len().saturating_sub(3)..]);
        match status {
            Some([b'2', ..]) => Ok(()),
            _ => Err(io::Error::other(format!("it answers `{}`", answer.escape_ascii()))),
        }
    }
}
