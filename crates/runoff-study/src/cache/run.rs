//! Repetitions, and what they found.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use runoff_guest_cache::{Kind, Tally};
use runoff_runtime::{Module, Runtime, RuntimeOptions};
use runoff_runtimes::Registry;
use serde::Serialize;

use super::caches::{self, Abi};
use super::clock::Clock;
use super::requests::{Record, Source};
use crate::calls::Absent;
use crate::{Promise, StudyError, Summary, modules};

/// What is measured.
#[derive(Clone, Debug)]
pub struct Options {
    /// Runtimes by id.
    pub runtimes: Vec<String>,
    /// Policies.
    pub policies: Vec<Kind>,
    /// Cache sizes in bytes.
    pub sizes: Vec<u64>,
    /// Most repetitions of every cell.
    pub repetitions: u32,
    /// No repetition begins that would not end within this time, to judge by those before it. The first is made
    /// always.
    pub budget: Option<Duration>,
    /// How runs are timed.
    pub clock: Clock,
    /// Seed of the order.
    pub seed: u64,
    /// The requests.
    pub source: Source,
}

/// A policy of a size, run in some way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cell {
    /// Policy.
    pub policy: &'static str,
    /// Bytes the cache may hold.
    pub capacity: u64,
    /// Runtime and kind of call; `None` for native.
    pub guest: Option<(String, Abi)>,
}

/// What a cell gave.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Which.
    #[serde(flatten)]
    pub cell: Cell,
    /// Requests.
    pub requests: u64,
    /// Hits.
    pub hits: u64,
    /// Bytes requested.
    pub bytes: u64,
    /// Bytes of hits.
    pub hit_bytes: u64,
    /// Seconds of a repetition.
    pub seconds: Summary,
    /// Times as long as native, within a repetition.
    pub slowdown: Summary,
    #[serde(skip)]
    pub(crate) times: Vec<Option<f64>>,
}

/// What the study found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// `release` or `debug`: how this program was built.
    pub host: &'static str,
    /// How runs were timed.
    pub clock: Clock,
    /// Repetitions made.
    pub repetitions: u32,
    /// Seed of the order.
    pub seed: u64,
    /// Distinct documents requested.
    pub documents: usize,
    /// Every cell.
    pub rows: Vec<Row>,
    /// What must hold.
    pub promises: Vec<Promise>,
    /// What could not be measured.
    pub absent: Vec<Absent>,
}

