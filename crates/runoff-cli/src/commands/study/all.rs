//! `runoff study all`: every study one after the other, and one page of what they found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use runoff_data::units;
use runoff_experiment::{Experiment, bundled};
use runoff_report::{Chapter, Format, Studies};

use super::experiment::{self, Ran};
use super::{architecture, cache, calls, hybrid};
use crate::args::{
    OutputFormat, StudyAll, StudyArchitecture, StudyCache, StudyCalls, StudyExperiment, StudyHybrid,
};
use crate::exit::{self, RUNTIME, USAGE, coded};
use crate::support::{home, interrupt, output};

/// The studies, in the order of their sources, with what a quick look and a whole one are thought to take in seconds
/// where that is not part of an experiment.
const STUDIES: [(&str, u64, u64); 8] = [
    ("fibonacci", 0, 0),
    ("phases", 0, 0),
    ("calls", 60, 600),
    ("cache", 30, 7200),
    ("characterise", 0, 0),
    ("edge", 0, 0),
    ("hybrid", 200, 1800),
    ("architecture", 90, 300),
];

/// Runtimes of a quick look at calls and caches: those the sources speak of, and an interpreter.
const QUICK: &str = "wasmtime/cranelift,wasmer/cranelift,wasmer/singlepass,wasmi/eager";

/// File of a finished study that is no experiment.
const CHAPTER: &str = "chapter.json";

