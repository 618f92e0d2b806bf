//! Repetitions, and what they found.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::known::{self, Stores};
use super::request::Client;
use super::server::{Allowed, Server};
use crate::StudyError;
use crate::calls::Absent;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_mins(3);

/// Calls of one app in a row.
const FIFTY: usize = 50;

/// Requests of the mixed trace.
const MIXED: usize = 100;

/// A program of the edge, as a command whose output is the answer.
#[derive(Clone, Debug)]
pub struct App {
    /// Its name, which is its route too.
    pub name: String,
    /// Its module.
    pub module: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// What it must print.
    pub expected: String,
    /// Whether it is one of a sweep over sizes, which are called once only.
    pub sweep: bool,
}

/// What is measured.
#[derive(Clone, Debug)]
pub struct Options {
    /// `runoff` itself.
    pub program: PathBuf,
    /// Programs.
    pub apps: Vec<App>,
    /// Runtimes by id, each alone and all to choose from.
    pub runtimes: Vec<String>,
    /// Repetitions.
    pub repetitions: u32,
    /// Seed of order and trace.
    pub seed: u64,
    /// A folder for stores and configurations.
    pub scratch: PathBuf,
}

/// Who decides where a call runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nobody: there is this runtime only.
    Single(String),
    /// The host, which has never seen the functions.
    New,
    /// The host, which knows from earlier days what every runtime costs and how often its functions are called.
    Known,
}

impl Mode {
    /// For people.
    pub fn name(&self) -> String {
        match self {
            Self::Single(runtime) => runtime.clone(),
            Self::New => "hybrid, nothing known".into(),
            Self::Known => "hybrid, profile known".into(),
        }
    }
}

/// How an app is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Once, on a host that has compiled nothing.
    Once,
    /// Fifty times, one after the other, the first like that.
    Fifty,
    /// All apps in a random order, some often and some rarely.
    Mixed,
}

impl Pattern {
    pub(super) const ALL: [Self; 3] = [Self::Once, Self::Fifty, Self::Mixed];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Once => "one cold call",
            Self::Fifty => "50 calls, the first cold",
            Self::Mixed => "mixed edge trace",
        }
    }
}

/// Names a cell in all repetitions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cell {
    /// The pattern.
    pub pattern: Pattern,
    /// The app; `all` for the mixed trace.
    pub app: String,
    /// Who decides.
    pub mode: Mode,
}

/// One measurement: a host, and its calls.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// All calls, sent one after the other, seconds.
    pub total_s: f64,
    /// Of that in the guest itself, seconds.
    pub execution_s: f64,
    /// Calls by the runtime they ran on.
    pub ran_on: BTreeMap<String, u32>,
}

/// What the study found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Programs in the order asked for, and whether they belong to the sweep.
    pub apps: Vec<(String, bool)>,
    /// Runtimes in the order asked for.
    pub runtimes: Vec<String>,
    /// Repetitions made.
    pub repetitions: u32,
    /// Repetitions asked for: more, where the study was interrupted.
    pub asked: u32,
    /// Seed.
    pub seed: u64,
    /// Samples of every cell by repetition; nothing where it failed.
    #[serde(serialize_with = "as_list")]
    pub cells: BTreeMap<Cell, Vec<Option<Sample>>>,
    /// What could not be measured.
    pub absent: Vec<Absent>,
}

fn as_list<S: serde::Serializer>(
    cells: &BTreeMap<Cell, Vec<Option<Sample>>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    to.collect_seq(cells.iter())
}

