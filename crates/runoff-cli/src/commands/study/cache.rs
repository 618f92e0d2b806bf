//! `runoff study cache`

use std::process::ExitCode;
use std::time::{Duration, Instant};

use runoff_data::units;
use runoff_guest_cache::Kind;
use runoff_report::{Chapter, Table, share_plot};
use runoff_runtimes::{Registry, on_engine_stack};
use runoff_study::cache::{Abi, Clock, Options, Report, Row, Source, claims, figures, hit_rates, study};

use super::kept::{self, Kept};
use super::tables;
use crate::args::StudyCache;
use crate::exit::{USAGE, coded};
use crate::support::interrupt;

const MIB: u64 = 1 << 20;

pub(super) fn cache(args: &StudyCache) -> anyhow::Result<ExitCode> {
    kept::show("cache", &args.shown, || {
        let report = measured(args)?;
        Kept::new(chapter(&report, args.quick), &report, long(&report))
    })
}

pub(super) fn measured(args: &StudyCache) -> anyhow::Result<Report> {
    let registry = Registry::new(&[]);
    let parse = |name: &String| name.trim().parse::<Kind>().map_err(|e| coded(USAGE, e.to_string()));
    let sizes = match (args.sizes.is_empty(), args.quick) {
        (true, true) => vec![4 * MIB],
        (true, false) => (0..12).map(|n| (4 * MIB) << n).collect(),
        (false, _) => args.sizes.clone(),
    };
    if sizes.contains(&0) {
        return Err(coded(USAGE, "a cache of no size holds nothing: --sizes takes sizes above 0"));
    }
    let requests = u32::try_from(args.requests).ok().filter(|n| *n > 0);
    let requests = requests.ok_or_else(|| coded(USAGE, "--requests must be between 1 and 4 billion"))?;
    let source = match args.trace.clone() {
        Some(path) => Source::Trace(path),
        None => Source::Generated { seed: args.seed, requests },
    };
    let options = Options {
        runtimes: super::runtimes(&registry, args.runtimes.as_deref(), args.quick)?,
        policies: args.policies.iter().map(parse).collect::<Result<_, _>>()?,
        sizes,
        repetitions: args.repetitions.unwrap_or(if args.quick { 3 } else { 10 }),
        budget: args.budget.map(Duration::from_secs_f64),
        clock: if args.cpu_time { Clock::Processor } else { Clock::Wall },
        seed: args.seed,
        source,
    };
    let bar = super::bar();
    let (shown, start) = (bar.clone(), Instant::now());
    let found = on_engine_stack(move || {
        study(&options, &registry, |done, all, cell| {
            interrupt::leave();
            let way = cell.guest.as_ref().map_or("native", |(id, _)| id.as_str());
            // Cells come in shuffled order, so those done stand for those to come.
            let left = start.elapsed().as_secs_f64() / done.max(1) as f64 * (all - done) as f64;
            let left = if done < 10 { String::new() } else { format!(", {} left", units::time(left * 1e9)) };
            let size = units::bytes(cell.capacity);
            shown.set_message(format!("{done}/{all}{left}: {} of {size} on {way}", cell.policy));
        })
    })?;
    bar.finish_and_clear();
    found.map_err(|e| super::failed(&e))
}

/// What was found, with the published figures beside it.
pub(super) fn chapter(report: &Report, quick: bool) -> Chapter {
    let mut chapter = Chapter {
        name: "cache".into(),
        title: "A web cache with its policy in a guest".into(),
        about: "A program that calls often: a web-cache simulator, natively and by every kind of call on every runtime. Cells are interleaved in shuffled order in every repetition; ratios are taken within a repetition; hits are the same everywhere, to the request.".into(),
        facts: super::facts(),
        source: Some("002".into()),
        claims: claims(report),
        ..Chapter::default()
    };
    if quick {
        chapter.reduced.push("cache".into());
        chapter.notes.push("a quick look: one size of cache, few runtimes, three repetitions".into());
    }
    for figure in figures(report) {
        chapter.add(&figure);
    }
    let (hits, bytes) = hit_rates(report);
    let words = "One line per policy over the size of the cache; the same natively and in every guest.";
    chapter.plots.extend(share_plot("Hit rate", words, &hits));
    chapter.plots.extend(share_plot("Byte hit rate", words, &bytes));
    chapter.tables.extend([rates(report), times(report), tables::promises(&report.promises)]);
    chapter.tables.extend(tables::absent(&report.absent));
    chapter
}

/// What the cache had: the same natively and in every guest.
fn rates(report: &Report) -> Table {
    let header = ["policy", "size", "hits", "of requests", "hit rate", "bytes hit", "byte hit rate"];
    let mut table = Table::new("What the cache had, natively and in every guest alike", &header);
    let share = |part: u64, whole: u64| match whole {
        0 => "–".to_owned(),
        _ => format!("{:.3} %", part as f64 / whole as f64 * 100.0),
    };
    for row in report.rows.iter().filter(|row| row.cell.guest.is_none()) {
        table.row(vec![
            row.cell.policy.into(),
            units::bytes(row.cell.capacity),
            row.hits.to_string(),
            row.requests.to_string(),
            share(row.hits, row.requests),
            row.hit_bytes.to_string(),
            share(row.hit_bytes, row.bytes),
        ]);
    }
    table.note(format!(
        "{} distinct documents; a document larger than the cache passes by it",
        report.documents
    ));
    table
}

fn way(row: &Row) -> (String, &'static str) {
    row.cell.guest.as_ref().map_or_else(|| ("native".into(), ""), |(id, abi)| (id.clone(), Abi::name(*abi)))
}

fn times(report: &Report) -> Table {
    let header =
        ["policy", "size", "runtime", "call", "median s", "±", "ns per request", "times native", "±"];
    let clock = match report.clock {
        Clock::Wall => "Time",
        Clock::Processor => "Processor time",
    };
    let title = format!("{clock} of all requests, host built for {}", report.host);
    let mut table = Table::new(title, &header).text_columns(&[2, 3]);
    for row in &report.rows {
        let (runtime, abi) = way(row);
        let (seconds, slowdown) = (&row.seconds, &row.slowdown);
        table.row(vec![
            row.cell.policy.into(),
            units::bytes(row.cell.capacity),
            runtime,
            abi.into(),
            tables::number(seconds.median),
            tables::half_width(seconds.median, seconds.median_interval),
            tables::number(seconds.median * 1e9 / row.requests as f64),
            tables::number(slowdown.median),
            tables::half_width(slowdown.median, slowdown.median_interval),
        ]);
    }
    table
}

/// One line per cell, counts as integers.
fn long(report: &Report) -> Table {
    let header = [
        "host",
        "policy",
        "capacity",
        "runtime",
        "abi",
        "requests",
        "hits",
        "bytes",
        "hit_bytes",
        "repetitions",
        "mean_s",
        "sd_s",
        "median_s",
        "slowdown",
    ];
    let mut table = Table::new("cache", &header);
    for row in &report.rows {
        let (runtime, abi) = way(row);
        table.row(vec![
            report.host.into(),
            row.cell.policy.into(),
            row.cell.capacity.to_string(),
            runtime,
            abi.into(),
            row.requests.to_string(),
            row.hits.to_string(),
            row.bytes.to_string(),
            row.hit_bytes.to_string(),
            row.seconds.n.to_string(),
            row.seconds.mean.to_string(),
            row.seconds.sd.map_or_else(String::new, |sd| sd.to_string()),
            row.seconds.median.to_string(),
            row.slowdown.median.to_string(),
        ]);
    }
    table
}
