//! Results in long form for CSV: one figure a line, in base units, without words around it.

use runoff_analysis::{CellDiff, CellSummary, Memory, summarise};
use runoff_data::ResultFile;
use runoff_pick::Decision;
use runoff_stats::Estimate;

use crate::Table;

/// Every estimate of a result: median, interval and number of processes; times in nanoseconds, sizes in bytes.
/// What could not be measured is a line whose `measure` is `problem`.
pub fn bench_long(result: &ResultFile) -> Table {
    cells_long(&summarise(result))
}

/// The same of summaries.
pub(crate) fn cells_long(cells: &[CellSummary]) -> Table {
    let header =
        ["workload", "runtime", "measure", "kind", "unit", "median", "low", "high", "processes", "problem"];
    let mut table = Table::new("", &header);
    for cell in cells {
        let mut line = |measure: &str, kind: &str, unit: &str, values: [String; 4], problem: &str| {
            let mut row = vec![cell.workload.clone(), cell.runtime.clone()];
            row.extend([measure, kind, unit].map(ToOwned::to_owned));
            row.extend(values);
            row.push(problem.to_owned());
            table.row(row);
        };
        let phases = cell.phases.iter().map(|(p, s)| (p.name(), s));
        let views = cell.views.iter().map(|(v, s)| (v.name(), s));
        for (name, summary) in phases.chain(views) {
            for (kind, estimate) in [("cold", summary.cold), ("warm", summary.warm)] {
                if let Some(estimate) = estimate {
                    line(name, kind, "ns", numbers(&estimate), "");
                }
            }
        }
        let Memory { floor_rss, peak_rss, pss, code, linear, reserved, artifact } = cell.memory;
        let sizes = [
            ("floor_rss", floor_rss),
            ("peak_rss", peak_rss),
            ("pss", pss),
            ("code", code),
            ("linear_memory", linear),
            ("reserved", reserved),
            ("artifact", artifact),
        ];
        for (name, size) in sizes {
            if let Some(bytes) = size {
                line(
                    name,
                    "first life",
                    "B",
                    [bytes.to_string(), String::new(), String::new(), String::new()],
                    "",
                );
            }
        }
        if let Some((wall, cpu, rss)) = cell.process {
            line("process_wall", "whole process", "ns", numbers(&wall), "");
            line("process_cpu", "whole process", "ns", numbers(&cpu), "");
            if let Some(compile) = cell.compiled_before {
                line("process_compiled_before", "whole process", "ns", numbers(&compile), "");
            }
            if let Some(rss) = rss {
                let values = [rss.to_string(), String::new(), String::new(), String::new()];
                line("process_peak_rss", "whole process", "B", values, "");
            }
        }
        if let Some(counters) = &cell.counters {
            let source = counters.source.name();
            let cold = format!("{source}, empty caches");
            for (kind, events, rates) in [
                (source, &counters.events, &counters.rates),
                (cold.as_str(), &counters.cold_events, &counters.cold_rates),
            ] {
                for (event, estimate) in events {
                    line(event.name(), kind, "per call", numbers(estimate), "");
                }
                for (rate, estimate) in rates {
                    line(rate.name(), kind, "ratio", numbers(estimate), "");
                }
            }
        }
        for (mode, kind, reason, blocks) in &cell.problems {
            let mode = format!("{mode:?}").to_lowercase();
            let values = [String::new(), String::new(), String::new(), blocks.to_string()];
            line("problem", &mode, "", values, &format!("{kind}: {reason}"));
        }
    }
    table
}

fn numbers(estimate: &Estimate) -> [String; 4] {
    let end = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    [
        estimate.median.to_string(),
        end(estimate.interval.map(|i| i.0)),
        end(estimate.interval.map(|i| i.1)),
        estimate.processes.to_string(),
    ]
}

/// Winners of one or more workloads; times in nanoseconds, the ratio's interval at 99 %.
pub fn picks_long<'a>(decisions: impl IntoIterator<Item = (&'a str, &'a Decision)>) -> Table {
    let header = [
        "workload",
        "calls",
        "runtime",
        "total_ns",
        "low_ns",
        "high_ns",
        "next",
        "ratio",
        "ratio_low",
        "ratio_high",
        "too_close_to_call",
    ];
    let mut table = Table::new("", &header);
    let text = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    for (workload, decision) in decisions {
        for winner in &decision.winners {
            let next = winner.next.as_ref();
            let ratio = next.map(|(_, c)| c);
            let interval = ratio.and_then(|c| c.verdict_interval);
            table.row(vec![
                workload.to_owned(),
                winner.calls.to_string(),
                winner.runtime.clone(),
                winner.total_ns.to_string(),
                text(winner.interval.map(|i| i.0)),
                text(winner.interval.map(|i| i.1)),
                next.map_or_else(String::new, |(name, _)| name.clone()),
                text(ratio.map(|c| c.ratio)),
                text(interval.map(|i| i.0)),
                text(interval.map(|i| i.1)),
                winner.too_close.join(" "),
            ]);
        }
    }
    table
}

/// A comparison of two results; shifts in nanoseconds, bytes or events of a call, intervals at 99 %.
pub fn diff_long(rows: &[CellDiff]) -> Table {
    let header =
        ["workload", "runtime", "measure", "ratio", "low", "high", "p", "shift", "unit", "verdict", "why"];
    let mut table = Table::new("", &header);
    for row in rows {
        let mut line = vec![row.workload.clone(), row.runtime.clone(), row.measure.to_owned()];
        match &row.comparison {
            Ok(c) => {
                let end = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
                line.extend([c.ratio.to_string(), end(c.verdict_interval.map(|i| i.0))]);
                line.extend([end(c.verdict_interval.map(|i| i.1)), c.p.to_string(), c.shift.to_string()]);
                let unit = row.quantity().unit();
                line.extend([unit, row.verdict().unwrap_or_default(), &c.why].map(ToOwned::to_owned));
            }
            Err(reason) => {
                line.extend(std::iter::repeat_n(String::new(), 6));
                line.extend(["none".to_owned(), reason.clone()]);
            }
        }
        table.row(line);
    }
    table
}
