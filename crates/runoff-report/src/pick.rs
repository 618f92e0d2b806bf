//! Decisions as text.

use std::fmt::Write as _;

use runoff_data::units;
use runoff_pick::{BreakEven, Candidate, Decision};
use runoff_stats::{MIN_PROCESSES, Verdict};
use serde_json::{Value, json};

use crate::{Format, Table, explain};

/// "Use X up to n calls, then Y": what can be recommended, as sentences.
pub fn sentences(decision: &Decision) -> Vec<String> {
    let advice = &decision.advice;
    let Some(first) = &advice.first else { return vec!["No runtime is left to choose from.".into()] };
    let mut text = format!("Use {first}");
    for step in &advice.steps {
        // Writing to a string cannot fail.
        let last = calls(step.calls.saturating_sub(1));
        let range = if step.calls == 2 { format!(" for {last}") } else { format!(" up to {last}") };
        let _ = write!(text, "{range}, then {}", step.after);
    }
    if advice.steps.is_empty() {
        text += " for any number of calls";
    }
    let few = advice.too_few_rounds.map(|rounds| {
        let rounds = if rounds == 1 { "1 round is".to_owned() } else { format!("{rounds} rounds are") };
        format!("{rounds} too few to recommend anything; the medians so far say:")
    });
    few.into_iter().chain([text + "."]).chain(unsettled(decision)).collect()
}

/// Runtimes with the lowest median somewhere that the advice leaves out, for it is not certain there.
fn unsettled(decision: &Decision) -> Vec<String> {
    let advised = |runtime: &str| {
        decision.advice.first.as_deref() == Some(runtime)
            || decision.advice.steps.iter().any(|s| s.after == runtime)
    };
    let ends = decision.break_evens.iter().map(|s| Some(s.calls)).chain([None]);
    let names = decision.first.iter().chain(decision.break_evens.iter().map(|s| &s.after));
    let mut from = 1;
    let mut lines = Vec::new();
    for (name, end) in names.zip(ends) {
        if !advised(name) {
            let range = match end {
                None => format!("from {} on", calls(from)),
                Some(end) if end == from + 1 => format!("for {}", calls(from)),
                Some(end) => {
                    let to = calls(end - 1);
                    if from == 1 {
                        format!("up to {to}")
                    } else {
                        format!("from {} to {to}", units::count(from as f64))
                    }
                }
            };
            lines.push(format!("Too close to call: {name} had the lowest median {range}."));
        }
        from = end.unwrap_or(from);
    }
    lines
}

/// What whoever follows the advice must know of the runtimes it names.
fn cautions(decision: &Decision, candidates: &[Candidate]) -> impl Iterator<Item = String> {
    let named = |runtime: &str| {
        decision.advice.first.as_deref() == Some(runtime)
            || decision.winners.iter().any(|w| w.runtime == runtime)
            || decision.advice.steps.iter().any(|b| b.after == runtime)
    };
    candidates.iter().filter(move |c| named(&c.runtime)).flat_map(|c| {
        let licence = c.restriction.as_ref().map(|restriction| {
            format!("Mind the licence of {}: {restriction} (--production leaves it out)", c.runtime)
        });
        let process = c.own_process_ns.map(|ns| {
            format!(
                "{} is a process of its own: starting it took {}, which is not counted",
                c.runtime,
                units::time(ns)
            )
        });
        licence.into_iter().chain(process)
    })
}

/// The first three names and how many more there are.
fn shortened(names: &[String]) -> String {
    match names {
        [a, b, c, rest @ ..] if rest.len() > 1 => format!("{a}, {b}, {c} and {} more", rest.len()),
        all => all.join(", "),
    }
}

/// Runtimes left out, put together where the reason is the same.
fn by_reason(decision: &Decision) -> Vec<(&str, Vec<&str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for excluded in &decision.excluded {
        match groups.iter_mut().find(|(reason, _)| *reason == excluded.reason) {
            Some((_, runtimes)) => runtimes.push(&excluded.runtime),
            None => groups.push((&excluded.reason, vec![&excluded.runtime])),
        }
    }
    groups
}

fn calls(n: u64) -> String {
    if n == 1 { "1 call".into() } else { format!("{} calls", units::count(n as f64)) }
}

