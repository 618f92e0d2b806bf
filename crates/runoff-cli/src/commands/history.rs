//! `runoff history`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use runoff_analysis::{MEASURES, Trend, history_entry, trends};
use runoff_data::History as Store;
use runoff_report::{
    Format, history_json, history_table, trends_comment, trends_json, trends_long, trends_table,
};

use super::report::read;
use crate::args::{History, HistoryAdd, HistoryShow, HistoryTrend, OutputFormat};
use crate::exit::{self, USAGE, coded};
use crate::support::{home, output, subject};

pub(crate) fn history(command: &History) -> anyhow::Result<ExitCode> {
    match command {
        History::Add(args) => add(args),
        History::Show(args) => show(args),
        History::Trend(args) => trend(args),
    }
}

fn store(path: Option<&PathBuf>) -> anyhow::Result<Store> {
    Ok(Store::at(match path {
        Some(path) => path.clone(),
        None => home::home()?.join("history.jsonl"),
    }))
}

fn add(args: &HistoryAdd) -> anyhow::Result<ExitCode> {
    let store = store(args.store.as_ref())?;
    // All are read before the first is added: a wrong name adds nothing.
    let results = args.files.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    for (name, digest, result) in &results {
        let entry = history_entry(result, digest, name, args.label.as_deref(), now);
        if entry.cells.is_empty() {
            output::warn(&format!("{name}: nothing in it was measured, so there is nothing to keep"));
            continue;
        }
        if !entry.optimised_build {
            output::warn(&format!(
                "{name} was measured by a build without optimisation: it is kept, and left out of trends"
            ));
        }
        let said = if store.add(&entry)? {
            format!("{name}: {} figures added to {}\n", entry.cells.len(), store.path().display())
        } else {
            format!("{name}: it is in the history already\n")
        };
        output::print(&said)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn entries(path: Option<&PathBuf>) -> anyhow::Result<Vec<runoff_data::HistoryEntry>> {
    let store = store(path)?;
    let read = store.read()?;
    if read.torn {
        output::warn("the last line of the history was cut short and is left out");
    }
    if read.entries.is_empty() {
        let place = store.path().display();
        return Err(coded(
            USAGE,
            format!("{place} holds no results yet: add some with `runoff history add FILE`"),
        ));
    }
    Ok(read.entries)
}

fn show(args: &HistoryShow) -> anyhow::Result<ExitCode> {
    let entries = entries(args.store.as_ref())?;
    match args.format {
        OutputFormat::Json => output::json(&history_json(&entries))?,
        format => output::print(&history_table(&entries).render(output::format(format)))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn trend(args: &HistoryTrend) -> anyhow::Result<ExitCode> {
    if let Some(unknown) = args.measure.iter().find(|m| !MEASURES.contains(&m.as_str())) {
        return Err(coded(USAGE, format!("no measure `{unknown}`; there are {}", MEASURES.join(", "))));
    }
    let mut all = trends(&entries(args.store.as_ref())?);
    all.retain(|t| {
        args.workload.as_ref().is_none_or(|w| *w == t.workload)
            && args.runtime.as_ref().is_none_or(|r| subject::chosen(r, &t.runtime))
            && (args.measure.is_empty() || args.measure.contains(&t.measure))
    });
    if all.is_empty() {
        return Err(coded(USAGE, "the history holds no such cell"));
    }
    let tested = all.len();
    let failing: Vec<Trend> = match args.fail_above {
        Some(limit) => all.iter().filter(|t| t.worse_by(limit).is_some()).cloned().collect(),
        None => Vec::new(),
    };
    if args.changed {
        all.retain(|t| !t.changes.is_empty());
    }
    match args.format {
        OutputFormat::Json => output::json(&trends_json(&all))?,
        OutputFormat::Csv => output::print(&trends_long(&all).render(Format::Csv))?,
        OutputFormat::Md => output::print(&trends_comment(&all, tested, args.fail_above))?,
        OutputFormat::Table => output::print(&trends_table(&all, tested).render(Format::Table))?,
    }
    let Some(limit) = args.fail_above.filter(|_| !failing.is_empty()) else { return Ok(ExitCode::SUCCESS) };
    let lines: Vec<String> = failing
        .iter()
        .filter_map(|t| {
            let change = t.worse_by(limit)?;
            let point = t.points.get(change.at)?;
            let by = (change.ratio() - 1.0) * 100.0;
            Some(format!(
                "{} {} {}: {by:+.1} % since {} ({})",
                t.workload, t.runtime, t.measure, point.label, t.machine
            ))
        })
        .collect();
    output::warn(&format!("worse by more than {:.1} %:\n  {}", limit * 100.0, lines.join("\n  ")));
    Ok(ExitCode::from(exit::REGRESSION))
}
