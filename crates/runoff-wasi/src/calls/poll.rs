//! Waiting. Files and streams are always ready; only clocks make a guest wait.

use std::time::Duration;

use super::clock::{MONOTONIC, REALTIME, now};
use super::{Answer, Args, Fault};
use crate::Wasi;
use crate::abi::rights;
use crate::errno::Errno;
use crate::memory::Memory;
use runoff_runtime::HostFailure;

/// Most subscriptions of one call.
const MAX_SUBSCRIPTIONS: u32 = 4096;

const SUBSCRIPTION: u32 = 48;
const EVENT: u32 = 32;
const CLOCK: u8 = 0;
const FD_READ: u8 = 1;
const FD_WRITE: u8 = 2;

struct Event {
    userdata: [u8; 8],
    errno: Errno,
    kind: u8,
}

pub(super) fn oneoff(wasi: &mut Wasi, memory: &mut Memory<'_>, args: Args<'_>) -> Answer {
    let (input, output, count) = (args.u32(0), args.u32(1), args.u32(2));
    if count == 0 || count > MAX_SUBSCRIPTIONS {
        return Err(Errno::INVAL.into());
    }
    let table = memory.bytes(input, count * SUBSCRIPTION)?.to_vec();
    memory.bytes(output, count * EVENT)?;
    let mut ready = Vec::new();
    let mut waits = Vec::new();
    for subscription in table.chunks_exact(SUBSCRIPTION as usize) {
        let mut userdata = [0; 8];
        userdata.copy_from_slice(&subscription[..8]);
        let kind = subscription[8];
        let mut event = |errno| ready.push(Event { userdata, errno, kind });
        match kind {
            CLOCK => match wait(wasi, subscription) {
                Ok(wait) => waits.push((wait, userdata)),
                Err(errno) => event(errno),
            },
            FD_READ | FD_WRITE => {
                let checked =
                    wasi.table.get(word(subscription, 16)).and_then(|d| d.allow(rights::POLL_FD_READWRITE));
                event(checked.err().unwrap_or(Errno(0)));
            }
            _ => return Err(Errno::INVAL.into()),
        }
    }
    if ready.is_empty() {
        let shortest = waits.iter().map(|(wait, _)| *wait).min().unwrap_or_default();
        if shortest > wasi.max_sleep {
            let words =
                format!("the guest wants to sleep {shortest:?}, at most {:?} are allowed", wasi.max_sleep);
            return Err(Fault::Host(HostFailure::Failed(words)));
        }
        if !wasi.clocks.sleep(shortest) {
            return Err(Fault::Host(HostFailure::Failed("the guest was woken before its time".into())));
        }
        let due = waits.into_iter().filter(|(wait, _)| *wait <= shortest);
        ready.extend(due.map(|(_, userdata)| Event { userdata, errno: Errno(0), kind: CLOCK }));
    }
    for (i, event) in (0_u32..).zip(&ready) {
        let mut out = [0; EVENT as usize];
        out[..8].copy_from_slice(&event.userdata);
        out[8..10].copy_from_slice(&event.errno.0.to_le_bytes());
        out[10] = event.kind;
        // One byte can be read or written without blocking; that is all that is known.
        out[16] = u8::from(event.kind != CLOCK && event.errno == Errno(0));
        memory.write(output + i * EVENT, &out)?;
    }
    Ok(memory.write_u32(args.u32(3), ready.len() as u32)?)
}

/// How long a clock subscription still has to wait.
fn wait(wasi: &Wasi, subscription: &[u8]) -> Result<Duration, Errno> {
    let clock = word(subscription, 16);
    if clock != REALTIME && clock != MONOTONIC {
        return Err(Errno::INVAL);
    }
    let timeout = u64::from(word(subscription, 24)) | u64::from(word(subscription, 28)) << 32;
    let absolute = subscription[40] & 1 != 0;
    let ns = if absolute { timeout.saturating_sub(now(wasi, clock)?) } else { timeout };
    Ok(Duration::from_nanos(ns))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
