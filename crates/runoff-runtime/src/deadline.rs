//! Deadlines for runtimes that can be interrupted.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Asks a running call to stop; safe to use from any thread, any number of times, also when nothing runs.
#[derive(Clone)]
pub struct Interrupter(Arc<dyn Fn() + Send + Sync>);

impl std::fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interrupter")
    }
}

impl Interrupter {
    /// An interrupter from what it does.
    pub fn new(interrupt: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(interrupt))
    }

    /// Asks the call to stop.
    pub fn interrupt(&self) {
        (self.0)();
    }
}

enum Message {
    Arm(Duration, Interrupter),
    Disarm,
}

/// A thread that interrupts a call when its time is up. One per instance with a deadline.
#[derive(Debug)]
pub struct Watchdog {
    // A mutex only so that the watchdog may live in shared structures; it is never contended.
    sender: Mutex<Sender<Message>>,
}

impl Default for Watchdog {
    fn default() -> Self {
        Self::new()
    }
}

impl Watchdog {
    /// Starts the thread; it ends when the watchdog is dropped.
    pub fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            while let Ok(message) = receiver.recv() {
                let Message::Arm(deadline, interrupter) = message else { continue };
                match receiver.recv_timeout(deadline) {
                    Ok(_) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                    // The guest may be inside a host call when the first interrupt comes, and some engines
                    // only look at the next check point: repeat until disarmed.
                    Err(RecvTimeoutError::Timeout) => loop {
                        interrupter.interrupt();
                        match receiver.recv_timeout(Duration::from_millis(10)) {
                            Ok(_) => break,
                            Err(RecvTimeoutError::Timeout) => {}
                            Err(RecvTimeoutError::Disconnected) => return,
                        }
                    },
                }
            }
        });
        Self { sender: Mutex::new(sender) }
    }

    /// Interrupts after `deadline` unless the guard is dropped before.
    pub fn arm(&self, deadline: Duration, interrupter: Interrupter) -> WatchdogGuard<'_> {
        self.send(Message::Arm(deadline, interrupter));
        WatchdogGuard(self)
    }

    fn send(&self, message: Message) {
        if let Ok(sender) = self.sender.lock() {
            // A dead watchdog thread cannot happen while `self` lives; nothing is lost if it did.
            let _ = sender.send(message);
        }
    }
}

/// Disarms its watchdog when dropped.
#[derive(Debug)]
pub struct WatchdogGuard<'a>(&'a Watchdog);

impl Drop for WatchdogGuard<'_> {
    fn drop(&mut self) {
        self.0.send(Message::Disarm);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn counting() -> (Arc<AtomicU32>, Interrupter) {
        let count = Arc::new(AtomicU32::new(0));
        let shared = Arc::clone(&count);
        (
            count,
            Interrupter::new(move || {
                shared.fetch_add(1, Ordering::SeqCst);
            }),
        )
    }

    #[test]
    fn interrupts_after_the_deadline_and_not_when_disarmed() {
        let watchdog = Watchdog::new();
        let (count, interrupter) = counting();
        drop(watchdog.arm(Duration::from_hours(1), interrupter.clone()));
        let guard = watchdog.arm(Duration::from_millis(1), interrupter);
        while count.load(Ordering::SeqCst) < 2 {
            thread::yield_now();
        }
        drop(guard);
    }
}
