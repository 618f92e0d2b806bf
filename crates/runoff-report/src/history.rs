//! The history and its trends, as text.

use std::fmt::Write as _;

use runoff_analysis::{Quantity, Trend};
use runoff_data::{HistoryEntry, units};
use runoff_stats::{CHANGE_LEVEL, Change};
use serde_json::{Value, json};

use crate::{Format, Table, escape};

/// What is in a history, the oldest first.
pub fn history_table(entries: &[HistoryEntry]) -> Table {
    let mut table =
        Table::new("Results kept", &["measured", "label", "file", "machine", "Runoff", "figures", "SHA-256"])
            .text_columns(&[1, 2, 3, 4, 6]);
    let mut order: Vec<&HistoryEntry> = entries.iter().collect();
    order.sort_by_key(|e| e.created_unix);
    for entry in order {
        let build = if entry.optimised_build { "" } else { " (debug build)" };
        table.row(vec![
            units::moment(entry.created_unix),
            entry.label.clone().unwrap_or_else(|| "–".into()),
            entry.file.clone(),
            entry.machine.key(),
            format!("{}{build}", entry.runoff_version),
            entry.cells.len().to_string(),
            entry.digest.chars().take(12).collect(),
        ]);
    }
    table
}

/// The same for programs.
pub fn history_json(entries: &[HistoryEntry]) -> Value {
    json!({ "schema_version": runoff_data::SCHEMA_VERSION, "entries": entries })
}

/// How cells moved, one a line.
pub fn trends_table(trends: &[Trend], tested: usize) -> Table {
    let mut table = rows(trends, "Cells over time, one machine a line");
    table.note(chance(tested));
    table
}

fn rows(trends: &[Trend], title: &str) -> Table {
    let header = [
        "workload",
        "runtime",
        "measure",
        "machine",
        "runs",
        "first",
        "latest",
        "course",
        "changes of level",
    ];
    let mut table = Table::new(title, &header).text_columns(&[1, 2, 3, 7, 8]);
    for trend in trends {
        let value = |v: f64| match trend.quantity() {
            Quantity::Time => units::time(v),
            Quantity::Size => units::bytes(v as u64),
            Quantity::Count => units::count(v),
        };
        let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else { continue };
        let changes: Vec<String> = trend.changes.iter().map(|c| change(trend, c)).collect();
        table.row(vec![
            trend.workload.clone(),
            trend.runtime.clone(),
            trend.measure.clone(),
            trend.machine.clone(),
            trend.points.len().to_string(),
            value(first.median),
            value(last.median),
            sparkline(trend),
            if changes.is_empty() { "–".into() } else { changes.join("; ") },
        ]);
    }
    table
}

/// `+12.0 % with abc123 (48.0.8 → 49.0.0)`.
fn change(trend: &Trend, change: &Change) -> String {
    let by = (change.ratio() - 1.0) * 100.0;
    let (Some(before), Some(at)) =
        (change.at.checked_sub(1).and_then(|i| trend.points.get(i)), trend.points.get(change.at))
    else {
        return format!("{by:+.1} %");
    };
    let version = if before.version == at.version {
        String::new()
    } else {
        format!(" ({} → {})", before.version, at.version)
    };
    format!("{by:+.1} % with {}{version}, {}", at.label, units::moment(at.created_unix))
}

/// The latest thirty runs as blocks of eight heights.
fn sparkline(trend: &Trend) -> String {
    let latest = &trend.points[trend.points.len().saturating_sub(30)..];
    let (low, high) = latest
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(low, high), p| (low.min(p.median), high.max(p.median)));
    // What differs by less than two per cent is a line, not a mountain.
    let span = (high - low).max(low * 0.02);
    let blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    latest.iter().map(|p| blocks[(((p.median - low) / span * 7.0).round() as usize).min(7)]).collect()
}

/// How many alarms chance alone would give.
fn chance(tested: usize) -> String {
    format!(
        "{tested} series tested at {:.0} %: about {} would show a change by chance. A change needs three runs after it.",
        CHANGE_LEVEL * 100.0,
        units::digits(tested as f64 * CHANGE_LEVEL)
    )
}

/// Trends as a comment on a change: what got worse first, then all that changed.
pub fn trends_comment(trends: &[Trend], tested: usize, limit: Option<f64>) -> String {
    let mut text = "### Benchmarks over time\n\n".to_owned();
    let changed: Vec<Trend> = trends.iter().filter(|t| !t.changes.is_empty()).cloned().collect();
    if let Some(limit) = limit {
        let worse: Vec<Trend> = trends.iter().filter(|t| t.worse_by(limit).is_some()).cloned().collect();
        let limit = format!("{:.1} %", limit * 100.0);
        // Writing to a string cannot fail.
        let _ = match worse.len() {
            0 => writeln!(text, "**No cell is on a level worse than its last one by more than {limit}.**"),
            n => writeln!(text, "**{n} on a level worse than the last one by more than {limit}:**"),
        };
        if !worse.is_empty() {
            let _ = write!(text, "\n#{}", rows(&worse, "Worse").render(Format::Markdown));
        }
    }
    let _ = writeln!(
        text,
        "\n{} of {tested} series changed their level. {}",
        changed.len(),
        escape::markdown(&chance(tested))
    );
    if !changed.is_empty() {
        let table = rows(&changed, "Changed").render(Format::Markdown);
        let _ = writeln!(text, "\n<details><summary>All that changed</summary>\n\n#{table}\n</details>");
    }
    text
}

/// Trends for programs; medians in nanoseconds, bytes or events of a call.
pub fn trends_json(trends: &[Trend]) -> Value {
    let list: Vec<Value> = trends
        .iter()
        .map(|t| {
            json!({
                "machine": t.machine, "workload": t.workload, "runtime": t.runtime, "measure": t.measure,
                "unit": t.quantity().unit(),
                "points": t.points.iter().map(|p| json!({
                    "created_unix": p.created_unix, "label": p.label, "version": p.version, "median": p.median,
                })).collect::<Vec<_>>(),
                "changes": t.changes.iter().map(|c| json!({
                    "at": c.at, "before": c.before, "after": c.after, "ratio": c.ratio(), "p": c.p,
                    "label": t.points.get(c.at).map(|p| p.label.clone()),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "schema_version": runoff_data::SCHEMA_VERSION, "level": CHANGE_LEVEL, "trends": list })
}

/// Every point of every series, one a line.
pub fn trends_long(trends: &[Trend]) -> Table {
    let header = [
        "machine",
        "workload",
        "runtime",
        "measure",
        "unit",
        "created_unix",
        "label",
        "version",
        "median",
        "new_level",
    ];
    let mut table = Table::new("", &header);
    for trend in trends {
        for (i, point) in trend.points.iter().enumerate() {
            let new = trend.changes.iter().any(|c| c.at == i);
            table.row(vec![
                trend.machine.clone(),
                trend.workload.clone(),
                trend.runtime.clone(),
                trend.measure.clone(),
                trend.quantity().unit().to_owned(),
                point.created_unix.to_string(),
                point.label.clone(),
                point.version.clone(),
                point.median.to_string(),
                if new { "yes" } else { "" }.to_owned(),
            ]);
        }
    }
    table
}
