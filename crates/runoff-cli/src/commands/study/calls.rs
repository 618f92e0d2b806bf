//! `runoff study calls`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use runoff_data::units;
use runoff_report::Table;
use runoff_runtimes::{Registry, on_engine_stack};
use runoff_study::calls::{External, Group, Options, PeerCommand, Report, Row, study};

use super::tables;
use crate::args::{OutputFormat, StudyCalls};
use crate::support::output;

pub(super) fn calls(args: StudyCalls) -> anyhow::Result<ExitCode> {
    let registry = Registry::new(&[]);
    let own = std::env::current_exe()?;
    let rivals = args.rivals.or_else(rivals);
    if rivals.is_none() {
        output::warn(
            "without Extism and the component model: `just rivals` builds the program that times them",
        );
    }
    let options = Options {
        runtimes: super::runtimes(&registry, &args.runtimes, args.quick)?,
        rounds: if args.quick { args.runs.min(7) } else { args.runs },
        calls: u32::try_from(args.calls).unwrap_or(u32::MAX).max(1),
        batch: Duration::from_secs_f64(if args.quick { args.batch.min(0.002) } else { args.batch }),
        seed: args.seed,
        peer: Some(PeerCommand(vec![own.into(), "study-peer".into()])),
        external: rivals.map(|program| External(vec![program.into()])),
    };
    let bar = super::bar();
    let shown = bar.clone();
    let found = on_engine_stack(move || {
        study(&options, &registry, |round, what| {
            shown.set_message(format!("round {} of {}: {what}", round + 1, options.rounds));
        })
    })?;
    bar.finish_and_clear();
    let report = found.map_err(|e| super::failed(&e))?;
    print(&report, args.format)?;
    Ok(ExitCode::SUCCESS)
}

/// `$RUNOFF_RIVALS`, or where `just rivals` leaves it.
fn rivals() -> Option<PathBuf> {
    if let Some(program) = std::env::var_os("RUNOFF_RIVALS") {
        return Some(program.into());
    }
    let own = std::env::current_exe().ok()?;
    let built = "studies/rivals/target/release/runoff-rivals";
    let places =
        own.ancestors().take(5).flat_map(|folder| [folder.join("runoff-rivals"), folder.join(built)]);
    places.into_iter().find(|place| place.is_file())
}

fn print(report: &Report, format: OutputFormat) -> anyhow::Result<()> {
    if let OutputFormat::Json = format {
        return Ok(output::json(&serde_json::to_value(report)?)?);
    }
    let how = output::format(format);
    if let OutputFormat::Csv = format {
        return Ok(output::print(&long(report).render(how))?);
    }
    let mut tables = vec![scripting(report)];
    tables.extend([
        grouped(report, Group::Typed, "Calls of the library"),
        grouped(report, Group::Batched, "Many records in one call"),
        grouped(report, Group::Payload, "Payloads"),
        grouped(report, Group::Back, "The guest calls the host"),
        grouped(report, Group::Alternative, "What else one could use"),
        tables::promises(&report.promises),
    ]);
    tables.extend(tables::absent(&report.absent));
    let parts: Vec<String> = tables.iter().filter(|t| !t.is_empty()).map(|t| t.render(how)).collect();
    Ok(output::print(&parts.join("\n"))?)
}

fn of(report: &Report, group: Group) -> impl Iterator<Item = &Row> {
    report.rows.iter().filter(move |row| row.key.group == group)
}

/// As the study reported them: seconds of 100,000 calls.
fn scripting(report: &Report) -> Table {
    let title = format!(
        "The scripting study's configurations, host built for {}: seconds of 100,000 calls",
        report.host
    );
    let header = ["configuration", "runtime", "mean", "sd", "95 %", "median", "95 %", "mean with compiling"];
    let mut table = Table::new(title, &header).text_columns(&[1]);
    for row in of(report, Group::Scripting) {
        let mut cells = vec![row.key.config.clone(), row.key.runtime.clone()];
        cells.extend(tables::cells(&row.ns, 1e-4));
        cells.push(row.with_compile.as_ref().map_or_else(|| "–".into(), |s| tables::number(s.mean)));
        table.row(cells);
    }
    table.note("done as naively as the study did; the library has no such calls");
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
        "with_compile_s",
    ];
    let mut table = Table::new("calls", &header);
    let text = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    for row in &report.rows {
        let ns = &row.ns;
        table.row(vec![
            report.host.into(),
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
            text(row.with_compile.as_ref().map(|s| s.mean)),
        ]);
    }
    table
}
