//! Judging claims.

use std::collections::BTreeMap;

use runoff_analysis::CellSummary;
use runoff_data::{ResultFile, units};
use serde::{Deserialize, Serialize};

use crate::counted::{Remark, remark};
use crate::{ClaimSpec, Measure, Operand, Ratio, Results, Rule, Value};

/// What a rule says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval is on the claim's side.
    Holds,
    /// The whole interval is on the other.
    NoLongerHolds,
    /// It reaches over the limit.
    Unsure,
    /// What it speaks of was not measured.
    NotMeasured,
}

impl Verdict {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::NoLongerHolds => "no longer holds",
            Self::Unsure => "unsure",
            Self::NotMeasured => "not measured",
        }
    }

    /// So many of it: `1 holds`, `24 hold`.
    pub fn counted(self, n: usize) -> String {
        let name = match self {
            Self::Holds if n != 1 => "hold",
            Self::NoLongerHolds if n != 1 => "no longer hold",
            other => other.name(),
        };
        format!("{n} {name}")
    }

    /// Where a range, lowest and highest, lies with respect to limits.
    pub fn within((low, high): (f64, f64), above: Option<f64>, below: Option<f64>) -> Self {
        let inside = above.is_none_or(|x| low > x) && below.is_none_or(|x| high < x);
        let outside = above.is_some_and(|x| high < x) || below.is_some_and(|x| low > x);
        match (inside, outside) {
            (true, _) => Self::Holds,
            (_, true) => Self::NoLongerHolds,
            _ => Self::Unsure,
        }
    }
}

/// A judged claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Where it stands.
    pub place: String,
    /// What is claimed.
    pub says: String,
    /// The rule, for people.
    pub rule: String,
    /// What was found.
    pub found: String,
    /// What follows.
    pub verdict: Verdict,
}

/// Judges a claim by its rule.
pub fn judge(claim: &ClaimSpec, results: &Results) -> Judged {
    let summary = results.summary(&claim.run);
    let (result, cells) = (summary.map(|(result, _)| result), summary.map_or(&[][..], |(_, cells)| cells));
    let (rule, mut found, verdict) = match &claim.rule {
        Rule::Ratio { left, right, below, above, workloads } => {
            ratio(cells, left, right, (*above, *below), workloads)
        }
        Rule::NoWinner { measure, runtimes } => no_winner(cells, *measure, runtimes),
    };
    let measure = match &claim.rule {
        Rule::Ratio { left, .. } => left.measure,
        Rule::NoWinner { measure, .. } => *measure,
    };
    if verdict == Verdict::NotMeasured {
        let sides = match &claim.rule {
            Rule::Ratio { left, right, .. } => vec![left.runtime.as_str(), right.runtime.as_str()],
            Rule::NoWinner { .. } => Vec::new(),
        };
        found = reason(result, &sides);
    }
    match result.and_then(|result| remark(measure, result, cells)) {
        Some(Remark::Absent(reason)) if verdict == Verdict::NotMeasured => found = reason,
        Some(_) if verdict == Verdict::NotMeasured => found = "a count is zero, or absent".into(),
        // What the model is, is told with the figures.
        Some(Remark::Simulated(_)) => found.push_str(", simulated"),
        _ => {}
    }
    Judged { place: claim.place.clone(), says: claim.says.clone(), rule, found, verdict }
}

/// Why what a claim speaks of was not measured.
fn reason(result: Option<&ResultFile>, runtimes: &[&str]) -> String {
    let Some(result) = result else { return "its run has no results".into() };
    for id in runtimes {
        if !result.header.plan.runtimes.iter().any(|r| r.id.as_str() == *id) {
            return format!("{id} was not there");
        }
        let own = || result.blocks.iter().filter(|b| b.runtime.as_str() == *id);
        if own().all(|b| !b.status.is_ok())
            && let Some((status, why)) = own().find_map(|b| b.status.problem())
        {
            return format!("{id}: {status}, {why}");
        }
    }
    "not part of what was measured".into()
}

fn ratio(
    cells: &[CellSummary],
    left: &Operand,
    right: &Operand,
    (above, below): (Option<f64>, Option<f64>),
    workloads: &[String],
) -> (String, String, Verdict) {
    let limit = |word: &str, limit: Option<f64>| limit.map(|x| format!("{word} {}", units::digits(x)));
    let limits: Vec<String> = [limit("above", above), limit("below", below)].into_iter().flatten().collect();
    let rule = format!("{} / {} {}", operand(left), operand(right), limits.join(" and "));
    let (left, right) = (values(cells, left, workloads), values(cells, right, workloads));
    let pairs: Vec<(Value, Value)> =
        left.iter().filter_map(|(name, value)| Some((*value, *right.get(name)?))).collect();
    let Some(ratio) = Ratio::of(&pairs) else {
        return (rule, "–".into(), Verdict::NotMeasured);
    };
    let verdict = ratio.interval.map_or(Verdict::Unsure, |range| Verdict::within(range, above, below));
    (rule, ratio_text(&ratio), verdict)
}

/// `1.54 [1.50, 1.58] (3 workloads)`.
fn ratio_text(ratio: &Ratio) -> String {
    let interval = ratio
        .interval
        .map(|(low, high)| format!(" [{}, {}]", units::digits(low), units::digits(high)))
        .unwrap_or_default();
    let s = if ratio.pairs == 1 { "" } else { "s" };
    format!("{}{interval} ({} workload{s})", units::digits(ratio.mean), ratio.pairs)
}

