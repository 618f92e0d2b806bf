//! What is said to operators, on standard error: by a thread of its own, so that whoever reads it slowly, or not at all,
//! slows no request. What there is no room for is counted, and the count said.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// Lines that wait to be written.
const ROOM: usize = 1024;

/// Longest wait for what was said to be written when the host stops.
const FAREWELL: Duration = Duration::from_secs(1);

enum Word {
    Line(String),
    /// Answers once everything before it is written.
    Flush(SyncSender<()>),
}

static SENDER: OnceLock<Option<SyncSender<Word>>> = OnceLock::new();
static LOST: AtomicU64 = AtomicU64::new(0);

fn sender() -> Option<&'static SyncSender<Word>> {
    let start = || {
        let (sender, words) = sync_channel(ROOM);
        let started = std::thread::Builder::new().name("say".into()).spawn(move || write(&words));
        started.is_ok().then_some(sender)
    };
    SENDER.get_or_init(start).as_ref()
}

fn write(words: &Receiver<Word>) {
    let mut err = std::io::stderr();
    while let Ok(word) = words.recv() {
        // A log that cannot be written is no reason to stop serving.
        match word {
            Word::Line(line) => drop(writeln!(err, "runoff: {line}")),
            Word::Flush(done) => drop(done.try_send(())),
        }
        let lost = LOST.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let _ = writeln!(err, "runoff: {lost} lines were too many to be said");
        }
    }
}

/// Says something to operators; what guests wrote must be escaped by then.
pub(crate) fn say(words: &str) {
    let said = sender().is_some_and(|sender| sender.try_send(Word::Line(words.to_owned())).is_ok());
    if !said {
        LOST.fetch_add(1, Ordering::Relaxed);
    }
}

/// Waits until what was said is written, but not for ever.
pub(crate) fn flush() {
    let (done, written) = sync_channel(1);
    if sender().is_some_and(|sender| sender.try_send(Word::Flush(done)).is_ok()) {
        let _ = written.recv_timeout(FAREWELL);
    }
}
