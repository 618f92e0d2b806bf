//! Figures: ours beside the published ones.

use std::collections::{BTreeMap, BTreeSet};

use runoff_analysis::CellSummary;

use crate::counted::{Remark, remark};
use crate::{FigureSpec, Ratio, Results, Unit, Value, drivers, order};

/// A table of one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Heading.
    pub title: String,
    /// Times or sizes; `None` for ratios.
    pub unit: Option<Unit>,
    /// Workloads in the order of the run.
    pub workloads: Vec<String>,
    /// One per runtime, in the order of the run.
    pub rows: Vec<Row>,
    /// Workloads the means are over: those that every runtime with a mean has.
    pub common: Vec<String>,
    /// Where the published figures say one thing and ours the opposite.
    pub differences: Vec<String>,
    /// What must be known.
    pub note: Option<String>,
}

impl Figure {
    /// Whether nothing of ours is in it: it is not shown, and [`crate::not_shown`] says why.
    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.mean.is_none() && row.of.iter().all(|(_, ours)| ours.is_none()))
    }
}

/// A runtime in a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id.
    pub runtime: String,
    /// Published mean.
    pub published: Option<f64>,
    /// Geometric mean over the common workloads; only of ratios.
    pub mean: Option<Ratio>,
    /// Per workload: published, ours.
    pub of: Vec<(Option<f64>, Option<Value>)>,
}

/// Values by runtime and workload.
pub(crate) type Values<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Value>>;

/// Reads a figure off the results; empty when its run has nothing.
pub fn figure(spec: &FigureSpec, results: &Results) -> Figure {
    let Some((result, cells)) = results.summary(&spec.run) else {
        return Figure {
            title: spec.title.clone(),
            unit: None,
            workloads: Vec::new(),
            rows: Vec::new(),
            common: Vec::new(),
            differences: Vec::new(),
            note: spec.note.clone(),
        };
    };
    let workloads: Vec<String> = result.header.plan.workloads.iter().map(|w| w.name.clone()).collect();
    let runtimes: Vec<&str> = result.header.plan.runtimes.iter().map(|r| r.id.as_str()).collect();
    let raw = values(cells, |c| spec.measure.of(c));
    let shown = relative(spec, cells, &raw);
    let is_ratio = spec.relative_to.is_some() || spec.relative_to_measure.is_some();
    let known: Vec<&str> = runtimes.iter().copied().filter(|r| shown.contains_key(r)).collect();
    let common = if is_ratio { common(&workloads, &known, &shown) } else { Vec::new() };
    let published_only = spec.published.keys().chain(spec.published_of.values().flat_map(BTreeMap::keys));
    let published_only: BTreeSet<&str> =
        published_only.map(String::as_str).filter(|r| !known.contains(r)).collect();
    let row = |runtime: &str| {
        let own = shown.get(runtime);
        let of = workloads.iter().map(|w| {
            let published = published_of(spec, w).and_then(|p| p.get(runtime)).copied();
            (published, own.and_then(|o| o.get(w.as_str())).copied())
        });
        let pairs = || -> Option<Vec<(Value, Value)>> {
            let one = Value { median: 1.0, interval: Some((1.0, 1.0)) };
            common.iter().map(|w| Some((*own?.get(w.as_str())?, one))).collect()
        };
        Row {
            runtime: runtime.to_owned(),
            published: spec.published.get(runtime).copied(),
            mean: if is_ratio { pairs().and_then(|p| Ratio::of(&p)) } else { None },
            of: of.collect(),
        }
    };
    let rows = known.iter().copied().chain(published_only).map(row).collect();
    // A common baseline falls out of a ratio of two runtimes.
    let compared = if spec.relative_to_measure.is_some() { &shown } else { &raw };
    Figure {
        title: spec.title.clone(),
        unit: (!is_ratio).then(|| spec.measure.unit()),
        differences: order::swapped(spec, &workloads, compared),
        workloads,
        rows,
        common,
        note: note([
            spec.note.clone(),
            remark(spec.measure, result, cells).map(said),
            drivers::remark(spec.measure, result, cells),
        ]),
    }
}

/// The figure's own note, and what else is to be said of it.
fn note(parts: [Option<String>; 3]) -> Option<String> {
    parts.into_iter().flatten().reduce(|all, part| format!("{all} {part}"))
}

fn said(remark: Remark) -> String {
    match remark {
        Remark::Simulated(model) => format!("Simulated by Valgrind's Callgrind{model}."),
        Remark::Absent(reason) => format!("Not measured: {reason}."),
    }
}

fn values<'a>(cells: &'a [CellSummary], of: impl Fn(&CellSummary) -> Option<Value>) -> Values<'a> {
    let mut values: Values<'a> = BTreeMap::new();
    for cell in cells {
        if let Some(value) = of(cell) {
            values.entry(&cell.runtime).or_default().insert(&cell.workload, value);
        }
    }
    values
}

/// What is shown: values, or their ratios.
fn relative<'a>(spec: &FigureSpec, cells: &'a [CellSummary], raw: &Values<'a>) -> Values<'a> {
    if spec.relative_to.is_none() && spec.relative_to_measure.is_none() {
        return raw.clone();
    }
    let of_runtime = spec.relative_to.as_ref().and_then(|runtime| raw.get(runtime.as_str()));
    let base = |c: &CellSummary| match spec.relative_to_measure {
        Some(measure) => measure.of(c),
        None => of_runtime?.get(c.workload.as_str()).copied(),
    };
    let itself = |c: &CellSummary| spec.relative_to.as_ref() == Some(&c.runtime);
    values(cells, |c| {
        let (value, base) = (spec.measure.of(c)?, base(c)?);
        if itself(c) {
            return Some(Value { median: 1.0, interval: Some((1.0, 1.0)) });
        }
        let ratio = Ratio::of(&[(value, base)])?;
        Some(Value { median: ratio.mean, interval: ratio.interval })
    })
}

/// Workloads of every runtime that has nine in ten of them: one that can run few must not decide what means are over.
fn common(workloads: &[String], runtimes: &[&str], shown: &Values<'_>) -> Vec<String> {
    let has = |r: &str, w: &String| shown.get(r).is_some_and(|own| own.contains_key(w.as_str()));
    let measured: Vec<&String> = workloads.iter().filter(|w| runtimes.iter().any(|r| has(r, w))).collect();
    let able = |r: &&&str| measured.iter().filter(|w| has(r, w)).count() * 10 >= measured.len() * 9;
    let able: Vec<&&str> = runtimes.iter().filter(able).collect();
    measured.into_iter().filter(|w| able.iter().all(|r| has(r, w))).cloned().collect()
}

pub(crate) fn published_of<'a>(spec: &'a FigureSpec, workload: &str) -> Option<&'a BTreeMap<String, f64>> {
    let bare = workload.split('@').next().unwrap_or(workload);
    spec.published_of.get(workload).or_else(|| spec.published_of.get(bare))
}
