//! Events per call: the table of a workload, and how counts are written.

use runoff_analysis::{CellSummary, CounterSummary};
use runoff_data::{CounterSource, Event, Rate, units};

use crate::Table;
use crate::table::ABSENT;

/// A count as counts are written everywhere, and parts of one where it is a mean: `0.020`, `312`, `4.21 million`.
pub(crate) fn count_text(n: f64) -> String {
    if n > 0.0 && n < 10.0 && n.fract() != 0.0 { units::digits(n) } else { units::count(n) }
}

/// A share as text: `1.01 %`.
pub(crate) fn share_text(share: f64) -> String {
    format!("{} %", units::digits(share * 100.0))
}

/// A quotient as text.
pub(crate) fn rate_text(rate: Rate, value: f64) -> String {
    if rate == Rate::Ipc { units::digits(value) } else { share_text(value) }
}

/// What a row of counts shows: name, and the figure of a cell.
type Column = (&'static str, fn(&CounterSummary) -> Option<(String, f64)>);

fn event(counters: &CounterSummary, event: Event) -> Option<(String, f64)> {
    counters.event(event).map(|n| (count_text(n), n))
}

fn rate(counters: &CounterSummary, rate: Rate) -> Option<(String, f64)> {
    counters.rate(rate).map(|x| (rate_text(rate, x), x))
}

fn cold(counters: &CounterSummary, event: Event) -> Option<(String, f64)> {
    counters.cold_events.get(&event).map(|e| (count_text(e.median), e.median))
}

/// The columns of a table of counts; those nobody has are left out.
pub(crate) const COLUMNS: [Column; 13] = [
    ("instructions", |c| event(c, Event::Instructions)),
    ("ipc", |c| rate(c, Rate::Ipc)),
    ("branches", |c| event(c, Event::Branches)),
    ("branch misses", |c| event(c, Event::BranchMisses)),
    ("branch miss ratio", |c| rate(c, Rate::BranchMissRatio)),
    ("l1i misses", |c| event(c, Event::L1iMisses)),
    ("l1d misses", |c| event(c, Event::L1dMisses)),
    ("l1d miss ratio", |c| rate(c, Rate::L1dMissRatio)),
    ("cache misses", |c| event(c, Event::CacheMisses)),
    ("cache miss ratio", |c| rate(c, Rate::CacheMissRatio)),
    ("cache misses, cold", |c| cold(c, Event::CacheMisses)),
    ("page faults", |c| event(c, Event::PageFaults)),
    ("context switches", |c| event(c, Event::ContextSwitches)),
];

/// Instructions of a cell against those of native code.
pub(crate) fn instructions_against(rows: &[&CellSummary], row: &CellSummary) -> Option<f64> {
    let of = |row: &CellSummary| row.counters.as_ref()?.event(Event::Instructions).filter(|n| *n > 0.0);
    let native = rows.iter().find(|r| r.runtime == "native").and_then(|r| of(r))?;
    Some(of(row)? / native)
}

/// What must be known of the counts of a workload: where they come from, what is absent.
pub(crate) fn remarks(rows: &[&CellSummary]) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !remarks.contains(&text) {
            remarks.push(text);
        }
    };
    for counters in rows.iter().filter_map(|r| r.counters.as_ref()) {
        match counters.source {
            CounterSource::Simulated => {
                add(format!(
                    "simulated by Valgrind's Callgrind ({}): instructions and branches are exact, caches and predictors are models; IPC cannot be simulated; cold: one call with empty caches",
                    counters.model.join("; ")
                ));
            }
            CounterSource::Hardware => {
                if let Some(share) = counters.running.filter(|s| *s < 0.995) {
                    add(format!(
                        "hardware counters took turns: one ran {} of the time, and its count is scaled up",
                        share_text(share)
                    ));
                }
                for (what, why) in &counters.missing {
                    add(format!("{what}: absent: {why}"));
                }
            }
        }
    }
    remarks
}

/// The table of a workload; without rows when nothing was counted.
pub(crate) fn table(workload: &str, rows: &[&CellSummary]) -> Table {
    let source = rows.iter().find_map(|r| r.counters.as_ref()).map_or("", |c| c.source.name());
    let title = format!("{workload} – counters per call, {source}; only repeated calls are counted");
    let mut header = vec!["runtime"];
    header.extend(COLUMNS.iter().map(|(name, _)| *name));
    header.insert(2, "/ native");
    let mut table = Table::new(title, &header);
    for row in rows {
        let Some(counters) = &row.counters else { continue };
        let mut cells = vec![row.runtime.clone()];
        cells.extend(
            COLUMNS.iter().map(|(_, of)| of(counters).map_or_else(|| ABSENT.into(), |(text, _)| text)),
        );
        let ratio = instructions_against(rows, row);
        cells.insert(2, ratio.map_or_else(|| ABSENT.into(), units::digits));
        table.row(cells);
    }
    let mut table = table.without_empty_columns();
    for remark in remarks(rows) {
        table.note(remark);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_short_and_zero_is_zero() {
        for (n, text) in [
            (0.0, "0"),
            (0.02, "0.020"),
            (3.25, "3.25"),
            (312.0, "312"),
            (42_100.0, "42.1 thousand"),
            (4.21e6, "4.21 million"),
            (7.0e9, "7 billion"),
        ] {
            assert_eq!(count_text(n), text);
        }
    }
}