/// Measures; `progress` is told how many cells are done of how many, and which comes, and says whether to go on. Of a study
/// that does not, whole repetitions are kept.
pub fn study(
    options: &Options,
    mut progress: impl FnMut(usize, usize, &Cell) -> bool,
) -> Result<Report, StudyError> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |why: String| StudyError::Nothing(format!("{what}: {why}"))
    };
    let apps: Vec<&App> = options.apps.iter().collect();
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let trace = trace(options, &mut random);
    let calls = |pattern| match pattern {
        Pattern::Once => (0..apps.len()).collect(),
        Pattern::Fifty => (0..apps.len()).filter(|i| !apps[*i].sweep).flat_map(|i| [i; FIFTY]).collect(),
        Pattern::Mixed => trace.clone(),
    };
    let known = options.scratch.join("known");
    let stores = known::learn(options, &apps, &known, calls).map_err(failed("profiles"))?;
    let all = cells(options);
    let mut found: BTreeMap<Cell, Vec<Option<Sample>>> = BTreeMap::new();
    let mut absent: Vec<Absent> = Vec::new();
    let mut repetitions = options.repetitions;
    'study: for repetition in 0..options.repetitions as usize {
        let mut order: Vec<&Cell> = all.iter().collect();
        order.shuffle(&mut random);
        for (done, cell) in order.into_iter().enumerate() {
            if !progress(repetition * all.len() + done, options.repetitions as usize * all.len(), cell) {
                if repetition == 0 {
                    return Err(StudyError::Interrupted);
                }
                repetitions = repetition as u32;
                for samples in found.values_mut() {
                    samples.truncate(repetition);
                }
                break 'study;
            }
            // A folder of its own: nothing of a measurement is there for the next, even where it cannot be removed.
            let folder = options.scratch.join(format!("run-{repetition}-{done}"));
            let sample = one(options, cell, &trace, &stores, &folder);
            let _ = fs::remove_dir_all(&folder);
            let sample = sample.map_err(|why| {
                let what = format!("{} of {} on {}", cell.pattern.name(), cell.app, cell.mode.name());
                let new = Absent { what, why };
                if !absent.contains(&new) {
                    absent.push(new);
                }
            });
            found.entry(cell.clone()).or_default().push(sample.ok());
        }
    }
    if found.values().flatten().all(Option::is_none) {
        let why = absent.first().map_or_else(|| "no apps".into(), |a| format!("{}: {}", a.what, a.why));
        return Err(StudyError::Nothing(why));
    }
    Ok(Report {
        apps: options.apps.iter().map(|a| (a.name.clone(), a.sweep)).collect(),
        runtimes: options.runtimes.clone(),
        repetitions,
        asked: options.repetitions,
        seed: options.seed,
        cells: found,
        absent,
    })
}

fn cells(options: &Options) -> Vec<Cell> {
    let singles = options.runtimes.iter().cloned().map(Mode::Single);
    let modes: Vec<Mode> = singles.chain([Mode::New, Mode::Known]).collect();
    let mut cells = Vec::new();
    let mut add = |pattern, app: &str| {
        cells.extend(modes.iter().map(|mode| Cell { pattern, app: app.to_owned(), mode: mode.clone() }));
    };
    for app in &options.apps {
        add(Pattern::Once, &app.name);
        if !app.sweep {
            add(Pattern::Fifty, &app.name);
        }
    }
    if options.apps.iter().any(|a| !a.sweep) {
        add(Pattern::Mixed, "all");
    }
    cells
}

/// The n-th app is asked for one n-th as often as the first, in random order: the same for every mode.
fn trace(options: &Options, random: &mut ChaCha8Rng) -> Vec<usize> {
    let apps: Vec<usize> = (0..options.apps.len()).filter(|i| !options.apps[*i].sweep).collect();
    let weight = |rank: &usize| 1.0 / (*rank as f64 + 1.0);
    let ranks: Vec<usize> = (0..apps.len()).collect();
    (0..MIXED).filter_map(|_| ranks.choose_weighted(random, weight).ok().map(|rank| apps[*rank])).collect()
}

fn one(
    options: &Options,
    cell: &Cell,
    trace: &[usize],
    stores: &Stores,
    folder: &Path,
) -> Result<Sample, String> {
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let allowed = match &cell.mode {
        Mode::Single(runtime) => Allowed::Only(runtime),
        Mode::New | Mode::Known => Allowed::Choice(&options.runtimes),
    };
    if let Some(store) = stores.of(cell.pattern).filter(|_| cell.mode == Mode::Known) {
        known::copy(store, &folder.join("store"))?;
    }
    let apps: Vec<&App> = options
        .apps
        .iter()
        .filter(|a| a.name == cell.app || (cell.pattern == Pattern::Mixed && !a.sweep))
        .collect();
    let server = Server::start(&options.program, folder, &apps, &allowed)?;
    let mut client = Client::connect(server.address, PATIENCE)?;
    let calls: Vec<&App> = match cell.pattern {
        Pattern::Mixed => trace.iter().map(|i| &options.apps[*i]).collect(),
        Pattern::Fifty => vec![apps[0]; FIFTY],
        Pattern::Once => vec![apps[0]],
    };
    let mut sample = Sample { total_s: 0.0, execution_s: 0.0, ran_on: BTreeMap::new() };
    let begin = Instant::now();
    for app in calls {
        let answer = client.get(&format!("/{}", app.name))?;
        if String::from_utf8_lossy(&answer.body).trim() != app.expected.trim() {
            return Err(format!("a wrong answer of {} on {}", app.name, answer.runtime));
        }
        if begin.elapsed() > PATIENCE {
            return Err(format!("its calls take longer than {} s", PATIENCE.as_secs()));
        }
        sample.total_s += answer.took.as_secs_f64();
        sample.execution_s += answer.execution.as_secs_f64();
        *sample.ran_on.entry(answer.runtime).or_default() += 1;
    }
    Ok(sample)
}
