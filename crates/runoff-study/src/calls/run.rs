//! Rounds, and what they found.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use runoff_runtime::RuntimeOptions;
use runoff_runtimes::{Availability, Reach, Registry};
use serde::{Deserialize, Serialize};

use super::cell::{Cell, Key};
use super::child::PeerCommand;
use super::external::{self, External};
use super::guests::Guests;
use super::{alternatives, back, promises, scripting, sweep, typed};
use crate::{Promise, StudyError, Summary};

/// What is measured, and how long.
#[derive(Clone, Debug)]
pub struct Options {
    /// Runtimes by id; they must be in this process.
    pub runtimes: Vec<String>,
    /// Rounds.
    pub rounds: u32,
    /// Most calls in one batch; the scripting study's number is 100,000.
    pub calls: u32,
    /// What a batch should take.
    pub batch: Duration,
    /// Seed of the order.
    pub seed: u64,
    /// How to start a child process to compare with.
    pub peer: Option<PeerCommand>,
    /// The program that times what this build has no libraries for.
    pub external: Option<External>,
}

/// What could not be measured, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absent {
    /// What.
    pub what: String,
    /// Why not.
    pub why: String,
}

/// One cell of the study.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Which.
    #[serde(flatten)]
    pub key: Key,
    /// Calls per batch.
    pub calls: u32,
    /// Nanoseconds per call, of a batch per round.
    pub ns: Summary,
    /// Seconds for 100,000 calls together with compiling and instantiating the guest; nothing for alternatives.
    pub with_compile: Option<Summary>,
    /// Nanoseconds per call in each round; where a round failed, there is nothing.
    #[serde(skip)]
    pub(crate) rounds: Vec<Option<f64>>,
}

/// What the study found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// `release` or `debug`: how this program was built.
    pub host: String,
    /// Rounds made.
    pub rounds: u32,
    /// Seed of the order.
    pub seed: u64,
    /// Every cell.
    pub rows: Vec<Row>,
    /// What must hold.
    pub promises: Vec<Promise>,
    /// Alternatives that are built apart, and their versions.
    #[serde(default)]
    pub versions: Vec<(String, String)>,
    /// What could not be measured.
    pub absent: Vec<Absent>,
    /// The same of a host built for debugging, where one was asked for.
    pub debug: Option<Box<Report>>,
}

#[derive(Default)]
struct Series {
    calls: u32,
    ns: Vec<Option<f64>>,
    with_compile: Vec<f64>,
}

/// Measures; `progress` is told the round and what is being measured. Runs on the calling thread, which should be an
/// engine thread ([`runoff_runtimes::on_engine_stack`]).
pub fn study(
    options: &Options,
    registry: &Registry,
    mut progress: impl FnMut(u32, &str),
) -> Result<Report, StudyError> {
    check(options, registry)?;
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let mut series: BTreeMap<Key, Series> = BTreeMap::new();
    let mut absent = Vec::new();
    let mut others = alternatives::cells(options.peer.as_ref(), &mut absent);
    let mut versions = Vec::new();
    match options.external.as_ref().map(external::list) {
        Some(Ok(more)) => {
            others.extend(more.cells);
            versions = more.versions;
        }
        Some(Err(why)) => absent.push(Absent { what: "Extism, component model".into(), why }),
        None => {}
    }
    for round in 0..options.rounds.max(1) {
        // `None` stands for the alternatives, which live through all rounds.
        let mut turns: Vec<Option<&String>> = options.runtimes.iter().map(Some).chain([None]).collect();
        turns.shuffle(&mut random);
        for turn in turns {
            progress(round, turn.map_or("alternatives", String::as_str));
            match turn {
                Some(id) => match on_runtime(id, registry) {
                    Ok(mut cells) => {
                        measure(options, round, &mut cells, &mut random, &mut series, &mut absent);
                    }
                    Err(why) => note(&mut absent, id.clone(), why),
                },
                None => measure(options, round, &mut others, &mut random, &mut series, &mut absent),
            }
        }
    }
    let rows: Vec<Row> = series.into_iter().filter_map(row).collect();
    if rows.is_empty() {
        let why = absent.first().map_or_else(|| "no runtimes".into(), |a| format!("{}: {}", a.what, a.why));
        return Err(StudyError::Nothing(why));
    }
    let promises = promises::promises(&rows);
    let host = if cfg!(debug_assertions) { "debug" } else { "release" };
    let (host, rounds, seed) = (host.to_owned(), options.rounds.max(1), options.seed);
    Ok(Report { host, rounds, seed, rows, promises, versions, absent, debug: None })
}