pub(super) fn all(args: &StudyAll) -> anyhow::Result<ExitCode> {
    let wanted = wanted(args)?;
    let folder = match (&args.from, &args.out) {
        (Some(folder), _) | (None, Some(folder)) => folder.clone(),
        (None, None) => home::new_study("all")?,
    };
    if args.from.is_none() {
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        interrupt::watch()?;
    }
    let start = Instant::now();
    let (mut expected, total) = (0, wanted.iter().map(|n| seconds(n, args)).sum::<u64>());
    let mut chapters = Vec::new();
    let mut interrupted = false;
    for (number, name) in wanted.iter().enumerate() {
        if args.from.is_none() {
            let left = units::time(left(start.elapsed(), expected, total) * 1e9);
            let done = number + 1;
            output::warn(&format!("study {done} of {}: {name}; about {left} left", wanted.len()));
        } else {
            output::warn(&format!("study {} of {}: {name}", number + 1, wanted.len()));
        }
        expected += seconds(name, args);
        match one(name, &folder.join(name), args) {
            Ok(Some(chapter)) => chapters.push(chapter),
            Ok(None) => {
                interrupted = true;
                break;
            }
            Err(_) if interrupt::seen() => {
                interrupted = true;
                break;
            }
            Err(error) => {
                output::warn(&format!("{name}: {error:#}"));
                chapters.push(absent(name, format!("{error:#}")));
            }
        }
    }
    if interrupted {
        output::warn(&format!("go on with: runoff study all --out {}{}", folder.display(), flags(args)));
        return Ok(ExitCode::from(exit::INTERRUPTED));
    }
    if chapters.iter().all(|c| c.absent.is_some()) {
        return Err(coded(
            RUNTIME,
            format!("no study could be made; their results would be in {}", folder.display()),
        ));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let facts = vec![("page made".to_owned(), units::moment(now.as_secs()))];
    let studies = Studies { title: args.title.clone(), facts, chapters };
    show(&studies, args.format)?;
    let page = args.report.clone().unwrap_or_else(|| folder.join("report.html"));
    fs::write(&page, studies.html()).with_context(|| format!("cannot write {}", page.display()))?;
    output::warn(&format!(
        "wrote {}; results in {} (make the page again with: runoff study all --from {})",
        page.display(),
        folder.display(),
        folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn wanted(args: &StudyAll) -> anyhow::Result<Vec<&'static str>> {
    let known = || STUDIES.iter().map(|(name, ..)| *name);
    for name in args.only.iter().chain(&args.skip) {
        if !known().any(|k| k == name) {
            let all = known().collect::<Vec<_>>().join(", ");
            return Err(coded(USAGE, format!("there is no study `{name}`; there are {all}")));
        }
    }
    let is = |list: &[String], name: &str| list.iter().any(|n| n == name);
    let chosen: Vec<&str> = known()
        .filter(|name| (args.only.is_empty() || is(&args.only, name)) && !is(&args.skip, name))
        .collect();
    if chosen.is_empty() { Err(coded(USAGE, "no study is left")) } else { Ok(chosen) }
}

/// What a study is thought to take.
fn seconds(name: &str, args: &StudyAll) -> u64 {
    let own =
        STUDIES.iter().find(|(n, ..)| *n == name).map_or(0, |(_, q, f)| if args.quick { *q } else { *f });
    let runs = bundled(name).map(|experiment| {
        let budget = |run: &runoff_experiment::RunSpec| {
            let (time, counting) = if args.quick {
                (run.quick_budget_s, run.quick_counter_budget_s)
            } else {
                (run.budget_s, run.counter_budget_s)
            };
            time + if run.counters { counting } else { 0.0 }
        };
        experiment.runs.values().map(|run| budget(run) * 1.3).sum::<f64>()
    });
    own + runs.unwrap_or_default() as u64
}

/// Seconds left, by what was thought of the rest and how wrong that was so far.
fn left(elapsed: Duration, expected: u64, total: u64) -> f64 {
    let rest = total.saturating_sub(expected) as f64;
    if expected == 0 { rest } else { rest * (elapsed.as_secs_f64() / expected as f64).clamp(0.2, 5.0) }
}

fn flags(args: &StudyAll) -> String {
    let quick = if args.quick { " --quick" } else { "" };
    let list = |flag: &str, names: &[String]| {
        if names.is_empty() { String::new() } else { format!(" --{flag} {}", names.join(",")) }
    };
    format!("{quick}{}{}", list("only", &args.only), list("skip", &args.skip))
}

/// `None` when it was interrupted.
fn one(name: &str, folder: &Path, args: &StudyAll) -> anyhow::Result<Option<Chapter>> {
    if let Some(experiment) = bundled(name) {
        return run(name, &experiment, folder, args);
    }
    let kept = folder.join(CHAPTER);
    if kept.exists() {
        let text = fs::read_to_string(&kept).with_context(|| format!("cannot read {}", kept.display()))?;
        let chapter =
            serde_json::from_str(&text).with_context(|| format!("{} is damaged", kept.display()))?;
        return Ok(Some(chapter));
    }
    if args.from.is_some() {
        return Ok(Some(absent(name, "it was not measured".into())));
    }
    let chapter = match name {
        "calls" => {
            let runs = args.quick.then_some(9);
            let runtimes = args.quick.then(|| QUICK.to_owned());
            let found =
                calls::measured(StudyCalls { quick: args.quick, runs, runtimes, ..StudyCalls::default() })?;
            calls::chapter(&found, args.quick)
        }
        "architecture" => {
            let own = StudyArchitecture { quick: args.quick, ..StudyArchitecture::default() };
            architecture::chapter(&architecture::measured(&own)?, args.quick)
        }
        "hybrid" => {
            let found = hybrid::measured(&StudyHybrid { quick: args.quick, ..StudyHybrid::default() })?;
            hybrid::chapter(&found, args.quick)
        }
        _ => {
            let runtimes = args.quick.then(|| QUICK.to_owned());
            let found =
                cache::measured(&StudyCache { quick: args.quick, runtimes, ..StudyCache::default() })?;
            cache::chapter(&found, args.quick)
        }
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    keep(&kept, &chapter)?;
    Ok(Some(chapter))
}

/// Written beside and renamed: what is there under its name is whole.
fn keep(path: &Path, chapter: &Chapter) -> anyhow::Result<()> {
    let beside: PathBuf = path.with_extension("tmp");
    fs::write(&beside, serde_json::to_vec(chapter)?)
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn run(
    name: &str,
    experiment: &Experiment,
    folder: &Path,
    args: &StudyAll,
) -> anyhow::Result<Option<Chapter>> {
    let own = StudyExperiment {
        quick: args.quick,
        full: args.full,
        out: args.from.is_none().then(|| folder.to_owned()),
        from: args.from.is_some().then(|| folder.to_owned()),
        ..StudyExperiment::default()
    };
    let Ran { results, interrupted, .. } = experiment::measured(name, experiment, &own)?;
    Ok((!interrupted).then(|| runoff_report::experiment_chapter(name, experiment, &results)))
}

fn absent(name: &str, why: String) -> Chapter {
    let title = bundled(name).map_or_else(|| name.to_owned(), |e| e.title);
    Chapter { name: name.into(), title, absent: Some(why), ..Chapter::default() }
}

/// The summary and every verdict; the figures are in the page.
fn show(studies: &Studies, format: OutputFormat) -> anyhow::Result<()> {
    match output::format(format) {
        Format::Json => Ok(output::json(&serde_json::to_value(studies)?)?),
        Format::Markdown => Ok(output::print(&studies.markdown())?),
        how => Ok(output::print(&studies.verdicts(how))?),
    }
}
