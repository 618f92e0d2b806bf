//! Events of calls in comparisons and in the history.

mod common;

use common::Shape;
use runoff_analysis::{Quantity, Size, diff, history_entry, summarise, trends};
use runoff_data::{BlockMode, CounterPlan, CounterSource, Event, ResultFile, Status};
use runoff_report::{diff_counts, diff_json, diff_tables, trends_json};

/// A made-up result of a run that was to count, its instructions multiplied.
fn counted(factor: f64) -> ResultFile {
    let mut result = Shape::new(4, 2, 5).result();
    let plan = CounterPlan { source: CounterSource::Simulated, block_timeout_s: 1.0, budget_s: None };
    result.header.plan.counters = Some(plan);
    for block in &mut result.blocks {
        if let Some(counters) = &mut block.samples.counters
            && let Some(n) = counters.events.get_mut(&Event::Instructions)
        {
            *n = (*n as f64 * factor).round() as u64;
        }
    }
    result
}

/// Verdicts on a measure, once each.
fn verdicts(old: &ResultFile, new: &ResultFile, measure: &str) -> Vec<String> {
    let rows = diff(old, new, 0.01);
    let mut found: Vec<String> = rows
        .iter()
        .filter(|r| r.measure == measure)
        .map(|r| r.verdict().map_or_else(|| r.comparison.clone().expect_err("a reason"), ToOwned::to_owned))
        .collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn simulated_counts_are_compared_by_how_they_repeat() {
    let base = counted(1.0);
    let of = |factor| verdicts(&base, &counted(factor), "sim_instructions");
    assert_eq!(of(1.0), ["equivalent"]);
    assert_eq!(of(1.001), ["equivalent"], "known to ±0.1 % a side");
    assert_eq!(of(1.003), ["more"], "far less than the margin of times");
    assert_eq!(of(0.99), ["fewer"]);
    assert_eq!(verdicts(&base, &counted(1.003), "sim_branch_misses"), ["equivalent"]);
    assert!(verdicts(&base, &base, "instructions").is_empty(), "nobody asked the processor");

    let rows = diff(&base, &counted(1.2), 0.01);
    let worse: Vec<_> = rows.iter().filter(|r| r.regressed(0.05)).collect();
    assert!(!worse.is_empty() && worse.iter().all(|r| r.measure == "sim_instructions"), "{worse:#?}");
    assert!(worse.iter().all(|r| !r.regressed(0.25)));
    assert!(diff_counts(&rows).contains(" more"), "{}", diff_counts(&rows));
    let json = diff_json(&rows);
    let row = json.as_array().and_then(|r| r.iter().find(|r| r["measure"] == "sim_instructions"));
    assert_eq!(row.map(|r| &r["unit"]), Some(&"per call".into()));
    let text = diff_tables(&rows, None).render(runoff_report::Format::Table);
    assert!(text.contains("by which simulated counts repeat"), "{text}");
}

#[test]
fn counts_nobody_asked_for_are_not_lost() {
    let with = counted(1.0);
    let mut without = counted(1.0);
    without.header.plan.counters = None;
    without.blocks.retain(|b| b.mode != BlockMode::Counters);
    assert!(verdicts(&with, &without, "sim_instructions").is_empty());
    assert_eq!(verdicts(&without, &with, "sim_instructions"), ["not counted in the first result"]);
    // Who asked and got none has lost them.
    let mut failed = counted(1.0);
    for block in failed.blocks.iter_mut().filter(|b| b.mode == BlockMode::Counters) {
        block.status = Status::Failed { reason: "no".into() };
        block.samples.counters = None;
    }
    let rows = diff(&with, &failed, 0.01);
    assert!(rows.iter().filter(|r| r.measure == "sim_instructions").all(|r| r.lost), "{rows:#?}");
    assert!(rows.iter().any(|r| r.measure == "sim_instructions"));
}

#[test]
fn a_level_of_instructions_is_found_in_the_history() {
    let entry = |day: u64| {
        // Every run has a rounding of its own.
        let factor = if day < 12 { 1.0 } else { 1.05 } * (1.0 + 1e-4 * ((day * 7) % 5) as f64);
        let mut result = counted(factor);
        result.header.created_unix += day * 86_400;
        history_entry(&result, &format!("{day}"), "r.jsonl", Some(&format!("d{day}")), 0)
    };
    let entries: Vec<_> = (0..18).map(entry).collect();
    let kept = entries[0].cells.iter().find(|c| c.measure == "sim_instructions").expect("counted");
    assert!(kept.interval.is_some_and(|(low, high)| low < kept.median && kept.median < high));
    let all = trends(&entries);
    let counts: Vec<_> = all.iter().filter(|t| t.measure == "sim_instructions").collect();
    assert!(!counts.is_empty());
    for trend in &counts {
        assert_eq!(trend.quantity(), Quantity::Count);
        let change = trend.worse_by(0.03).expect("a change");
        assert_eq!(change.at, 12, "{change:?}");
    }
    let json = trends_json(&all).to_string();
    assert!(json.contains("\"unit\":\"per call\""));
}

#[test]
fn memory_has_the_spread_of_its_processes() {
    let cells = summarise(&Shape::new(4, 1, 6).result());
    let native = &cells[0];
    let peak = native.sizes[&Size::PeakRss];
    assert!(peak.processes == 6 && peak.interval.is_some_and(|(low, high)| low < high), "{peak:?}");
    let engine = native.sizes[&Size::EngineRss];
    assert!(engine.interval.is_some_and(|(low, high)| low < high && high < peak.median), "{engine:?}");
    let code = cells[3].sizes[&Size::Code];
    assert_eq!(code.interval, Some((code.median, code.median)), "the same in every process");
    let once = summarise(&Shape::new(4, 1, 1).result());
    assert_eq!(once[0].sizes[&Size::PeakRss].interval, None, "one process says nothing of the next");
}

#[test]
fn what_cannot_be_counted_is_no_failure() {
    let mut result = counted(1.0);
    for block in result.blocks.iter_mut().filter(|b| b.mode == BlockMode::Counters) {
        block.status = Status::Unsupported { reason: "its driver cannot".into() };
        block.samples.counters = None;
    }
    let cells = summarise(&result);
    let failing = cells.iter().filter(|c| c.failures().next().is_some()).count();
    let told = cells.iter().filter(|c| !c.problems.is_empty()).count();
    assert_eq!(
        (failing, told),
        (1, cells.len()),
        "one cell cannot run its module; all say why they count nothing"
    );
}
