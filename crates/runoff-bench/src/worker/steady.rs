//! Steady calls: many calls on one instance, in batches long enough for the clock.

use std::time::Duration;

use runoff_runtime::{Clock, Instance};

use super::guest::{CallError, Entry, Guest};

/// A batch takes at least this long, so that reading the clock is below a thousandth of it.
const BATCH: Duration = Duration::from_micros(50);

/// Most samples kept per process: beyond it more processes say more than more samples.
const MAX_SAMPLES: usize = 40;

/// Samples in nanoseconds per call, and calls per sample.
pub(super) struct Steady {
    pub(super) ns: Vec<f64>,
    pub(super) batch: u64,
}

/// Calls until `budget` is spent. Every answer is compared with `expected` where that is known.
pub(super) fn measure(
    guest: &Guest,
    instance: &mut dyn Instance,
    entry: &mut Entry,
    clock: &dyn Clock,
    expected: Option<u64>,
    budget: Duration,
) -> Result<Steady, CallError> {
    let begin = clock.now();
    let mut batch = 1_u64;
    // Warming up and finding the batch are one: double until a batch is long enough.
    loop {
        let took = run(guest, instance, entry, clock, expected, batch)?;
        if took >= BATCH || clock.now() - begin > budget || batch >= 1 << 24 {
            break;
        }
        batch = if took.is_zero() { batch * 2 } else { (batch * 2).max(scaled(batch, took)) };
    }
    let mut ns = Vec::new();
    let begin = clock.now();
    while ns.len() < MAX_SAMPLES {
        let took = run(guest, instance, entry, clock, expected, batch)?;
        ns.push(took.as_nanos() as f64 / batch as f64);
        if clock.now() - begin >= budget {
            break;
        }
    }
    Ok(Steady { ns, batch })
}

/// The batch that would have taken [`BATCH`], at most eight times the last one.
fn scaled(batch: u64, took: Duration) -> u64 {
    let factor = BATCH.as_nanos() as f64 / took.as_nanos() as f64;
    (batch as f64 * factor.min(8.0)).ceil() as u64
}

fn run(
    guest: &Guest,
    instance: &mut dyn Instance,
    entry: &mut Entry,
    clock: &dyn Clock,
    expected: Option<u64>,
    batch: u64,
) -> Result<Duration, CallError> {
    let mut wrong = None;
    let start = clock.now();
    for _ in 0..batch {
        let slot = guest.call(instance, entry).map_err(|f| CallError::Failed(f.to_string()))?;
        if expected.is_some_and(|e| e != slot) {
            wrong = Some(slot);
        }
    }
    let took = clock.now() - start;
    match wrong {
        None => Ok(took),
        Some(slot) => {
            let output = guest.output(instance, entry, Ok(slot))?;
            guest.verify(&output)?;
            Err(CallError::Wrong("a later call answered differently from the first".into()))
        }
    }
}
