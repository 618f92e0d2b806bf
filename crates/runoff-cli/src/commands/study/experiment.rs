//! `runoff study NAME`: experiments that are data.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use runoff_data::{EndReason, ResultFile, ResultReader};
use runoff_experiment::{Experiment, Results, RunSpec, bundled};
use runoff_report::{Format, Studies, Table, experiment_chapter, experiment_json, experiment_tables};
use runoff_workloads::{Overrides, Workload, resolve};

use crate::args::{Counting, OutputFormat, StudyExperiment, Subject};
use crate::commands::bench;
use crate::exit::{self, RUNTIME, USAGE, coded};
use crate::support::{counters, home, measure, output};

/// One that comes with Runoff.
pub(super) fn known(name: &str, args: &StudyExperiment) -> anyhow::Result<ExitCode> {
    let experiment = bundled(name).with_context(|| format!("the experiment `{name}` is damaged"))?;
    run(name, name, &experiment, args)
}

/// A user's own.
pub(super) fn file(path: &Path, args: &StudyExperiment) -> anyhow::Result<ExitCode> {
    let wrong = |e: &dyn std::fmt::Display| coded(USAGE, format!("{}: {e}", path.display()));
    let text = fs::read_to_string(path).map_err(|e| wrong(&e))?;
    let experiment = Experiment::parse(&text).map_err(|e| wrong(&e))?;
    let name = path.file_stem().map_or_else(|| "study".into(), |s| s.to_string_lossy().into_owned());
    run(&name, &format!("file {}", path.display()), &experiment, args)
}

/// An experiment that was measured, wholly or in part.
pub(super) struct Ran {
    pub(super) results: Results,
    pub(super) folder: PathBuf,
    pub(super) interrupted: bool,
}

