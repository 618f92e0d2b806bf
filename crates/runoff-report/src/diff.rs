//! Results compared, as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use runoff_analysis::CellDiff;
use runoff_data::{PlannedWorkload, ResultFile};
use serde_json::{Value, json};

use crate::{Format, Table, escape};

/// What must be known before two results are compared: other machines, engine versions, modules, work, builds.
pub fn diff_notes(old: &ResultFile, new: &ResultFile) -> Vec<String> {
    let mut notes = Vec::new();
    let (then, now) = (&old.header, &new.header);
    if then.machine.key() != now.machine.key() {
        notes.push(format!(
            "the results come from different machines, so the times compare those: {} and {}",
            then.machine.key(),
            now.machine.key()
        ));
    }
    if !then.optimised_build || !now.optimised_build {
        notes.push("one of the results was measured by a build without optimisation".into());
    }
    if then.runoff_version != now.runoff_version {
        notes.push(format!("measured by Runoff {} and {}", then.runoff_version, now.runoff_version));
    }
    for runtime in &then.plan.runtimes {
        let Some(other) = now.plan.runtimes.iter().find(|r| r.id == runtime.id) else { continue };
        if other.identity.version != runtime.identity.version {
            notes.push(format!(
                "{}: version {}, then {}",
                runtime.id, runtime.identity.version, other.identity.version
            ));
        } else if other.identity.flags != runtime.identity.flags
            || other.identity.features != runtime.identity.features
        {
            notes.push(format!("{} was built or set up differently in the two results", runtime.id));
        }
    }
    for workload in &then.plan.workloads {
        let Some(other) = now.plan.workloads.iter().find(|w| w.name == workload.name) else { continue };
        if other.sha256 != workload.sha256 {
            notes.push(format!("{} is not the same module in both results", workload.name));
        }
        let work = |w: &PlannedWorkload| {
            (w.invoke.clone(), w.args.clone(), w.stdin.clone(), w.dirs.clone(), w.env.clone())
        };
        if work(other) != work(workload) {
            notes.push(format!(
                "{} does different work in the two results ({} and {}): its ratios compare that",
                workload.name,
                workload.call_text(),
                other.call_text()
            ));
        }
    }
    notes
}

/// How many cells got faster, slower … in a sentence.
pub fn diff_counts(rows: &[CellDiff]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let word = if row.lost { "lost" } else { row.verdict().unwrap_or("not comparable") };
        *counts.entry(word).or_default() += 1;
    }
    let order = [
        "slower",
        "larger",
        "more",
        "lost",
        "faster",
        "smaller",
        "fewer",
        "equivalent",
        "unsure",
        "not comparable",
    ];
    let parts: Vec<String> = order.iter().filter_map(|w| counts.get(w).map(|n| format!("{n} {w}"))).collect();
    if parts.is_empty() { "nothing to compare".into() } else { parts.join(", ") }
}

/// The comparison as a table; `against` names the base when there are several to tell apart.
pub fn diff_tables(rows: &[CellDiff], title: Option<&str>) -> Table {
    let title =
        title.unwrap_or("Second result against the first (ratio below 1 is faster, smaller or fewer)");
    let mut table = Table::new(
        title,
        &["workload", "runtime", "measure", "ratio", "99 % interval", "p", "verdict", "why"],
    )
    .text_columns(&[1, 2, 6, 7]);
    for row in rows {
        let mut cells = vec![row.workload.clone(), row.runtime.clone(), row.measure.to_owned()];
        match &row.comparison {
            Ok(c) => {
                let interval =
                    c.verdict_interval.map_or_else(|| "–".into(), |(l, h)| format!("{l:.3} – {h:.3}"));
                cells.extend([
                    format!("{:.3}", c.ratio),
                    interval,
                    format!("{:.4}", c.p),
                    row.verdict().unwrap_or_default().to_owned(),
                    c.why.clone(),
                ]);
            }
            Err(reason) => {
                cells.extend(["–", "–", "–", "–"].map(str::to_owned));
                cells.push(reason.clone());
            }
        }
        table.row(cells);
    }
    table
}

/// A comparison as a comment on a change: counts first, then what is certainly different, the rest folded away.
pub fn diff_comment(names: (&str, &str), rows: &[CellDiff], notes: &[String], limit: Option<f64>) -> String {
    let regressed: Vec<&CellDiff> = match limit {
        Some(limit) => rows.iter().filter(|r| r.regressed(limit)).collect(),
        None => Vec::new(),
    };
    let (base, new) = (escape::markdown(names.0), escape::markdown(names.1));
    let mut text = format!("### {new} against {base}\n\n");
    // Writing to a string cannot fail.
    if let Some(limit) = limit {
        let limit = format!("{:.1} %", limit * 100.0);
        let _ = match regressed.len() {
            0 => writeln!(text, "**Nothing certainly worse by more than {limit}.**\n"),
            n => writeln!(text, "**{n} certainly worse by more than {limit}, or lost.**\n"),
        };
    }
    let _ = writeln!(text, "{}.", diff_counts(rows));
    if !notes.is_empty() {
        let _ = writeln!(text);
    }
    for note in notes {
        let _ = writeln!(text, "- Mind: {}", escape::markdown(note));
    }
    let certain = |r: &&CellDiff| {
        r.lost || matches!(r.verdict(), Some("faster" | "slower" | "smaller" | "larger" | "fewer" | "more"))
    };
    let mut changed: Vec<CellDiff> = rows.iter().filter(certain).cloned().collect();
    let size = |r: &CellDiff| r.comparison.as_ref().map_or(f64::INFINITY, |c| c.ratio);
    changed.sort_by(|a, b| size(b).total_cmp(&size(a)));
    if !changed.is_empty() {
        let table =
            diff_tables(&changed, Some("Certainly different, the worst first")).render(Format::Markdown);
        let _ = write!(text, "\n#{table}");
    }
    let all = diff_tables(rows, Some("All cells")).render(Format::Markdown);
    let _ =
        writeln!(text, "\n<details><summary>All {} comparisons</summary>\n\n#{all}\n</details>", rows.len());
    text
}

/// The comparison for programs.
pub fn diff_json(rows: &[CellDiff]) -> Value {
    json!(rows.iter().map(|r| match &r.comparison {
        Ok(c) => json!({
            "workload": r.workload, "runtime": r.runtime, "measure": r.measure, "ratio": c.ratio,
            "unit": r.quantity().unit(),
            "interval_95": c.interval, "interval_99": c.verdict_interval, "p": c.p, "shift": c.shift,
            "verdict": r.verdict(), "why": c.why,
        }),
        Err(reason) => json!({
            "workload": r.workload, "runtime": r.runtime, "measure": r.measure, "reason": reason, "lost": r.lost,
        }),
    }).collect::<Vec<_>>())
}