fn operand(operand: &Operand) -> String {
    let set = operand.set.as_ref().map(|s| format!(" of {s}")).unwrap_or_default();
    format!("{} {}{set}", operand.runtime, operand.measure)
}

/// The last name of a workload without its size: the same in every set.
pub(crate) fn short(workload: &str) -> &str {
    let name = workload.split_once('@').map_or(workload, |(name, _)| name);
    name.rsplit_once('/').map_or(name, |(_, last)| last)
}

/// Values by workload, paired by short name when a set is given.
fn values(cells: &[CellSummary], side: &Operand, workloads: &[String]) -> BTreeMap<String, Value> {
    let wanted = |cell: &&CellSummary| {
        let of_set = side.set.as_ref().is_none_or(|set| cell.workload.starts_with(&format!("{set}/")));
        // By last name, whole name, or whole name with its size.
        let named = |name: &String| {
            let bare = cell.workload.split('@').next();
            *name == short(&cell.workload) || bare == Some(name) || *name == cell.workload
        };
        cell.runtime == side.runtime && of_set && (workloads.is_empty() || workloads.iter().any(named))
    };
    let key = |cell: &CellSummary| {
        if side.set.is_some() { short(&cell.workload).to_owned() } else { cell.workload.clone() }
    };
    cells.iter().filter(wanted).filter_map(|c| Some((key(c), side.measure.of(c)?))).collect()
}

fn no_winner(cells: &[CellSummary], measure: Measure, runtimes: &[String]) -> (String, String, Verdict) {
    let who = if runtimes.is_empty() { "all runtimes".into() } else { runtimes.join(", ") };
    let rule = format!("of {who} none has the least {measure} on every workload");
    let competes =
        |c: &&CellSummary| c.runtime != "native" && (runtimes.is_empty() || runtimes.contains(&c.runtime));
    let mut by_workload: BTreeMap<&str, Vec<(&str, Value)>> = BTreeMap::new();
    for cell in cells.iter().filter(competes) {
        if let Some(value) = measure.of(cell) {
            by_workload.entry(&cell.workload).or_default().push((&cell.runtime, value));
        }
    }
    by_workload.retain(|_, values| values.len() > 1);
    if by_workload.len() < 2 {
        return (rule, "–".into(), Verdict::NotMeasured);
    }
    // Of what was measured in one process nothing is known.
    let low = |v: &Value| v.interval.map_or(0.0, |i| i.0);
    let high = |v: &Value| v.interval.map_or(f64::INFINITY, |i| i.1);
    let best: BTreeMap<&str, &str> = by_workload
        .iter()
        .filter_map(|(workload, values)| {
            let best = values.iter().min_by(|a, b| a.1.median.total_cmp(&b.1.median))?;
            Some((*workload, best.0))
        })
        .collect();
    // Somebody could still be the best everywhere, as far as intervals say.
    let possible = |runtime: &str| {
        by_workload.values().all(|values| {
            let own = values.iter().find(|(r, _)| *r == runtime).map(|(_, v)| low(v));
            own.is_some_and(|own| values.iter().all(|(r, v)| *r == runtime || own <= high(v)))
        })
    };
    // Somebody certainly is.
    let certain = |runtime: &str| {
        by_workload.values().all(|values| {
            let own = values.iter().find(|(r, _)| *r == runtime).map(|(_, v)| high(v));
            own.is_some_and(|own| values.iter().all(|(r, v)| *r == runtime || own < low(v)))
        })
    };
    let all: Vec<&str> = by_workload.values().flatten().map(|(r, _)| *r).collect();
    let verdict = match () {
        () if all.iter().any(|r| certain(r)) => Verdict::NoLongerHolds,
        () if all.iter().any(|r| possible(r)) => Verdict::Unsure,
        () => Verdict::Holds,
    };
    let mut wins: BTreeMap<&str, usize> = BTreeMap::new();
    for runtime in best.values() {
        *wins.entry(runtime).or_default() += 1;
    }
    let mut wins: Vec<_> = wins.into_iter().collect();
    wins.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let found = wins.iter().map(|(r, n)| format!("{r} on {n}")).collect::<Vec<_>>().join(", ");
    (rule, format!("least: {found}"), verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_on_one_side_decides() {
        assert_eq!(Verdict::within((1.1, 1.2), Some(1.0), None), Verdict::Holds);
        assert_eq!(Verdict::within((0.9, 1.2), Some(1.0), None), Verdict::Unsure);
        assert_eq!(Verdict::within((0.8, 0.9), Some(1.0), None), Verdict::NoLongerHolds);
        assert_eq!(Verdict::within((1.5, 1.9), Some(1.0), Some(2.0)), Verdict::Holds);
        assert_eq!(Verdict::within((1.5, 2.1), Some(1.0), Some(2.0)), Verdict::Unsure);
        assert_eq!(Verdict::within((2.1, 2.2), Some(1.0), Some(2.0)), Verdict::NoLongerHolds);
    }

    #[test]
    fn one_holds_and_two_hold() {
        assert_eq!(
            (Verdict::Holds.counted(1), Verdict::Holds.counted(24)),
            ("1 holds".into(), "24 hold".into())
        );
        assert_eq!(Verdict::NoLongerHolds.counted(0), "0 no longer hold");
        assert_eq!(Verdict::Unsure.counted(2), "2 unsure");
    }

    #[test]
    fn short_names_have_neither_set_nor_size() {
        assert_eq!(short("apps-O0/sort@ci"), "sort");
        assert_eq!(short("fibonacci"), "fibonacci");
    }
}
