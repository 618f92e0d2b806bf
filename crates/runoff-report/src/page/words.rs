//! The summary in words, from verdicts and decisions.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use runoff_analysis::diff;
use runoff_data::{Phase, units};
use runoff_stats::{DEFAULT_MARGIN, MIN_PROCESSES, Verdict, median};

use super::{Report, Run, machine_name};
use crate::sentences;

/// Sentences about one run.
pub(crate) fn of_run(run: &Run, calls: &[u64]) -> Vec<String> {
    let mut lines = vec![measured(run)];
    lines.extend(overall(run));
    lines.extend(verdicts(run));
    lines.extend(winners(run, calls));
    lines.extend(drivers(run));
    lines.extend(failures(run));
    lines
}

fn plural(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

fn measured(run: &Run) -> String {
    let (header, result) = (&run.result.header, &run.result);
    let rounds = result.blocks.iter().map(|b| b.round + 1).max().unwrap_or(0) as usize;
    let time = result.end.as_ref().map_or(String::new(), |e| format!(" in {}", units::time(e.seconds * 1e9)));
    format!(
        "{} on {}, {}{time}, on {} ({}).",
        plural(header.plan.runtimes.len(), "runtime"),
        plural(header.plan.workloads.len(), "workload"),
        plural(rounds, "round"),
        machine_name(&header.machine),
        units::moment(header.created_unix)
    )
}

fn overall(run: &Run) -> Option<String> {
    let overview = &run.overview;
    let baseline = overview.baseline.as_ref()?;
    let others: Vec<_> = overview.overall.iter().filter(|o| o.runtime != *baseline).collect();
    let (first, last) = (others.first()?, others.last()?);
    let over = match overview.common.len() {
        0 => return None,
        1 => format!("On {}", overview.common[0]),
        n => format!("Over the {n} workloads every measured runtime ran (geometric mean)"),
    };
    let times = |o: &runoff_analysis::Overall| format!("{} times {baseline}", units::digits(o.call));
    let mut text = format!("{over}, a repeated call is quickest on {}: {}", first.runtime, times(first));
    // Writing to a string cannot fail.
    if others.len() > 2 {
        let _ = write!(text, "; then {}: {}", others[1].runtime, times(others[1]));
    }
    if others.len() > 1 {
        let _ = write!(text, "; slowest on {}: {}", last.runtime, times(last));
    }
    Some(text + ".")
}

/// How many cells are certainly faster, slower, the same, or undecided.
fn verdicts(run: &Run) -> Option<String> {
    let baseline = run.overview.baseline.as_ref()?;
    let all: Vec<Verdict> =
        run.overview.standings.iter().filter_map(|s| s.call.as_ref()).map(|c| c.verdict).collect();
    if all.is_empty() {
        return None;
    }
    let count = |v: Verdict| all.iter().filter(|x| **x == v).count();
    let names = |v: Verdict| {
        let list: Vec<String> = run
            .overview
            .standings
            .iter()
            .filter(|s| s.call.as_ref().is_some_and(|c| c.verdict == v))
            .map(|s| format!("{} on {}", s.runtime, s.workload))
            .collect();
        match list.as_slice() {
            [] => String::new(),
            few if few.len() <= 3 => format!(" ({})", few.join(", ")),
            [a, b, rest @ ..] => format!(" ({a}, {b} and {} more)", rest.len()),
            [_] => String::new(),
        }
    };
    Some(format!(
        "Repeated calls against {baseline}, of {}: {} certainly faster{}, {} certainly slower, {} equivalent within ±{:.0} %{}, {} unsure{}.",
        plural(all.len(), "comparison"),
        count(Verdict::Faster),
        names(Verdict::Faster),
        count(Verdict::Slower),
        count(Verdict::Equivalent),
        DEFAULT_MARGIN * 100.0,
        names(Verdict::Equivalent),
        count(Verdict::Unsure),
        names(Verdict::Unsure),
    ))
}

/// Who wins for how many calls: with few workloads one by one, else counted.
fn winners(run: &Run, calls: &[u64]) -> Vec<String> {
    let choices: Vec<_> = run.overview.choices.iter().filter(|c| c.decision.first.is_some()).collect();
    if choices.len() <= 3 {
        return choices
            .iter()
            .flat_map(|c| sentences(&c.decision).into_iter().map(move |s| format!("{}: {s}", c.workload)))
            .collect();
    }
    calls
        .iter()
        .map(|n| {
            // Per runtime: workloads it wins, and how many of them certainly.
            let mut wins: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
            for choice in &choices {
                let Some(winner) = choice.decision.winners.iter().find(|w| w.calls == *n) else { continue };
                let enough = choice
                    .candidates
                    .iter()
                    .find(|c| c.runtime == winner.runtime)
                    .is_some_and(|c| c.curves.len() >= MIN_PROCESSES);
                let entry = wins.entry(&winner.runtime).or_default();
                entry.0 += 1;
                entry.1 += usize::from(enough && winner.too_close.is_empty());
            }
            let mut ranked: Vec<_> = wins.into_iter().collect();
            ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
            let shown: Vec<String> = ranked
                .iter()
                .take(4)
                .map(|(name, (all, sure))| {
                    let sure = match sure {
                        0 => "none certainly".to_owned(),
                        n if n == all => "all certainly".to_owned(),
                        n => format!("{n} certainly"),
                    };
                    format!("{name} on {all} ({sure})")
                })
                .collect();
            let more = ranked.len().saturating_sub(4);
            let rest = if more > 0 { format!(" and {more} others") } else { String::new() };
            let of = if *n == 1 { "one call".into() } else { format!("{} calls", units::count(*n as f64)) };
            format!(
                "Cheapest for {of} from a standing start, of {}: {}{rest}.",
                plural(choices.len(), "workload"),
                shown.join(", ")
            )
        })
        .collect()
}

/// What no figure of starting up has in it: the start of the process, which differs where it is not Runoff's worker.
fn drivers(run: &Run) -> Option<String> {
    let planned = &run.result.header.plan.runtimes;
    let ready = |of: &dyn Fn(&str) -> bool| {
        let cells = run.overview.cells.iter().filter(|c| of(&c.runtime));
        let times: Vec<f64> =
            cells.filter_map(|c| c.phases.get(&Phase::Bootstrap)?.cold).map(|e| e.median).collect();
        median(&times)
    };
    let each: Vec<String> = planned
        .iter()
        .filter(|r| r.driver)
        .filter_map(|r| Some(format!("{} {}", r.id, units::time(ready(&|id| id == r.id.as_str())?))))
        .collect();
    if each.is_empty() {
        return None;
    }
    let worker = ready(&|id| planned.iter().any(|r| !r.driver && r.id.as_str() == id));
    let worker =
        worker.map_or_else(String::new, |ns| format!("; Runoff's own worker takes {}", units::time(ns)));
    Some(format!(
        "Starting the process is in no figure but the phase `bootstrap`. Drivers are programs of their own: until they are ready, {} pass{worker}.",
        each.join(", ")
    ))
}

/// What failed and why, the most frequent first.
fn failures(run: &Run) -> Vec<String> {
    let mut reasons: BTreeMap<(&str, &str), Vec<(&str, &str)>> = BTreeMap::new();
    let mut cells = 0;
    for cell in &run.overview.cells {
        if cell.failures().next().is_none() {
            continue;
        }
        cells += 1;
        for (_, kind, reason, _) in cell.failures() {
            let list = reasons.entry((kind, reason)).or_default();
            if !list.contains(&(&cell.runtime, &cell.workload)) {
                list.push((&cell.runtime, &cell.workload));
            }
        }
    }
    if cells == 0 {
        return Vec::new();
    }
    let mut ranked: Vec<_> = reasons.into_iter().collect();
    ranked.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
    let total = ranked.len();
    let mut lines = vec![format!(
        "{} of {} had a problem; most frequent first (all in the table of problems):",
        plural(cells, "cell"),
        run.overview.cells.len()
    )];
    lines.extend(ranked.into_iter().take(4).map(|((kind, reason), list)| {
        let (runtime, workload) = list[0];
        let more = if list.len() > 1 { format!(" and {} more", list.len() - 1) } else { String::new() };
        let reason: String = reason.chars().take(160).collect();
        format!("{runtime} on {workload}{more}: {kind} – {reason}")
    }));
    if total > 4 {
        lines.push(format!("… and {} other reasons.", total - 4));
    }
    lines
}

/// Sentences about runs side by side.
pub(crate) fn between(report: &Report) -> Vec<String> {
    let Some((first, others)) = report.runs.split_first() else { return Vec::new() };
    others.iter().map(|other| pair(first, other, &report.calls)).collect()
}

fn pair(a: &Run, b: &Run, calls: &[u64]) -> String {
    let same = a.result.header.machine.key() == b.result.header.machine.key();
    if same {
        let rows = diff(&a.result, &b.result, DEFAULT_MARGIN);
        let of = |verdict: Verdict| {
            rows.iter().filter(|r| r.comparison.as_ref().is_ok_and(|c| c.verdict == verdict)).count()
        };
        return format!(
            "{} against {} (the same machine): {} measures faster, smaller or fewer, {} slower, larger or more, {} equivalent, {} unsure, {} no longer measured.",
            b.label,
            a.label,
            of(Verdict::Faster),
            of(Verdict::Slower),
            of(Verdict::Equivalent),
            of(Verdict::Unsure),
            rows.iter().filter(|r| r.lost).count()
        );
    }
    let parts: Vec<String> = calls
        .iter()
        .map(|n| {
            let winner = |run: &Run, workload: &str| {
                let choice = run.overview.choices.iter().find(|c| c.workload == workload)?;
                choice.decision.winners.iter().find(|w| w.calls == *n).map(|w| w.runtime.clone())
            };
            let both: Vec<_> = a
                .overview
                .choices
                .iter()
                .filter_map(|c| Some((winner(a, &c.workload)?, winner(b, &c.workload)?)))
                .collect();
            let agree = both.iter().filter(|(x, y)| x == y).count();
            let of = if *n == 1 { "one call".into() } else { format!("{} calls", units::count(*n as f64)) };
            format!("{agree} of {} for {of}", both.len())
        })
        .collect();
    format!(
        "{} and {} are different machines; the same runtime is the cheapest on {} workloads.",
        a.label,
        b.label,
        parts.join(", ")
    )
}
