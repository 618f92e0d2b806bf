//! The report as Markdown, CSV and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Report, figures, grids, warnings, words};
use crate::bench::cells_json;
use crate::escape;
use crate::grid::Grid;
use crate::long::cells_long;
use crate::pick::pick_json;
use crate::{Format, Table};

pub(crate) fn markdown(report: &Report) -> String {
    let mut text = format!("# {}\n", escape::markdown(&report.title));
    let list = |text: &mut String, title: &str, lines: &[String]| {
        if !lines.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{title}\n\n");
            for line in lines {
                let _ = writeln!(text, "- {}", escape::markdown(line));
            }
        }
    };
    let table = |text: &mut String, grid: &Grid| {
        if !grid.rows.is_empty() {
            let _ = write!(text, "\n{}", grid.table().render(Format::Markdown));
        }
    };
    if report.runs.len() > 1 {
        let mut lines = words::between(report);
        lines.extend(warnings::between(report));
        list(&mut text, "## All results together", &lines);
        table(&mut text, &grids::side_by_side(report));
    }
    for run in &report.runs {
        let _ = write!(text, "\n## {}\n", escape::markdown(&run.heading()));
        list(&mut text, "**Summary**", &words::of_run(run, &report.calls));
        list(&mut text, "**Mind**", &warnings::of_run(run));
        table(&mut text, &grids::winners(run));
        for plot in figures::over_all(run) {
            table(&mut text, &plot.grid);
        }
        for workload in &run.result.header.plan.workloads {
            for plot in figures::of_workload(run, &workload.name, figures::Detail::Full) {
                table(&mut text, &plot.grid);
            }
        }
        table(&mut text, &grids::problems(run));
        table(&mut text, &grids::runtimes(run));
        table(&mut text, &grids::workloads(run));
        let facts: Vec<String> = grids::facts(run).into_iter().map(|(k, v)| format!("{k}: {v}")).collect();
        list(&mut text, "### Machine and method", &facts);
    }
    text
}

pub(crate) fn csv(report: &Report) -> String {
    let mut rows: Option<Table> = None;
    for run in &report.runs {
        let mark =
            if run.label.is_empty() { run.name.clone() } else { format!("{} {}", run.label, run.name) };
        let own = cells_long(&run.overview.cells).marked("run", &mark);
        match &mut rows {
            None => rows = Some(own),
            Some(all) => all.append(own),
        }
    }
    rows.map_or_else(String::new, |t| t.render(Format::Csv))
}

pub(crate) fn json(report: &Report) -> Value {
    let runs: Vec<Value> = report
        .runs
        .iter()
        .map(|run| {
            let comparison = |c: &runoff_stats::Comparison| {
                json!({ "ratio": c.ratio, "interval_99": c.verdict_interval, "interval_95": c.interval, "p": c.p, "verdict": c.verdict.name(), "why": c.why })
            };
            let picks: serde_json::Map<_, _> =
                run.overview.choices.iter().map(|c| (c.workload.clone(), pick_json(&c.decision))).collect();
            json!({
                "label": run.label,
                "file": run.name,
                "sha256": run.digest,
                "created_unix": run.result.header.created_unix,
                "runoff_version": run.result.header.runoff_version,
                "machine": run.result.header.machine,
                "runtimes": run.result.header.plan.runtimes,
                "end": run.result.end,
                "summary": words::of_run(run, &report.calls),
                "warnings": warnings::of_run(run),
                "baseline": run.overview.baseline,
                "common_workloads": run.overview.common,
                "overall": run.overview.overall.iter().map(|o| json!({
                    "runtime": o.runtime, "call_ratio": o.call, "startup_ns": o.startup_ns,
                })).collect::<Vec<_>>(),
                "against_baseline": run.overview.standings.iter().map(|s| json!({
                    "workload": s.workload, "runtime": s.runtime,
                    "call": s.call.as_ref().map(comparison), "first_use": s.start.as_ref().map(comparison),
                })).collect::<Vec<_>>(),
                "cells": cells_json(&run.overview.cells),
                "picks": picks,
            })
        })
        .collect();
    json!({
        "schema_version": runoff_data::SCHEMA_VERSION,
        "title": report.title,
        "together": words::between(report),
        "warnings": warnings::between(report),
        "runs": runs,
    })
}

/// What a program that is given the page wants to know of it first.
pub(crate) fn about(report: &Report) -> Value {
    let runs: Vec<Value> = report
        .runs
        .iter()
        .map(|run| {
            json!({
                "label": run.label,
                "file": run.name,
                "sha256": run.digest,
                "created_unix": run.result.header.created_unix,
                "runoff_version": run.result.header.runoff_version,
                "machine": run.result.header.machine,
                "baseline": run.overview.baseline,
                "summary": words::of_run(run, &report.calls),
                "warnings": warnings::of_run(run),
            })
        })
        .collect();
    json!({ "schema_version": runoff_data::SCHEMA_VERSION, "title": report.title, "runs": runs })
}