/// Measures; `progress` is told what is done of how much, and what comes. Runs on the calling thread, which should be
/// an engine thread ([`runoff_runtimes::on_engine_stack`]).
///
/// Hits that are not the same everywhere end the study: times of different work cannot be compared.
pub fn study(
    options: &Options,
    registry: &Registry,
    mut progress: impl FnMut(usize, usize, &Cell),
) -> Result<Report, StudyError> {
    options.clock.check()?;
    let requests = options.source.load()?;
    let mut absent = Vec::new();
    let compiled = compile(options, registry, &mut absent)?;
    let cells = cells(options, &compiled);
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let start = Instant::now();
    let mut repetitions = 0;
    let mut times: Vec<Vec<Option<f64>>> = vec![Vec::new(); cells.len()];
    let mut tallies: BTreeMap<(&'static str, u64), Tally> = BTreeMap::new();
    while repetitions == 0 || is_time_left(options, repetitions, start.elapsed()) {
        let mut order: Vec<usize> = (0..cells.len()).collect();
        order.shuffle(&mut random);
        for (done, index) in order.into_iter().enumerate() {
            let cell = &cells[index];
            progress(
                repetitions as usize * cells.len() + done,
                all(options, &cells, repetitions, start),
                cell,
            );
            match one(options.clock, cell, &compiled, &requests) {
                Ok((tally, seconds)) => {
                    times[index].push(Some(seconds));
                    let known = *tallies.entry((cell.policy, cell.capacity)).or_insert(tally);
                    if known != tally {
                        return Err(StudyError::Wrong(differs(cell, known, tally)));
                    }
                }
                Err(why) => {
                    times[index].push(None);
                    let what = format!("{} on {}", cell.policy, name(cell));
                    let new = Absent { what, why };
                    if !absent.contains(&new) {
                        absent.push(new);
                    }
                }
            }
        }
        repetitions += 1;
    }
    let rows = rows(&cells, &times, &tallies);
    let promises = promises(options, &rows);
    let mut ids: Vec<u64> = requests.iter().map(|r| r.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let host = if cfg!(debug_assertions) { "debug" } else { "release" };
    let clock = options.clock;
    Ok(Report { host, clock, repetitions, seed: options.seed, documents: ids.len(), rows, promises, absent })
}

/// Whether another repetition is wanted and, as long as those before it, ends in time.
fn is_time_left(options: &Options, made: u32, elapsed: Duration) -> bool {
    let in_time = options.budget.is_none_or(|budget| elapsed + elapsed / made.max(1) <= budget);
    made < options.repetitions && in_time
}

/// Cells that will have been timed in the end, as far as can be said now.
fn all(options: &Options, cells: &[Cell], made: u32, start: Instant) -> usize {
    let fit = match options.budget {
        Some(budget) if made > 0 => budget.div_duration_f64(start.elapsed() / made) as u32,
        _ => options.repetitions,
    };
    cells.len() * fit.clamp(made + 1, options.repetitions.max(made + 1)) as usize
}

type Compiled = Vec<(String, Box<dyn Module>, Box<dyn Runtime>)>;

fn compile(options: &Options, registry: &Registry, absent: &mut Vec<Absent>) -> Result<Compiled, StudyError> {
    let mut compiled = Vec::new();
    for id in &options.runtimes {
        let unknown = || StudyError::Runtime(id.clone(), "there is none of this name".into());
        let entry = registry.get(id).ok_or_else(unknown)?;
        let made = entry.make(&RuntimeOptions::default()).and_then(|runtime| {
            let module = runtime.compile(modules::CACHE)?;
            Ok((module, runtime))
        });
        match made {
            Ok((module, runtime)) => compiled.push((id.clone(), module, runtime)),
            Err(error) => absent.push(Absent { what: id.clone(), why: error.to_string() }),
        }
    }
    Ok(compiled)
}

fn cells(options: &Options, compiled: &Compiled) -> Vec<Cell> {
    let guests = compiled.iter().flat_map(|(id, ..)| Abi::ALL.map(|abi| Some((id.clone(), abi))));
    let ways: Vec<_> = [None].into_iter().chain(guests).collect();
    let mut cells = Vec::new();
    for policy in &options.policies {
        for capacity in &options.sizes {
            let cell =
                |guest: &Option<_>| Cell { policy: policy.name(), capacity: *capacity, guest: guest.clone() };
            cells.extend(ways.iter().map(cell));
        }
    }
    cells
}

fn one(clock: Clock, cell: &Cell, compiled: &Compiled, requests: &[Record]) -> Result<(Tally, f64), String> {
    let kind: Kind = cell.policy.parse().map_err(|e| format!("{e}"))?;
    let (tally, took) = match &cell.guest {
        None => caches::native(clock, kind, cell.capacity, requests),
        Some((id, abi)) => {
            let (_, module, _) = compiled.iter().find(|(known, ..)| known == id).ok_or("unknown")?;
            caches::guest(clock, module.as_ref(), *abi, kind, cell.capacity, requests)?
        }
    };
    Ok((tally, took.as_secs_f64()))
}

fn name(cell: &Cell) -> String {
    cell.guest.as_ref().map_or_else(|| "native".into(), |(id, abi)| format!("{id}, {}", abi.name()))
}

fn differs(cell: &Cell, known: Tally, found: Tally) -> String {
    format!(
        "{} with {} bytes: {} finds {} hits of {} bytes where others find {} of {}",
        cell.policy,
        cell.capacity,
        name(cell),
        found.hits,
        found.hit_bytes,
        known.hits,
        known.hit_bytes
    )
}

fn rows(
    cells: &[Cell],
    times: &[Vec<Option<f64>>],
    tallies: &BTreeMap<(&'static str, u64), Tally>,
) -> Vec<Row> {
    let native = |cell: &Cell| {
        let is = |c: &&Cell| c.guest.is_none() && c.policy == cell.policy && c.capacity == cell.capacity;
        cells.iter().zip(times).find(|(c, _)| is(c)).map_or(&[] as &[Option<f64>], |(_, t)| t)
    };
    let row = |(cell, times): (&Cell, &Vec<Option<f64>>)| {
        let good: Vec<f64> = times.iter().flatten().copied().collect();
        let ratios = times.iter().zip(native(cell)).filter_map(|(t, n)| Some((*t)? / (*n)?));
        let tally = tallies.get(&(cell.policy, cell.capacity))?;
        Some(Row {
            cell: cell.clone(),
            requests: tally.requests,
            hits: tally.hits,
            bytes: tally.bytes,
            hit_bytes: tally.hit_bytes,
            seconds: Summary::of(&good)?,
            slowdown: Summary::of(&ratios.collect::<Vec<_>>())?,
            times: times.clone(),
        })
    };
    cells.iter().zip(times).filter_map(row).collect()
}

/// The scripting study's size.
const SMALL: u64 = 4 << 20;

/// The best runtime's slowdown by policy, where the small cache was measured.
fn promises(options: &Options, rows: &[Row]) -> Vec<Promise> {
    let mut promises = Vec::new();
    for policy in &options.policies {
        for (abi, limit) in [(Abi::Pair, 2.5), (Abi::Batched, 1.5)] {
            let here = |row: &&Row| row.cell.policy == policy.name() && row.cell.capacity == SMALL;
            let of_abi = |row: &&Row| row.cell.guest.as_ref().is_some_and(|(_, a)| *a == abi);
            let best = rows
                .iter()
                .filter(here)
                .filter(of_abi)
                .min_by(|a, b| a.slowdown.median.total_cmp(&b.slowdown.median));
            let native = rows.iter().filter(here).find(|row| row.cell.guest.is_none());
            if let (Some(best), Some(native)) = (best, native) {
                let what = format!("{}, 4 MiB: {} / native", policy.name(), name(&best.cell));
                promises.push(Promise::new(what, &best.times, &native.times, limit, false));
            }
        }
    }
    promises
}
