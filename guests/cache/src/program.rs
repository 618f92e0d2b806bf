//! The commands `cache-*`: a policy on generated or given requests.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use runoff_guest_program::{Io, say};

use crate::prowgen::{Locality, Parameters, Requests};
use crate::trace::{self, Sizes};
use crate::{
    Frequency, FrequencyAging, GreedyDual, GreedyDualFrequency, Keyed, Policy, Queue, Request, Tally,
    simulate,
};

const USAGE: &str = "arguments: static|dynamic REQUESTS SEED KIB… (generated requests, cache sizes), or trace KIB… \
                     (lines of `id size` on standard input)";

/// More would not fit into the memory of a 32-bit guest beside everything else.
const MOST_REQUESTS: u32 = 50_000_000;

/// `cache-fifo`.
pub fn fifo(args: &[&str], io: &mut dyn Io) -> i32 {
    main(args, io, Queue::fifo)
}

/// `cache-lru`.
pub fn lru(args: &[&str], io: &mut dyn Io) -> i32 {
    main(args, io, Queue::lru)
}

/// `cache-lfu`.
pub fn lfu(args: &[&str], io: &mut dyn Io) -> i32 {
    main(args, io, |capacity| Keyed::new(capacity, Frequency))
}

/// `cache-lfu-aging`.
pub fn lfu_aging(args: &[&str], io: &mut dyn Io) -> i32 {
    main(args, io, |capacity| Keyed::new(capacity, FrequencyAging::default()))
}

/// `cache-gds`.
pub fn gds(args: &[&str], io: &mut dyn Io) -> i32 {
    main(args, io, |capacity| Keyed::new(capacity, GreedyDual::default()))
}

/// `cache-gdsf`.
pub fn gdsf(args: &[&str], io: &mut dyn Io) -> i32 {
    main(args, io, |capacity| Keyed::new(capacity, GreedyDualFrequency::default()))
}

/// Prints how much was requested, then for every cache size how many requests and bytes it answered.
fn main<P: Policy>(args: &[&str], io: &mut dyn Io, new: impl Fn(u64) -> P) -> i32 {
    let prepared = prepare(args, io);
    let (requests, sizes) = match prepared {
        Ok(prepared) => prepared,
        Err(message) => {
            io.err(format!("{message}\n").as_bytes());
            return 2;
        }
    };
    io.start();
    let tallies: Vec<Tally> = sizes.iter().map(|kib| simulate(&mut new(kib * 1024), &requests)).collect();
    io.end();
    let all = tallies.first().copied().unwrap_or_default();
    let mut fine = say!(io, "requests {} bytes {}\n", all.requests, all.bytes);
    for (kib, tally) in sizes.iter().zip(&tallies) {
        fine &= say!(io, "{kib} KiB: hits {} bytes {}\n", tally.hits, tally.hit_bytes);
    }
    i32::from(!fine)
}

fn prepare(args: &[&str], io: &mut dyn Io) -> Result<(Vec<Request>, Vec<u64>), String> {
    let (requests, sizes) = match args {
        ["static", requests, seed, sizes @ ..] => (generate(Locality::Static, requests, seed)?, sizes),
        ["dynamic", requests, seed, sizes @ ..] => (generate(Locality::Dynamic, requests, seed)?, sizes),
        ["trace", sizes @ ..] => {
            let text = io.input().ok_or("standard input cannot be read")?;
            (trace::parse(&text, Sizes::FirstWins).map_err(|error| error.to_string())?, sizes)
        }
        _ => return Err(USAGE.into()),
    };
    if sizes.is_empty() {
        return Err(USAGE.into());
    }
    let number = |size: &&str| {
        size.parse()
            .ok()
            .filter(|&kib: &u64| kib <= u64::MAX / 1024)
            .ok_or(format!("{size}: not a size in KiB"))
    };
    Ok((requests, sizes.iter().map(number).collect::<Result<_, _>>()?))
}

/// The documents are three per cent of the requests, as many as the traces of the simulator study are said to have.
fn generate(locality: Locality, requests: &str, seed: &str) -> Result<Vec<Request>, String> {
    let number = requests.parse().ok().filter(|n| (1..=MOST_REQUESTS).contains(n));
    let requests = number.ok_or(format!("{requests}: not a number of requests from 1 to {MOST_REQUESTS}"))?;
    let seed = seed.parse().map_err(|_| format!("{seed}: not a seed (a whole number)"))?;
    let parameters = Parameters { requests, seed, locality, distinct: 0.03, ..Parameters::default() };
    Ok(Requests::new(&parameters).map_err(|error| error.to_string())?.collect())
}