/// `words` are what a user types to name the experiment.
fn run(name: &str, words: &str, experiment: &Experiment, args: &StudyExperiment) -> anyhow::Result<ExitCode> {
    let Ran { results, folder, interrupted } = measured(name, experiment, args)?;
    print(experiment, &results, args.format)?;
    if let Some(page) = &args.report {
        let chapter = experiment_chapter(name, experiment, &results);
        let studies = Studies { title: experiment.title.clone(), facts: Vec::new(), chapters: vec![chapter] };
        fs::write(page, studies.html()).with_context(|| format!("cannot write {}", page.display()))?;
        output::warn(&format!("wrote {}", page.display()));
    }
    let again = format!("runoff study {words} --from {}", folder.display());
    output::warn(&format!("results in {}; show them again: {again}", folder.display()));
    if interrupted {
        output::warn(&format!("go on with: runoff study {words} --out {}", folder.display()));
        return Ok(ExitCode::from(exit::INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures what is not in its folder yet, or reads what is there.
pub(super) fn measured(name: &str, experiment: &Experiment, args: &StudyExperiment) -> anyhow::Result<Ran> {
    let folder = match (&args.from, &args.out) {
        (Some(folder), _) | (None, Some(folder)) => folder.clone(),
        (None, None) => home::new_study(name)?,
    };
    let mut results = Results::new();
    let mut interrupted = false;
    if args.from.is_none() {
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    for (number, (run, spec)) in experiment.runs.iter().enumerate() {
        let path = folder.join(format!("{run}.jsonl"));
        let result = if args.from.is_some() {
            path.exists()
                .then(|| {
                    output::warn(&format!("{name}: reading {run}"));
                    read(&path)
                })
                .transpose()?
        } else {
            output::warn(&format!("{name}: run {} of {}, {run}", number + 1, experiment.runs.len()));
            Some(one(&path, spec, args)?)
        };
        let Some(result) = result else { continue };
        interrupted |=
            args.from.is_none() && result.end.as_ref().is_some_and(|e| e.reason == EndReason::Interrupted);
        results.insert(run.clone(), result);
        if interrupted {
            break;
        }
    }
    if results.is_empty() {
        let words = format!("{} holds no run of this experiment ({name})", folder.display());
        return Err(coded(USAGE, words));
    }
    let measured = results.values().any(|r| r.blocks.iter().any(|b| b.status.is_ok()));
    if measured || interrupted {
        Ok(Ran { results, folder, interrupted })
    } else {
        Err(coded(RUNTIME, "nothing could be measured"))
    }
}

/// Measures one run, or what of it is not in its file yet.
fn one(path: &Path, spec: &RunSpec, args: &StudyExperiment) -> anyhow::Result<ResultFile> {
    if path.exists() {
        let known = read(path)?;
        if known.end.as_ref().is_some_and(|end| end.reason != EndReason::Interrupted) {
            return Ok(known);
        }
        return Ok(measure::resume(path, bench::again)?.0.result);
    }
    let workloads = workloads(spec, args)?;
    let mut header = measure::header(&subject(spec, args), &workloads, spec.whole_process)?;
    header.plan.max_rounds = args.rounds.unwrap_or(spec.rounds);
    let budget = if args.quick { spec.quick_budget_s } else { spec.budget_s };
    header.plan.budget_s = if args.full { args.time } else { Some(args.time.unwrap_or(budget)) };
    if spec.counters {
        let budget = if args.quick { spec.quick_counter_budget_s } else { spec.counter_budget_s };
        let own = args.counting.counter_budget.or((!args.full).then_some(budget));
        header.plan.counters = counters::plan(&Counting { counter_budget: own, ..args.counting }, true)?;
    }
    Ok(measure::measure(&header, &workloads, Some(path.to_owned()))?.result)
}

fn read(path: &Path) -> anyhow::Result<ResultFile> {
    Ok(ResultReader::open(path)?)
}

/// `NAME` or `NAME@SIZE`, else the run's size where a workload has sizes.
fn workloads(spec: &RunSpec, args: &StudyExperiment) -> anyhow::Result<Vec<Workload>> {
    let quick = |full: &Option<String>, quick: &Option<String>| {
        if args.quick && quick.is_some() { quick.clone() } else { full.clone() }
    };
    let size = args.size.clone().or_else(|| quick(&spec.size, &spec.quick_size));
    let names = match &spec.quick_workloads {
        Some(names) if args.quick => names,
        _ => &spec.workloads,
    };
    let mut found = Vec::new();
    for name in names {
        let (name, size) = match name.split_once('@') {
            Some((name, size)) => (name, Some(size.to_owned())),
            None => (name.as_str(), size.clone()),
        };
        found.extend(resolve(name, &Overrides { size, ..Overrides::default() })?);
    }
    Ok(found)
}

fn subject(spec: &RunSpec, args: &StudyExperiment) -> Subject {
    let runtimes = spec.quick_runtimes.as_ref().filter(|_| args.quick).unwrap_or(&spec.runtimes);
    Subject {
        what: Vec::new(),
        runtimes: args.runtimes.clone().unwrap_or_else(|| runtimes.join(",")),
        invoke: None,
        arg: Vec::new(),
        stdin: None,
        dir: Vec::new(),
        env: Vec::new(),
        size: None,
        max_calls: spec.calls,
        time: spec.budget_s,
        precision: args.precision,
        rounds: spec.rounds,
        block_timeout: args.block_timeout,
        block_memory: args.block_memory,
        seed: args.seed,
        quick: args.quick,
    }
}

fn print(experiment: &Experiment, results: &Results, how: OutputFormat) -> anyhow::Result<()> {
    let format = output::format(how);
    if format == Format::Json {
        return Ok(output::json(&experiment_json(experiment, results))?);
    }
    let heading = match format {
        Format::Markdown => format!("# {}\n\n{}\n", experiment.title, experiment.about),
        Format::Csv => String::new(),
        _ => format!("{}\n\n{}\n", experiment.title, experiment.about),
    };
    let tables = experiment_tables(experiment, results);
    let tables = tables.iter().map(|t: &Table| t.render(format));
    let parts: Vec<String> = std::iter::once(heading).filter(|h| !h.is_empty()).chain(tables).collect();
    Ok(output::print(&parts.join("\n"))?)
}
