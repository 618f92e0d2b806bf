//! Where counts come from, and why there are none: said with every figure and claim that uses them.

use runoff_analysis::CellSummary;
use runoff_data::{BlockMode, CounterSource, Event, ResultFile};

use crate::Measure;

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

/// A remark on a measure of events: that it was simulated, or why it was not measured. `None` for other measures and
/// for real counts.
pub(crate) fn remark(measure: Measure, result: &ResultFile, cells: &[CellSummary]) -> Option<String> {
    if measure.events().is_empty() {
        return None;
    }
    let known = cells.iter().any(|c| measure.of(c).is_some());
    let simulated =
        cells.iter().filter_map(|c| c.counters.as_ref()).find(|c| c.source == CounterSource::Simulated);
    match simulated {
        Some(counters) if known => {
            let model =
                if counters.model.is_empty() { "its own caches".into() } else { counters.model.join("; ") };
            Some(format!("simulated by Valgrind's Callgrind: {model}"))
        }
        _ if known => None,
        _ => Some(format!("not measured: {}", why(measure, result, cells))),
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
    let failed = result.blocks.iter().filter(|b| b.mode == BlockMode::Counters);
    if let Some((kind, reason)) = failed.filter_map(|b| b.status.problem()).next() {
        return format!("{kind}: {reason}");
    }
    match result.header.machine.counters.as_deref() {
        Some(reason) if reason != "available" => {
            format!("{reason}; none were simulated (`--counters sim`, which needs Valgrind)")
        }
        _ => "events were not counted in this run".into(),
    }
}