fn check(options: &Options, registry: &Registry) -> Result<(), StudyError> {
    for id in &options.runtimes {
        let refuse = |why: &str| Err(StudyError::Runtime(id.clone(), why.into()));
        match registry.get(id) {
            None => return refuse("there is none of this name"),
            Some(entry) => match (entry.reach(), entry.availability()) {
                (Reach::Linked, Availability::Ready) if id != "native" => {}
                (Reach::Linked, Availability::Absent { how }) => return refuse(how),
                _ => return refuse("only runtimes inside this process have calls worth timing one by one"),
            },
        }
    }
    Ok(())
}

/// All cells of one runtime, on guests compiled now.
fn on_runtime(id: &str, registry: &Registry) -> Result<Vec<Cell>, String> {
    let entry = registry.get(id).ok_or("unknown")?;
    let runtime = entry.make(&RuntimeOptions::default()).map_err(|e| e.to_string())?;
    let guests = Guests::new(id, runtime.as_ref())?;
    let mut cells = scripting::cells(&guests)?;
    cells.extend(typed::cells(&guests)?);
    cells.extend(typed::batches(&guests)?);
    cells.extend(sweep::cells(&guests)?);
    cells.extend(back::cells(&guests)?);
    Ok(cells)
}

fn measure(
    options: &Options,
    round: u32,
    cells: &mut [Cell],
    random: &mut ChaCha8Rng,
    series: &mut BTreeMap<Key, Series>,
    absent: &mut Vec<Absent>,
) {
    let mut order: Vec<usize> = (0..cells.len()).collect();
    order.shuffle(random);
    for index in order {
        let cell = &mut cells[index];
        let found = series.entry(cell.key.clone()).or_default();
        // Rounds before this one in which it could not be made have no figure.
        found.ns.resize(round as usize, None);
        match batch(options, cell, &mut found.calls) {
            Ok(ns) => {
                found.ns.push(Some(ns));
                if let Some(start) = cell.start {
                    found.with_compile.push(start.as_secs_f64() + ns * 1e-4);
                }
            }
            Err(why) => note(absent, format!("{} on {}", cell.key.config.trim(), cell.key.runtime), why),
        }
    }
}

/// Parts of a batch. A round's figure is their median: a part in which another process had the processor, which lasts
/// longer than a part, does not count.
const PARTS: u32 = 9;

/// Nanoseconds per call of one batch, after a short one that is not counted.
fn batch(options: &Options, cell: &mut Cell, calls: &mut u32) -> Result<f64, String> {
    if *calls == 0 {
        *calls = calibrate(options, cell)?;
    }
    let part = calls.div_ceil(PARTS);
    (cell.run)(part)?;
    let mut parts = Vec::new();
    for _ in 0..PARTS {
        let took = (cell.run)(part)?;
        parts.push(took.as_secs_f64() * 1e9 / f64::from(part) / f64::from(cell.inner));
    }
    Ok(runoff_stats::median(&parts).unwrap_or(f64::NAN))
}

/// Calls that take as long as a batch should.
fn calibrate(options: &Options, cell: &mut Cell) -> Result<u32, String> {
    let mut calls = 1_u32;
    loop {
        // The fastest of three: one in which another process had the processor must not decide for all rounds.
        let took = (cell.run)(calls)?.min((cell.run)(calls)?).min((cell.run)(calls)?);
        if took * 4 >= options.batch || calls >= options.calls {
            let share = options.batch.as_secs_f64() / took.as_secs_f64().max(1e-9);
            return Ok(((f64::from(calls) * share) as u32).clamp(1, options.calls));
        }
        calls = calls.saturating_mul(4).min(options.calls);
    }
}

fn note(absent: &mut Vec<Absent>, what: String, why: String) {
    let new = Absent { what, why };
    if !absent.contains(&new) {
        absent.push(new);
    }
}

fn row((key, series): (Key, Series)) -> Option<Row> {
    let good: Vec<f64> = series.ns.iter().flatten().copied().collect();
    Some(Row {
        key,
        calls: series.calls,
        ns: Summary::of(&good)?,
        with_compile: Summary::of(&series.with_compile),
        rounds: series.ns,
    })
}
