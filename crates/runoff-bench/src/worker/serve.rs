//! The worker process: reads one job, writes what it measures.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use runoff_runtime::{Clock, MonotonicClock, RuntimeOptions};
use runoff_runtimes::{Registry, on_engine_stack};

use super::memory::Floor;
use super::{clock_cost_ns, run_block};
use crate::protocol::{FromWorker, Hello, PROTOCOL_VERSION, ToWorker};

/// Serves one job for runtime `id` on these streams, on a thread engines can recurse on.
///
/// `output` must not be standard output itself if an engine might print there; see the CLI's `worker` command.
pub fn serve(
    registry: Registry,
    id: String,
    input: impl BufRead + Send + 'static,
    output: impl Write + Send + 'static,
) -> io::Result<()> {
    on_engine_stack(move || serve_here(&registry, &id, input, output))?
}

fn serve_here(registry: &Registry, id: &str, input: impl BufRead, mut output: impl Write) -> io::Result<()> {
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
        init_ns,
        clock_ns,
    };
    send(&mut output, &FromWorker::Hello(Box::new(hello)))?;
    for line in input.lines() {
        let ToWorker::Prepare(job) = serde_json::from_str(&line?)?;
        let mut failed = None;
        run_block(runtime.as_ref(), &job, &clock, floor, &mut |message| {
            if failed.is_none() {
                failed = send(&mut output, &message).err();
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
    }
    send(&mut output, &FromWorker::Bye)
}

fn send(output: &mut impl Write, message: &FromWorker) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}
