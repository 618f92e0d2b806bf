//! The worker process: reads jobs, writes what it measures.

use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, PoisonError};

use runoff_runtime::{Clock, MonotonicClock, RuntimeOptions};
use runoff_runtimes::Registry;
use runoff_runtimes::driver::Request;
use serde::Deserialize;

use super::memory::Floor;
use super::orphan::while_the_parent_lives;
use super::session::{Line, Session, SharedLine};
use super::{clock_cost_ns, run_block};
use crate::protocol::{FromWorker, Hello, PROTOCOL_VERSION, ToWorker};

/// Any line a worker may be sent.
#[derive(Deserialize)]
#[serde(untagged)]
enum Command {
    Measure(ToWorker),
    Step(Request),
}

/// Serves jobs and sessions for runtime `id` on these streams, on a thread engines can recurse on.
///
/// `output` must not be standard output itself if an engine might print there; see `runoff-driver`.
pub fn serve(
    registry: Registry,
    id: String,
    input: impl BufRead + Send + 'static,
    output: impl Write + Send + 'static,
) -> io::Result<()> {
    while_the_parent_lives(move || serve_here(&registry, &id, Line::new(input, output)))?
}

fn serve_here(registry: &Registry, id: &str, line: Line) -> io::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(MonotonicClock::default());
    let clock_ns = clock_cost_ns(clock.as_ref());
    let floor = Floor::read();
    let entry =
        registry.get(id).ok_or_else(|| io::Error::other(format!("no runtime `{id}` in this build")))?;
    let start = clock.now();
    let runtime = entry.make(&RuntimeOptions::default()).map_err(io::Error::other)?;
    let init_ns = (clock.now() - start).as_nanos() as f64;
    let info = runtime.info();
    let hello = Hello {
        protocol: PROTOCOL_VERSION,
        identity: info.identity.clone(),
        capabilities: info.capabilities.clone(),
        init_ns: Some(init_ns),
        clock_ns,
        sessions: true,
        counters: true,
    };
    let line = Arc::new(Mutex::new(line));
    send(&line, &FromWorker::Hello(Box::new(hello)))?;
    let mut session = Session::new(runtime.as_ref(), Arc::clone(&line));
    loop {
        // Host functions speak on the line as well: it is held for one line at a time.
        let next = line.lock().unwrap_or_else(PoisonError::into_inner).read()?;
        let Some(text) = next else { break };
        match serde_json::from_str(&text)? {
            Command::Measure(ToWorker::Prepare(job)) => {
                let mut failed = None;
                run_block(runtime.as_ref(), &job, &clock, floor, &mut |message| {
                    if failed.is_none() {
                        failed = send(&line, &message).err();
                    }
                });
                if let Some(error) = failed {
                    return Err(error);
                }
            }
            Command::Step(request) => {
                let response = session.answer(request);
                line.lock().unwrap_or_else(PoisonError::into_inner).write(&response)?;
            }
        }
    }
    send(&line, &FromWorker::Bye)
}

fn send(line: &SharedLine, message: &FromWorker) -> io::Result<()> {
    line.lock().unwrap_or_else(PoisonError::into_inner).write(message)
}
