//! The cache, native and in a guest.

use std::hint::black_box;
use std::time::Duration;

use runoff_call::{Error, Guest};
use runoff_guest_cache::{Kind, Tally};
use runoff_runtime::{HostState, Imports, Limits, Module};
use serde::Serialize;

use super::clock::{Clock, Stopwatch};
use super::requests::Record;

/// How requests reach a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abi {
    /// Numbers, a call per request.
    Pair,
    /// A record, a call per request.
    Pod,
    /// Encoded, a call per request.
    Encoded,
    /// Records, a call per `BATCH` requests.
    Batched,
}

impl Abi {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pair, Self::Pod, Self::Encoded, Self::Batched];

    /// In tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pair => "pair",
            Self::Pod => "pod",
            Self::Encoded => "encoded",
            Self::Batched => "batched",
        }
    }
}

/// Requests in one batched call: 16 KiB of records, which stay in the innermost cache.
const BATCH: usize = 1024;

/// Makes a cache of this policy and size, sends all requests, and counts; how long that took together.
pub(crate) fn native(clock: Clock, kind: Kind, capacity: u64, requests: &[Record]) -> (Tally, Duration) {
    let start = Stopwatch::start(clock);
    let mut cache = kind.build(black_box(capacity));
    let mut tally = Tally::default();
    for request in requests {
        tally.count(request.size, cache.request(request.id, request.size));
    }
    (tally, start.elapsed())
}

/// The same in a fresh instance of the guest; instantiating is not counted, as the study did not.
pub(crate) fn guest(
    clock: Clock,
    module: &dyn Module,
    abi: Abi,
    kind: Kind,
    capacity: u64,
    requests: &[Record],
) -> Result<(Tally, Duration), String> {
    let instance = module.instantiate(&Imports::new(), HostState::new(), &Limits::default());
    let mut guest = Guest::new(instance.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    simulate(clock, &mut guest, abi, kind, capacity, requests).map_err(|e| e.to_string())
}

fn simulate(
    clock: Clock,
    guest: &mut Guest,
    abi: Abi,
    kind: Kind,
    capacity: u64,
    requests: &[Record],
) -> Result<(Tally, Duration), Error> {
    let number = Kind::ALL.iter().position(|k| *k == kind).unwrap_or(usize::MAX) as u32;
    let init = guest.pair::<(u32, u64), bool>("init")?;
    let mut tally = Tally::default();
    let start;
    match abi {
        Abi::Pair => {
            let send = guest.pair::<(u32, u64), bool>("request")?;
            start = Stopwatch::start(clock);
            init.call(guest, (number, capacity))?;
            for request in requests {
                tally.count(request.size, send.call(guest, (request.id as u32, request.size))?);
            }
        }
        Abi::Pod => {
            let send = guest.pod::<Record, u8>("request")?;
            start = Stopwatch::start(clock);
            init.call(guest, (number, capacity))?;
            for request in requests {
                tally.count(request.size, send.call(guest, request)? != 0);
            }
        }
        Abi::Encoded => {
            let send = guest.encoded::<(u64, u64), bool>("request")?;
            start = Stopwatch::start(clock);
            init.call(guest, (number, capacity))?;
            for request in requests {
                tally.count(request.size, send.call(guest, &(request.id, request.size))?);
            }
        }
        Abi::Batched => {
            let send = guest.batch::<Record, u8>("request")?;
            start = Stopwatch::start(clock);
            init.call(guest, (number, capacity))?;
            for chunk in requests.chunks(BATCH) {
                let hits = send.view(guest, chunk)?;
                for (request, hit) in chunk.iter().zip(hits.as_bytes()) {
                    tally.count(request.size, *hit != 0);
                }
            }
        }
    }
    Ok((tally, start.elapsed()))
}
