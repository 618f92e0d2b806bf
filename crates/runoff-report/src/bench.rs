//! The tables of a run.

use std::collections::BTreeMap;

use runoff_analysis::{CellSummary, Memory, PhaseSummary, summarise};
use runoff_data::{Phase, PlannedWorkload, ResultFile, View, units};
use runoff_stats::Estimate;
use serde_json::{Value, json};

use crate::levels::level_tables;
use crate::table::{ABSENT, bytes_text};
use crate::{Table, counters, estimate_text};

/// All tables of a result: per workload the phases, the views, memory; optimisation levels; what went wrong.
pub fn bench_tables(result: &ResultFile) -> Vec<Table> {
    let cells = summarise(result);
    let planned = &result.header.plan.runtimes;
    let mut tables = Vec::new();
    for workload in &result.header.plan.workloads {
        let rows: Vec<&CellSummary> = cells.iter().filter(|c| c.workload == workload.name).collect();
        let whole = |c: &&&CellSummary| planned.iter().any(|r| r.process_only && r.id.as_str() == c.runtime);
        let phased: Vec<&CellSummary> = rows.iter().filter(|c| !whole(c)).copied().collect();
        tables.push(phases(workload, &phased));
        tables.push(views(&workload.name, &phased));
        tables.push(memory(&workload.name, &phased));
        tables.push(process(&workload.name, &rows));
        tables.push(counters::table(&workload.name, &phased));
    }
    tables.extend(level_tables(result));
    tables.push(problems(&cells));
    tables.retain(|t| !t.is_empty());
    tables
}

fn phases(workload: &PlannedWorkload, rows: &[&CellSummary]) -> Table {
    let title = format!(
        "{} ({}; {}) – phases, first time in a fresh process; call: repeated",
        workload.name,
        units::bytes(workload.bytes),
        workload.call_text()
    );
    let shown = [
        Phase::Bootstrap,
        Phase::Init,
        Phase::Validate,
        Phase::Compile,
        Phase::Save,
        Phase::Load,
        Phase::Instantiate,
        Phase::FirstCall,
        Phase::Teardown,
    ];
    let header: Vec<&str> = std::iter::once("runtime")
        .chain(shown.iter().map(|p| p.name()))
        .chain(["call", "/ native", "marked"])
        .collect();
    let call = |row: &CellSummary| row.phases.get(&Phase::Call).and_then(|s| s.warm);
    let native = rows.iter().find(|r| r.runtime == "native").and_then(|r| call(r));
    let mut table = Table::new(title, &header);
    for row in rows {
        let cold = |p: &Phase| estimate_text(row.phases.get(p).and_then(|s| s.cold));
        let marked = row.phases.get(&Phase::Marked).and_then(|s| s.warm.or(s.cold));
        let mut cells = vec![row.runtime.clone()];
        cells.extend(shown.iter().map(cold));
        cells.push(estimate_text(call(row)));
        cells.push(match (call(row), native) {
            (Some(own), Some(native)) => format!("{:.2}", own.median / native.median),
            _ => ABSENT.to_owned(),
        });
        cells.push(estimate_text(marked));
        if row.measured == 0 {
            cells.truncate(1);
            cells.push(
                row.problems.first().map_or_else(|| "not measured".into(), |(_, kind, ..)| (*kind).into()),
            );
        }
        table.row(cells);
    }
    table.without_empty_columns()
}

fn views(workload: &str, rows: &[&CellSummary]) -> Table {
    let title = format!("{workload} – sums, cold | repeated in one process");
    let mut table = Table::new(
        title,
        &["runtime", "jit", "aot_compile", "aot_execute", "aot_total", "cpu/wall compiling", "threads"],
    );
    for row in rows.iter().filter(|r| r.measured > 0) {
        let both = |v: View| match row.views.get(&v) {
            None => ABSENT.to_owned(),
            Some(PhaseSummary { cold, warm }) => match warm {
                Some(warm) => format!("{} | {}", estimate_text(*cold), units::time(warm.median)),
                None => estimate_text(*cold),
            },
        };
        let plain = |x: Option<f64>| x.map_or_else(|| ABSENT.into(), units::digits);
        table.row(vec![
            row.runtime.clone(),
            both(View::Jit),
            both(View::AotCompile),
            both(View::AotExecute),
            both(View::AotTotal),
            plain(row.compile_cpu_ratio),
            row.threads.map_or_else(|| ABSENT.into(), |n| format!("{n:.0}")),
        ]);
    }
    table.without_empty_columns()
}

fn memory(workload: &str, rows: &[&CellSummary]) -> Table {
    let title = format!("{workload} – memory after the first call (rss floor: the worker before its engine)");
    let mut table = Table::new(
        title,
        &["runtime", "rss floor", "peak rss", "pss", "code", "linear memory", "reserved", "artifact"],
    );
    for row in rows.iter().filter(|r| r.measured > 0) {
        let Memory { floor_rss, peak_rss, pss, code, linear, reserved, artifact } = row.memory;
        let mut cells = vec![row.runtime.clone()];
        cells.extend([floor_rss, peak_rss, pss, code, linear, reserved, artifact].map(bytes_text));
        table.row(cells);
    }
    table.without_empty_columns()
}

