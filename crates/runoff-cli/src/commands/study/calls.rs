//! `runoff study calls`

use std::process::ExitCode;
use std::time::Duration;

use runoff_data::units;
use runoff_report::{Chapter, Table};
use runoff_runtimes::{Registry, on_engine_stack};
use runoff_study::calls::{
    Absent, External, Group, Key, Options, PeerCommand, Report, Row, add_debug, claims, figures, study,
};

use super::kept::{self, Kept};
use super::tables;
use crate::args::StudyCalls;
use crate::exit::{USAGE, coded};
use crate::support::{interrupt, output};

pub(super) fn calls(args: StudyCalls) -> anyhow::Result<ExitCode> {
    let (shown, quick) = (args.shown.clone(), args.quick);
    kept::show("calls", &shown, || {
        let report = measured(args)?;
        Kept::new(chapter(&report, quick), &report, long(&report))
    })
}

pub(super) fn measured(args: StudyCalls) -> anyhow::Result<Report> {
    let registry = Registry::new(&[]);
    let own = std::env::current_exe()?;
    let built = "studies/rivals/target/release/runoff-rivals";
    for named in [&args.rivals, &args.debug_host].into_iter().flatten() {
        if !named.is_file() {
            return Err(coded(USAGE, format!("there is no program {}", named.display())));
        }
    }
    let rivals = args.rivals.or_else(|| super::program("RUNOFF_RIVALS", "runoff-rivals", built));
    let built = "target/release/runoff-study-host";
    let debug = args.debug_host.or_else(|| super::program("RUNOFF_DEBUG_HOST", "runoff-study-host", built));
    let not_built = |there: bool, what: &str, recipe: &str| {
        let why = format!("`just {recipe}` builds the program that times it");
        if !there {
            output::warn(&format!("without {what}: {why}"));
        }
        (!there).then(|| Absent { what: what.to_owned(), why })
    };
    let gone = [
        not_built(rivals.is_some(), "Extism and the component model", "rivals"),
        not_built(debug.is_some(), "a host built for debugging", "debug-host"),
    ];
    let options = Options {
        runtimes: super::runtimes(&registry, args.runtimes.as_deref(), args.quick)?,
        rounds: args.runs.unwrap_or(if args.quick { 7 } else { 20 }),
        calls: u32::try_from(args.calls).unwrap_or(u32::MAX).max(1),
        batch: Duration::from_secs_f64(args.batch.unwrap_or(if args.quick { 0.002 } else { 0.005 })),
        seed: args.seed,
        peer: Some(PeerCommand(vec![own.into(), "study-peer".into()])),
        external: rivals.map(|program| External(vec![program.into()])),
    };
    let bar = super::bar();
    let shown = bar.clone();
    let again = options.clone();
    let found = on_engine_stack(move || {
        study(&options, &registry, |round, what| {
            interrupt::leave();
            shown.set_message(format!("round {} of {}: {what}", round + 1, options.rounds));
        })
    })?;
    let mut report = found.map_err(|e| super::failed(&e))?;
    report.absent.extend(gone.into_iter().flatten());
    if let Some(program) = debug {
        bar.set_message("host built for debugging");
        add_debug(&mut report, &program, &again);
    }
    bar.finish_and_clear();
    Ok(report)
}

/// What was found, with the published figures beside it.
pub(super) fn chapter(report: &Report, quick: bool) -> Chapter {
    let mut chapter = Chapter {
        name: "calls".into(),
        title: "Calls across the boundary".into(),
        about: "What one call of a small guest function costs: the scripting study's twelve configurations as naive as it did them, the library's calls, batches, payloads, calls back into the host, and what else one could use. Rounds compile every guest anew; ratios are taken within a round.".into(),
        facts: super::facts(),
        source: Some("002".into()),
        claims: claims(report),
        ..Chapter::default()
    };
    let versions: Vec<String> =
        report.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    if !versions.is_empty() {
        chapter.facts.push(("alternatives".into(), versions.join(", ")));
    }
    if quick {
        chapter.reduced.push("calls".into());
        chapter.notes.push("a quick look: few runtimes, seven rounds of short batches".into());
    }
    for figure in figures(report) {
        chapter.add(&figure);
    }
    chapter.tables.extend([scripting(report, false), scripting(report, true)]);
    if let Some(debug) = &report.debug {
        chapter.tables.extend([scripting(debug, false), scripting(debug, true), built_for(report, debug)]);
    }
    chapter.tables.extend([
        grouped(report, Group::Typed, "Calls of the library"),
        grouped(report, Group::Batched, "Many records in one call"),
        grouped(report, Group::Payload, "Payloads"),
        grouped(report, Group::Back, "The guest calls the host"),
        grouped(report, Group::Alternative, "What else one could use"),
        tables::promises(&report.promises),
    ]);
    let debug = report.debug.iter().flat_map(|debug| &debug.absent);
    let absent: Vec<_> = report.absent.iter().chain(debug).cloned().collect();
    chapter.tables.extend(tables::absent(&absent));
    chapter.tables.retain(|table| !table.is_empty());
    chapter
}

