//! `runoff study hybrid`

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use runoff_data::units;
use runoff_experiment::Value;
use runoff_report::{Chapter, Table};
use runoff_study::hybrid::{App, Options, Report, Sample, breakdown, claims, figures, study, table_two};
use runoff_workloads::{Overrides, TWINS, resolve};

use super::kept::{self, Kept};
use super::tables;
use crate::args::StudyHybrid;
use crate::exit::{INTERRUPTED, USAGE, coded};
use crate::support::registry::registry;
use crate::support::{interrupt, scratch, subject};

/// The five applications of the source.
const APPS: [&str; 5] = ["edge/canny", "edge/plate", "edge/attitude", "edge/lenet", "edge/unzip"];

/// Runtimes of a quick look.
const QUICK: &str = "wasmtime/cranelift,wasmtime/winch,wasmer/cranelift,wasmer/singlepass,wasmi/lazy";

/// And those of the source, which take seconds to compile a module.
const WHOLE: &str =
    "wasmtime/cranelift,wasmtime/winch,wasmer/cranelift,wasmer/singlepass,wasmi/lazy,lucet,wavm";

/// Sizes of the matrices.
const SWEEP: [&str; 4] = ["ci", "small", "medium", "large"];

pub(super) fn hybrid(args: &StudyHybrid) -> anyhow::Result<ExitCode> {
    let mut interrupted = false;
    let shown = kept::show("hybrid", &args.shown, || {
        let report = measured(args)?;
        interrupted = report.repetitions < report.asked;
        Kept::new(chapter(&report, args.quick), &report, long(&report))
    })?;
    Ok(if interrupted { ExitCode::from(INTERRUPTED) } else { shown })
}

pub(super) fn measured(args: &StudyHybrid) -> anyhow::Result<Report> {
    let scratch = scratch::folder()?;
    let size = args.size.clone().unwrap_or_else(|| if args.quick { "ci" } else { "small" }.into());
    let mut apps = Vec::new();
    for name in APPS {
        apps.push(app(name, &size, false, scratch.path())?);
    }
    let sizes = if args.quick { &SWEEP[..2] } else { &SWEEP[..] };
    for size in sizes {
        apps.push(app("edge/matmul", size, true, scratch.path())?);
    }
    let registry = registry(&TWINS)?;
    let list = args.runtimes.as_deref().unwrap_or(if args.quick { QUICK } else { WHOLE });
    let runtimes = subject::runtimes(&registry, list)?;
    let runtimes = runtimes.iter().map(|entry| entry.id().to_string()).collect();
    let options = Options {
        program: std::env::current_exe()?,
        apps,
        runtimes,
        repetitions: args.repetitions,
        seed: args.seed,
        scratch: scratch.path().to_owned(),
    };
    if options.runtimes.len() < 2 {
        return Err(coded(USAGE, "there is nothing to choose among fewer than two runtimes"));
    }
    let bar = super::bar();
    bar.set_message("learning what every runtime costs");
    interrupt::watch()?;
    let start = Instant::now();
    let found = study(&options, |done, all, cell| {
        let left = start.elapsed().as_secs_f64() / done.max(1) as f64 * (all - done) as f64;
        let left = if done < 5 { String::new() } else { format!(", {} left", units::time(left * 1e9)) };
        bar.set_message(format!(
            "{done}/{all}{left}: {} of {} on {}",
            cell.pattern.name(),
            cell.app,
            cell.mode.name()
        ));
        !interrupt::seen()
    });
    bar.finish_and_clear();
    found.map_err(|e| super::failed(&e))
}

fn app(name: &str, size: &str, sweep: bool, folder: &Path) -> anyhow::Result<App> {
    let overrides = Overrides { size: Some(size.to_owned()), ..Overrides::default() };
    let workload = resolve(name, &overrides)?.into_iter().next().context("a bundled workload is gone")?;
    let short = name.rsplit('/').next().unwrap_or(name);
    let name = if sweep { format!("{short}-{size}") } else { short.to_owned() };
    let module = folder.join(format!("{name}.wasm"));
    fs::write(&module, &workload.wasm).with_context(|| format!("cannot write {}", module.display()))?;
    let expected = workload.expected_text.clone().with_context(|| format!("{name} has no right answer"))?;
    Ok(App { name, module, args: workload.spec.args, expected, sweep })
}

