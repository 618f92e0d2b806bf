//! Where counts come from, and why there are none: said with every figure and claim that uses them.

use runoff_analysis::CellSummary;
use runoff_data::{BlockMode, CounterSource, Event, ResultFile};

use crate::{Experiment, FigureSpec, Measure, Missing, Results, figure};

impl Measure {
    /// Events it is made of; none when it is no count.
    fn events(self) -> Vec<Event> {
        match self {
            Self::Event(event, _) => vec![event],
            Self::Rate(rate, _) => vec![rate.of().0, rate.of().1],
            _ => Vec::new(),
        }
    }
}

/// What must be said of a measure of events.
pub(crate) enum Remark {
    /// It was simulated; with words on the model where the measure depends on it.
    Simulated(String),
    /// It was not measured, and why.
    Absent(String),
}

/// The remark on a measure; `None` for measures of something else and for real counts.
pub(crate) fn remark(measure: Measure, result: &ResultFile, cells: &[CellSummary]) -> Option<Remark> {
    let events = measure.events();
    if events.is_empty() {
        return None;
    }
    if !cells.iter().any(|c| measure.of(c).is_some()) {
        return Some(Remark::Absent(why(measure, result, cells)));
    }
    let counters = cells.iter().filter_map(|c| c.counters.as_ref());
    let simulated = counters.into_iter().find(|c| c.source == CounterSource::Simulated)?;
    let predicted = |e: &Event| matches!(e, Event::BranchMisses | Event::IndirectMisses);
    let cached = |e: &Event| {
        matches!(e, Event::L1iMisses | Event::L1dMisses | Event::CacheReferences | Event::CacheMisses)
    };
    Some(Remark::Simulated(if events.iter().any(predicted) {
        ", whose predictor remembers one target per indirect jump: interpreters, which jump that way for every \
         instruction, look worse than on processors of today"
            .into()
    } else if events.iter().any(cached) {
        format!(" ({})", simulated.model.join("; "))
    } else {
        String::new()
    }))
}

/// What an experiment does not show: what it says itself, and figures in which nothing of ours would be.
pub fn not_shown(experiment: &Experiment, results: &Results) -> Vec<Missing> {
    let empty = experiment.figures.iter().filter(|spec| figure(spec, results).is_empty());
    let empty = empty.map(|spec| Missing { what: spec.title.clone(), why: nothing(spec, results) });
    empty.chain(experiment.missing.iter().cloned()).collect()
}

/// Why nothing is in a figure.
fn nothing(spec: &FigureSpec, results: &Results) -> String {
    let Some((result, cells)) = results.summary(&spec.run) else {
        return format!("its run `{}` has no results", spec.run);
    };
    if let Some(Remark::Absent(why)) = remark(spec.measure, result, cells) {
        return why;
    }
    let measured = |measure: Measure, id: Option<&String>| {
        cells.iter().any(|c| id.is_none_or(|id| *id == c.runtime) && measure.of(c).is_some())
    };
    let base = spec.relative_to_measure.unwrap_or(spec.measure);
    match &spec.relative_to {
        _ if !measured(spec.measure, None) => format!("no runtime has a value of `{}` here", spec.measure),
        Some(id) if !measured(base, Some(id)) => {
            format!("`{base}` of {id}, which it is relative to, is zero or was not measured")
        }
        _ => "no workload has both sides of the ratio".into(),
    }
}

/// Why there is no value in any cell.
fn why(measure: Measure, result: &ResultFile, cells: &[CellSummary]) -> String {
    let wanted = measure.events();
    let said = cells.iter().filter_map(|c| c.counters.as_ref()).flat_map(|c| &c.missing);
    for (what, reason) in said {
        if wanted.iter().any(|event| event.name() == what) {
            return reason.clone();
        }
    }
    if cells.iter().any(|c| c.counters.is_some()) {
        return if measure.to_string().starts_with("cold_") {
            "only a simulated processor can empty its caches".into()
        } else {
            "every count is zero".into()
        };
    }
    let mut failed = result.blocks.iter().filter(|b| b.mode == BlockMode::Counters);
    if let Some((kind, reason)) = failed.find_map(|b| b.status.problem()) {
        return format!("{kind}: {reason}");
    }
    match result.header.machine.counters.as_deref() {
        Some(reason) if reason != "available" => {
            format!("{reason}; none were simulated (`--counters sim`, which needs Valgrind)")
        }
        _ => "events were not counted in this run".into(),
    }
}
