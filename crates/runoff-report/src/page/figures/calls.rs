//! Time over numbers of calls.

use runoff_analysis::Choice;
use runoff_data::units;
use runoff_pick::Candidate;

use crate::grid::{Datum, Grid};
use crate::plot::{Growth, Line, Mark, Plot, lines};

/// 1, 2, 5, 10 … up to `end`.
fn round_numbers(end: u64) -> Vec<u64> {
    let powers = (0..18).map(|p| 10_u64.pow(p));
    powers.flat_map(|p| [p, 2 * p, 5 * p]).take_while(|n| *n <= end).collect()
}

/// Runtimes on the envelope, once each, the first call's first.
fn cheapest_somewhere(choice: &Choice) -> Vec<&str> {
    let decision = &choice.decision;
    let first = decision.first.iter().map(String::as_str);
    let mut named: Vec<&str> = Vec::new();
    for name in first.chain(decision.break_evens.iter().map(|b| b.after.as_str())) {
        if !named.contains(&name) {
            named.push(name);
        }
    }
    named
}

pub(super) fn envelope(workload: &str, choice: &Choice) -> Option<Plot> {
    let decision = &choice.decision;
    let left: Vec<&Candidate> = choice.candidates.iter().filter(|c| !c.curves.is_empty()).collect();
    let last = decision.break_evens.last().map_or(1, |b| b.calls);
    let end = last.saturating_mul(10).clamp(1_000_000, 1_000_000_000);
    let named = cheapest_somewhere(choice);
    let points = round_numbers(end);
    let drawn: Vec<Line> = left
        .iter()
        .map(|c| Line {
            name: c.runtime.clone(),
            // Seven colours; the eighth is the grey of marks.
            colour: named.iter().position(|n| *n == c.runtime).map(|i| i % 7),
            points: points.iter().map(|n| (*n as f64, c.median_total(*n))).collect(),
        })
        .collect();
    let marks: Vec<Mark> = decision
        .break_evens
        .iter()
        .filter_map(|b| {
            let after = left.iter().find(|c| c.runtime == b.after)?;
            Some(Mark {
                x: b.calls as f64,
                y: after.median_total(b.calls),
                label: units::count(b.calls as f64),
            })
        })
        .collect();
    let asked = [1_u64, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
    let columns: Vec<String> = std::iter::once("runtime".to_owned())
        .chain(asked.iter().map(|n| {
            let calls = units::count(*n as f64);
            if *n == 1 { format!("#{calls} call") } else { format!("#{calls} calls") }
        }))
        .chain(["cheapest from".to_owned()])
        .collect();
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut grid = Grid::new(format!("{workload}: time from bytes to the end of so many calls"), &names);
    for c in &left {
        let mut row = vec![Datum::text(&c.runtime)];
        row.extend(asked.iter().map(|n| Datum::time(Some(c.median_total(*n)))));
        let from = decision.break_evens.iter().find(|b| b.after == c.runtime);
        row.push(match from {
            _ if decision.first.as_ref() == Some(&c.runtime) => Datum::text("the first call"),
            Some(b) => Datum::text(format!(
                "{} calls{}",
                b.calls,
                match b.interval {
                    Some((low, Some(high))) => format!(" (95 %: {low} – {high})"),
                    Some((low, None)) => format!(" (95 %: {low} or more, if ever)"),
                    None => String::new(),
                }
            )),
            None => Datum::text("–"),
        });
        grid.row(row);
    }
    lines(
        (
            "envelope",
            format!("{workload}: calls and cumulative time"),
            "One line per runtime: start-up plus so many calls. The coloured ones are the cheapest somewhere; dashed lines mark where the cheapest changes.".into(),
        ),
        &drawn,
        &marks,
        (&units::count, &units::time),
        ("calls", "cumulative time, start-up included", Growth::Log),
        grid,
    )
}

pub(super) fn curve(workload: &str, choice: &Choice) -> Option<Plot> {
    let left: Vec<&Candidate> = choice.candidates.iter().filter(|c| !c.curves.is_empty()).collect();
    let mut drawn = Vec::new();
    let mut grid = Grid::new(
        format!("{workload}: mean time per call of the first n calls on a fresh instance, as measured"),
        &["runtime", "#n = 1", "#n = 10", "#n = 100", "#n = 1000", "#steady call"],
    );
    let named = cheapest_somewhere(choice);
    for candidate in &left {
        let measured = candidate.measured_calls();
        let mean = |n: u64| candidate.median_calls(n) / n as f64;
        let at = |n: u64| measured.contains(&n).then(|| mean(n));
        let mut row = vec![Datum::text(&candidate.runtime)];
        row.extend([1, 10, 100, 1000].map(|n| Datum::time(at(n))));
        let steady = candidate.median_steady();
        row.push(Datum::time(steady.is_finite().then_some(steady)));
        grid.row(row);
        drawn.push(Line {
            name: candidate.runtime.clone(),
            // The same colours as in the envelope, so that a runtime is followed from one to the other.
            colour: named.iter().position(|n| *n == candidate.runtime).map(|i| i % 7),
            points: measured.iter().map(|n| (*n as f64, mean(*n))).collect(),
        });
    }
    // A curve of one point is no curve.
    drawn.retain(|l| l.points.len() > 1);
    lines(
        (
            "curve",
            format!("{workload}: measured curve"),
            "One line per runtime: the mean time of the first n calls, T(n)/n. What falls translates lazily or gets faster while it runs. The coloured ones are the cheapest somewhere.".into(),
        ),
        &drawn,
        &[],
        (&units::count, &units::time),
        ("calls n", "T(n) / n", Growth::Log),
        grid.without_empty_columns(),
    )
}