fn process(workload: &str, rows: &[&CellSummary]) -> Table {
    let title =
        format!("{workload} – whole process, from start to exit: `runoff run`, or the tool's own command");
    let mut table = Table::new(
        title,
        &["runtime", "wall", "cpu", "wall / native", "cpu / native", "peak rss", "compiled before in"],
    );
    let native = rows.iter().find(|r| r.runtime == "native").and_then(|r| r.process);
    for row in rows {
        let Some((wall, cpu, rss)) = row.process else { continue };
        let ratio = |of: Estimate, base: Option<Estimate>| {
            base.map_or_else(|| ABSENT.into(), |b| format!("{:.2}", of.median / b.median))
        };
        table.row(vec![
            row.runtime.clone(),
            estimate_text(Some(wall)),
            estimate_text(Some(cpu)),
            ratio(wall, native.map(|n| n.0)),
            ratio(cpu, native.map(|n| n.1)),
            bytes_text(rss),
            estimate_text(row.compiled_before),
        ]);
    }
    table.without_empty_columns()
}

fn problems(cells: &[CellSummary]) -> Table {
    let mut table =
        Table::new("What could not be measured", &["workload", "runtime", "what", "blocks", "reason"])
            .text_columns(&[1, 2, 4]);
    // Runtimes with the same problem share a row.
    let mut rows: Vec<([String; 3], Vec<&str>, usize)> = Vec::new();
    for cell in cells {
        let unmeasured = (cell.measured == 0 && cell.problems.is_empty())
            .then(|| ("not measured".to_owned(), "the run ended before its turn".to_owned(), 0));
        let problems = cell.problems.iter().map(|(mode, kind, reason, count)| {
            (format!("{kind} ({})", format!("{mode:?}").to_lowercase()), reason.clone(), *count)
        });
        for (what, reason, count) in problems.chain(unmeasured) {
            let key = [cell.workload.clone(), what, reason];
            match rows.iter_mut().find(|(known, ..)| *known == key) {
                Some((_, runtimes, blocks)) => {
                    runtimes.push(&cell.runtime);
                    *blocks += count;
                }
                None => rows.push((key, vec![&cell.runtime], count)),
            }
        }
    }
    for ([workload, what, reason], runtimes, blocks) in rows {
        let all = cells.iter().filter(|c| c.workload == workload).count();
        let runtimes = if runtimes.len() == all && all > 1 { "all".into() } else { runtimes.join(", ") };
        table.row(vec![workload, runtimes, what, blocks.to_string(), reason]);
    }
    table
}

/// All estimates of a result as JSON; times in nanoseconds, sizes in bytes, intervals at 95 %.
pub fn bench_json(result: &ResultFile) -> Value {
    json!({
        "schema_version": runoff_data::SCHEMA_VERSION,
        "machine": result.header.machine,
        "end": result.end,
        "cells": cells_json(&summarise(result)),
    })
}

/// Summaries for programs.
pub(crate) fn cells_json(cells: &[CellSummary]) -> Vec<Value> {
    let number = |e: Option<Estimate>| {
        e.map(|e| json!({ "median": e.median, "low": e.interval.map(|i| i.0), "high": e.interval.map(|i| i.1), "processes": e.processes }))
    };
    let both = |s: &PhaseSummary| json!({ "cold": number(s.cold), "warm": number(s.warm) });
    cells
        .iter()
        .map(|c| {
            let phases: serde_json::Map<_, _> =
                c.phases.iter().map(|(p, s)| (p.name().to_owned(), both(s))).collect();
            let views: serde_json::Map<_, _> =
                c.views.iter().map(|(v, s)| (v.name().to_owned(), both(s))).collect();
            let m = c.memory;
            json!({
                "workload": c.workload,
                "runtime": c.runtime,
                "measured_blocks": c.measured,
                "output": c.output,
                "phases_ns": phases,
                "views_ns": views,
                "memory_bytes": {
                    "floor_rss": m.floor_rss, "peak_rss": m.peak_rss, "pss": m.pss, "code": m.code,
                    "linear": m.linear, "reserved": m.reserved, "artifact": m.artifact,
                },
                "process": c.process.map(|(wall, cpu, rss)| json!({
                    "wall_ns": number(Some(wall)), "cpu_ns": number(Some(cpu)), "peak_rss_bytes": rss,
                    "compiled_before_ns": number(c.compiled_before),
                })),
                "counters": c.counters.as_ref().map(|c| json!({
                    "source": c.source,
                    "calls": c.calls,
                    "per_call": c.events.iter().map(|(e, v)| (e.name(), number(Some(*v)))).collect::<BTreeMap<_, _>>(),
                    "rates": c.rates.iter().map(|(r, v)| (r.name(), number(Some(*v)))).collect::<BTreeMap<_, _>>(),
                    "cold_call": c.cold_events.iter().map(|(e, v)| (e.name(), number(Some(*v)))).collect::<BTreeMap<_, _>>(),
                    "cold_rates": c.cold_rates.iter().map(|(r, v)| (r.name(), number(Some(*v)))).collect::<BTreeMap<_, _>>(),
                    "running": c.running,
                    "model": c.model,
                    "missing": c.missing.iter().map(|(what, why)| json!({ "what": what, "why": why })).collect::<Vec<_>>(),
                })),
                "problems": c.problems.iter().map(|(mode, kind, reason, blocks)| json!({
                    "mode": mode, "kind": kind, "reason": reason, "blocks": blocks,
                })).collect::<Vec<_>>(),
            })
        })
        .collect()
}