/// What was found, with the published figures beside it.
pub(super) fn chapter(report: &Report, quick: bool) -> Chapter {
    let mut chapter = Chapter {
        name: "hybrid".into(),
        title: "A host that chooses against every single runtime".into(),
        about: "Five edge applications on a host limited to one runtime, and on one that chooses for each call, knowing nothing or what earlier days showed (what every runtime costs, and how often each application is called: the same calls were made before): called once, fifty times, and mixed. Every measurement is a host of its own on a store without compiled code, asked over HTTP; what it prints is checked.".into(),
        facts: super::facts(),
        source: Some("004".into()),
        claims: claims(report),
        ..Chapter::default()
    };
    if report.repetitions < report.asked {
        chapter
            .notes
            .push(format!("interrupted after {} of {} repetitions", report.repetitions, report.asked));
    }
    if quick {
        chapter.reduced.push("hybrid".into());
        chapter.notes.push("a quick look: small inputs, two sizes of matrices".into());
    }
    chapter.tables.push(speedups(report));
    for figure in figures(report) {
        chapter.add(&figure);
    }
    chapter.tables.push(parts(report));
    chapter.tables.extend(tables::absent(&report.absent));
    chapter
}

fn speedups(report: &Report) -> Table {
    let header = [
        "runtime",
        "published",
        "one cold call",
        "95 %",
        "at most",
        "95 %",
        "50 calls",
        "95 %",
        "one cold call, nothing known",
        "95 %",
    ];
    let mut table = Table::new("Table II: how many times as fast the hybrid host is", &header);
    let two = |value: Option<Value>| match value {
        Some(Value { median, interval }) => [
            tables::number(median),
            interval.map_or_else(
                || "?".into(),
                |(low, high)| format!("{} – {}", tables::number(low), tables::number(high)),
            ),
        ],
        None => ["–".into(), String::new()],
    };
    let (mut left, mut unable) = (Vec::new(), Vec::new());
    for row in table_two(report) {
        let on = format!(" on {}", row.runtime);
        if let Some(absent) = report.absent.iter().find(|a| row.published.is_some() && a.what.ends_with(&on))
        {
            // The last part of it is the runtime's own reason.
            let why = absent.why.rsplit(": ").next().unwrap_or(&absent.why);
            unable
                .push(format!("{} has no figure: {why}; see what could not be measured, below", row.runtime));
        }
        if let (Some(published), Some(Value { interval: Some((_, most)), .. })) = (row.published, row.most)
            && most < published
        {
            left.push(row.runtime.clone());
        }
        let mut cells = vec![row.runtime, row.published.map_or_else(|| "–".into(), tables::number)];
        cells.extend([row.once, row.most, row.fifty, row.new].into_iter().flat_map(two));
        table.row(cells);
    }
    table.note(
        "the document's way: arithmetic mean over applications of single / hybrid, here within a repetition",
    );
    table.note("at most: what a choice would get that knew the best of these runtimes for every application beforehand");
    for words in unable {
        table.note(words);
    }
    if !left.is_empty() {
        table.note(format!(
            "{}: choosing the best of these runtimes for every application could not be as many times as fast as published, since `at most` is below it: its start-up is a smaller part of a call than it was (Fig. 7, below)",
            left.join(", ")
        ));
    }
    table.note("last line: hybrid over the runtime that is best for each application in hindsight; 1 is perfect. `runoff simulate` compares with the exact optimum, which may switch");
    table
}

fn parts(report: &Report) -> Table {
    let header = ["application", "mode", "until it runs", "in the guest", "share of start-up", "ran on"];
    let mut table =
        Table::new("One cold call: start-up and execution (Fig. 7)", &header).text_columns(&[1, 5]);
    for (app, mode, start, run, on) in breakdown(report) {
        let share = start / (start + run).max(f64::MIN_POSITIVE) * 100.0;
        table.row(vec![
            app,
            mode,
            units::time(start * 1e9),
            units::time(run * 1e9),
            format!("{share:.0} %"),
            on,
        ]);
    }
    table.note("medians of both, so that they need not add up to the median of the whole");
    table
}

/// One line per measurement, numbers as they are.
fn long(report: &Report) -> Table {
    let header = ["pattern", "application", "mode", "repetition", "total_s", "execution_s", "ran_on"];
    let mut table = Table::new("hybrid", &header);
    for (cell, samples) in &report.cells {
        for (repetition, sample) in samples.iter().enumerate() {
            // What failed is a row, too; why is with the results (`absent` in JSON).
            let number =
                |of: fn(&Sample) -> f64| sample.as_ref().map(|s| of(s).to_string()).unwrap_or_default();
            let ran_on = sample.iter().flat_map(|s| &s.ran_on).map(|(id, n)| format!("{id}:{n}"));
            table.row(vec![
                format!("{:?}", cell.pattern).to_lowercase(),
                cell.app.clone(),
                cell.mode.name(),
                (repetition + 1).to_string(),
                number(|s| s.total_s),
                number(|s| s.execution_s),
                ran_on.collect::<Vec<_>>().join(" "),
            ]);
        }
    }
    table
}