fn of(report: &Report, group: Group) -> impl Iterator<Item = &Row> {
    report.rows.iter().filter(move |row| row.key.group == group)
}

/// As the study reported them: seconds of 100,000 calls, with and without compiling and instantiating the guest.
fn scripting(report: &Report, with_compile: bool) -> Table {
    let start = if with_compile { " and of compiling and instantiating the guest" } else { "" };
    let title = format!(
        "The scripting study's configurations, host built for {}: seconds of 100,000 calls{start}",
        report.host
    );
    let header = ["configuration", "runtime", "mean", "sd", "95 %", "median", "95 %"];
    let mut table = Table::new(title, &header).text_columns(&[1]);
    for row in of(report, Group::Scripting) {
        let seconds = if with_compile {
            row.with_compile.as_ref().map(|s| tables::cells(s, 1.0))
        } else {
            Some(tables::cells(&row.ns, 1e-4))
        };
        let Some(seconds) = seconds else { continue };
        let mut cells = vec![row.key.config.clone(), row.key.runtime.clone()];
        cells.extend(seconds);
        table.row(cells);
    }
    table.note("done as naively as the study did; the library has no such calls");
    table.note("scaled from shorter batches: of each round the median of nine parts, so that interruptions do not count");
    table
}

/// What building the host for debugging costs. The guest is the same, and so is what compiled it.
fn built_for(release: &Report, debug: &Report) -> Table {
    let title = "The host built for debugging: median ns per call";
    let mut table = Table::new(title, &["call", "runtime", "release", "debug", "times"]).text_columns(&[1]);
    let find = |key: &Key| debug.rows.iter().find(|row| row.key == *key);
    for row in of(release, Group::Scripting).chain(of(release, Group::Typed)) {
        let Some(slow) = find(&row.key) else { continue };
        let (fast, slow) = (row.ns.median, slow.ns.median);
        let mut cells = vec![row.key.config.clone(), row.key.runtime.clone()];
        cells.extend([fast, slow, slow / fast].map(tables::number));
        table.row(cells);
    }
    table.note("Runoff's part of a call without optimisation and with checks; `just debug-host` leaves the engines optimised");
    table
}

fn grouped(report: &Report, group: Group, title: &str) -> Table {
    let per = matches!(group, Group::Batched);
    let size = match group {
        Group::Batched => "records",
        _ => "bytes",
    };
    let header = ["call", "runtime", size, "ns per call", "sd", "95 % of mean", "median", "95 %", "each"];
    let mut table = Table::new(title, &header).text_columns(&[1]);
    for row in of(report, group) {
        let mut cells = vec![row.key.config.clone(), row.key.runtime.clone()];
        cells.push(match (row.key.size, per) {
            (0, _) => String::new(),
            (n, true) => units::count(n as f64),
            (n, false) => units::bytes(n),
        });
        cells.extend(tables::cells(&row.ns, 1.0));
        cells.push(match row.key.size {
            0 => String::new(),
            n if per => format!("{} ns", tables::number(row.ns.median / n as f64)),
            n => format!("{} GB/s", tables::number(n as f64 / row.ns.median)),
        });
        table.row(cells);
    }
    table.without_empty_columns()
}

/// One line per cell, numbers as they are.
fn long(report: &Report) -> Table {
    let header = [
        "host",
        "group",
        "runtime",
        "config",
        "size",
        "rounds",
        "calls",
        "mean_ns",
        "sd_ns",
        "mean_low_ns",
        "mean_high_ns",
        "median_ns",
        "median_low_ns",
        "median_high_ns",
        "with_compile_mean_s",
        "with_compile_sd_s",
        "with_compile_low_s",
        "with_compile_high_s",
        "with_compile_median_s",
    ];
    let mut table = Table::new("calls", &header);
    let text = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let hosts = [Some(report), report.debug.as_deref()];
    for (host, row) in hosts.into_iter().flatten().flat_map(|r| r.rows.iter().map(|row| (&r.host, row))) {
        let (ns, with) = (&row.ns, row.with_compile.as_ref());
        table.row(vec![
            host.clone(),
            format!("{:?}", row.key.group).to_lowercase(),
            row.key.runtime.clone(),
            row.key.config.trim().into(),
            row.key.size.to_string(),
            ns.n.to_string(),
            row.calls.to_string(),
            ns.mean.to_string(),
            text(ns.sd),
            text(ns.mean_interval.map(|i| i.0)),
            text(ns.mean_interval.map(|i| i.1)),
            ns.median.to_string(),
            text(ns.median_interval.map(|i| i.0)),
            text(ns.median_interval.map(|i| i.1)),
            text(with.map(|s| s.mean)),
            text(with.and_then(|s| s.sd)),
            text(with.and_then(|s| s.mean_interval).map(|i| i.0)),
            text(with.and_then(|s| s.mean_interval).map(|i| i.1)),
            text(with.map(|s| s.median)),
        ]);
    }
    table
}