/// The whole decision.
pub fn pick_text(decision: &Decision, candidates: &[Candidate], explain: bool, format: Format) -> String {
    let mut winners = Table::new(
        "Winner per number of calls, from bytes to the last result (a fresh process adds the engine's init)",
        &["calls", "runtime", "time", "next best", "next / winner [99 %]", "certain?"],
    )
    .text_columns(&[1, 3, 5]);
    for winner in &decision.winners {
        let (next, ratio, certain) = match &winner.next {
            None => ("–".into(), "–".into(), "the only one left".into()),
            Some((name, comparison)) => {
                // Of two or three processes the interval spans orders of magnitude and says only that.
                let enough = comparison.processes.0.min(comparison.processes.1) >= MIN_PROCESSES;
                let interval = comparison
                    .verdict_interval
                    .filter(|_| enough)
                    .map_or(String::new(), |(l, h)| format!(" [{l:.2}, {h:.2}]"));
                let certain = if winner.too_close.is_empty() {
                    "yes".to_owned()
                } else if enough && winner.too_close.contains(name) {
                    format!("too close to call: {}", shortened(&winner.too_close))
                } else if enough {
                    // The runner-up is beaten; somebody behind it varies too much to be sure of.
                    format!("yes, but for {}, which varies too much", shortened(&winner.too_close))
                } else {
                    format!("too few rounds to call ({} of at least {MIN_PROCESSES})", comparison.processes.0)
                };
                (name.clone(), format!("{:.2}{interval}", comparison.ratio), certain)
            }
        };
        winners.row(vec![
            units::count(winner.calls as f64),
            winner.runtime.clone(),
            units::time(winner.total_ns),
            next,
            ratio,
            certain,
        ]);
    }
    let mut parts = Vec::new();
    if !decision.winners.is_empty() {
        parts.push(winners.render(format));
    }
    parts.push(sentences(decision).join("\n") + "\n");
    parts.extend(cautions(decision, candidates).map(|line| line + "\n"));
    if !decision.advice.steps.is_empty() {
        let mut table =
            Table::new("Break-even points", &["from", "to", "calls", "95 % interval"]).text_columns(&[1]);
        for step in &decision.advice.steps {
            let interval = match step.interval {
                Some((low, Some(high))) => format!("{low} – {high}"),
                Some((low, None)) => format!("{low} or more, if ever"),
                None => "too few rounds".into(),
            };
            table.row(vec![step.before.clone(), step.after.clone(), step.calls.to_string(), interval]);
        }
        parts.push(table.render(format));
    }
    if !decision.excluded.is_empty() {
        let mut table = Table::new("Not considered", &["runtime", "reason"]).text_columns(&[1]);
        for (reason, runtimes) in by_reason(decision) {
            let all =
                decision.first.is_none() && runtimes.len() == decision.excluded.len() && runtimes.len() > 1;
            table.row(vec![if all { "all".into() } else { runtimes.join(", ") }, reason.to_owned()]);
        }
        parts.push(table.render(format));
    }
    if explain {
        parts.push(explain::sums(decision, candidates).render(format));
        if !decision.break_evens.is_empty() {
            parts.push(explain::crossings(decision, candidates).render(format));
        }
    }
    parts.join("\n")
}

/// The decision for programs; times in nanoseconds.
pub fn pick_json(decision: &Decision) -> Value {
    json!({
        "schema_version": runoff_data::SCHEMA_VERSION,
        "winners": decision.winners.iter().map(|w| json!({
            "calls": w.calls,
            "runtime": w.runtime,
            "total_ns": w.total_ns,
            "interval_95_ns": w.interval,
            "too_close_to_call": w.too_close,
            "next": w.next.as_ref().map(|(name, c)| json!({
                "runtime": name, "ratio": c.ratio, "interval_95": c.interval,
                "interval_99": c.verdict_interval, "p": c.p,
                "certain": c.verdict == Verdict::Slower,
            })),
        })).collect::<Vec<_>>(),
        "advice": {
            "first": decision.advice.first,
            "steps": steps(&decision.advice.steps),
            "too_few_rounds": decision.advice.too_few_rounds,
        },
        "envelope": { "first": decision.first, "steps": steps(&decision.break_evens) },
        "excluded": decision.excluded.iter().map(|e| json!({
            "runtime": e.runtime, "reason": e.reason,
        })).collect::<Vec<_>>(),
    })
}

fn steps(list: &[BreakEven]) -> Vec<Value> {
    list.iter()
        .map(|b| json!({ "before": b.before, "after": b.after, "calls": b.calls, "interval_95": b.interval }))
        .collect()
}
