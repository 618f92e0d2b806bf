//! `runoff study cache`

use std::fs;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use runoff_data::units;
use runoff_guest_cache::Kind;
use runoff_report::Table;
use runoff_runtimes::{Registry, on_engine_stack};
use runoff_study::cache::{Abi, Clock, Options, Report, Row, Source, plots, study};

use super::tables;
use crate::args::{OutputFormat, StudyCache};
use crate::exit::{USAGE, coded};
use crate::support::output;

const MIB: u64 = 1 << 20;

pub(super) fn cache(args: &StudyCache) -> anyhow::Result<ExitCode> {
    let registry = Registry::new(&[]);
    let parse = |name: &String| name.trim().parse::<Kind>().map_err(|e| coded(USAGE, e.to_string()));
    let sizes = match (args.sizes.is_empty(), args.quick) {
        (true, true) => vec![4 * MIB],
        (true, false) => (0..12).map(|n| (4 * MIB) << n).collect(),
        (false, _) => args.sizes.clone(),
    };
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
        repetitions: if args.quick { args.repetitions.min(3) } else { args.repetitions },
        budget: args.budget.map(Duration::from_secs_f64),
        clock: if args.cpu_time { Clock::Processor } else { Clock::Wall },
        seed: args.seed,
        source,
    };
    let bar = super::bar();
    let (shown, start) = (bar.clone(), Instant::now());
    let found = on_engine_stack(move || {
        study(&options, &registry, |done, all, cell| {
            let way = cell.guest.as_ref().map_or("native", |(id, _)| id.as_str());
            // Cells come in shuffled order, so those done stand for those to come.
            let left = start.elapsed().as_secs_f64() / done.max(1) as f64 * (all - done) as f64;
            let left = if done < 10 { String::new() } else { format!(", {} left", units::time(left * 1e9)) };
            let size = units::bytes(cell.capacity);
            shown.set_message(format!("{done}/{all}{left}: {} of {size} on {way}", cell.policy));
        })
    })?;
    bar.finish_and_clear();
    let report = found.map_err(|e| super::failed(&e))?;
    if let Some(folder) = &args.plots {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for (name, text) in plots(&report) {
            let path = folder.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    print(&report, args.format)?;
    Ok(ExitCode::SUCCESS)
}

fn print(report: &Report, format: OutputFormat) -> anyhow::Result<()> {
    if let OutputFormat::Json = format {
        return Ok(output::json(&serde_json::to_value(report)?)?);
    }
    let how = output::format(format);
    if let OutputFormat::Csv = format {
        return Ok(output::print(&long(report).render(how))?);
    }
    let mut tables = vec![rates(report), times(report), tables::promises(&report.promises)];
    tables.extend(tables::absent(&report.absent));
    let parts: Vec<String> = tables.iter().filter(|t| !t.is_empty()).map(|t| t.render(how)).collect();
    Ok(output::print(&parts.join("\n"))?)
}

/// What the cache had: the same natively and in every guest.
fn rates(report: &Report) -> Table {
    let header = ["policy", "size", "hits", "of requests", "hit rate", "bytes hit", "byte hit rate"];
    let mut table = Table::new("What the cache had, natively and in every guest alike", &header);
    let share = |part: u64, whole: u64| format!("{:.3} %", part as f64 / whole as f64 * 100.0);
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
