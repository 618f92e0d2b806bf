//! What both studies print.

use runoff_report::Table;
use runoff_study::{Promise, Summary, calls::Absent};

/// A number with three significant digits or so.
pub(super) fn number(value: f64) -> String {
    runoff_data::units::digits(value)
}

/// Half of an interval's width, in per cent of the centre.
pub(super) fn half_width(centre: f64, interval: Option<(f64, f64)>) -> String {
    match interval {
        Some((low, high)) => format!("{:.1} %", (high - low) / 2.0 / centre * 100.0),
        None => "?".into(),
    }
}

/// Mean, standard deviation, 95 % interval of the mean, median and its interval, scaled.
pub(super) fn cells(summary: &Summary, scale: f64) -> Vec<String> {
    let scaled = |value: f64| number(value * scale);
    let range = |interval: Option<(f64, f64)>| match interval {
        Some((low, high)) => format!("{} – {}", scaled(low), scaled(high)),
        None => "?".into(),
    };
    vec![
        scaled(summary.mean),
        summary.sd.map_or_else(|| "?".into(), scaled),
        range(summary.mean_interval),
        scaled(summary.median),
        range(summary.median_interval),
    ]
}

/// What must hold.
pub(super) fn promises(promises: &[Promise]) -> Table {
    let mut table =
        Table::new("What must hold", &["median of ratios within a round", "found", "95 %", "limit", ""])
            .text_columns(&[4]);
    for promise in promises {
        let limit = format!("{} {}", if promise.at_least { "≥" } else { "≤" }, number(promise.limit));
        let found = promise.ratio.map_or_else(|| "–".into(), |r| format!("{r:.3}"));
        let interval =
            promise.interval.map_or_else(|| "?".into(), |(low, high)| format!("{low:.3} – {high:.3}"));
        let verdict = match promise.holds() {
            Some(true) if promise.certain() == Some(true) => "kept",
            Some(true) if promise.interval.is_none() => "kept, too few rounds for an interval",
            Some(true) => "kept, not for certain",
            Some(false) => "broken in this run",
            None => "not measured",
        };
        table.row(vec![promise.what.clone(), found, interval, limit, verdict.into()]);
    }
    table
}

/// What could not be measured.
pub(super) fn absent(absent: &[Absent]) -> Option<Table> {
    let mut table = Table::new("Not measured", &["what", "why"]).text_columns(&[1]);
    for Absent { what, why } in absent {
        table.row(vec![what.clone(), why.clone()]);
    }
    (!table.is_empty()).then_some(table)
}
