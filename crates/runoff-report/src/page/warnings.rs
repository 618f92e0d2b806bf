//! What a reader must know before believing a result.

use std::collections::BTreeMap;

use runoff_data::{CounterSource, EndReason, units};
use runoff_stats::{MIN_PROCESSES, relative_half_width};

use super::{Report, Run};

/// Half-width of an interval above which a cell counts as noisy.
const WIDE: f64 = 0.1;

/// Warnings of one run, the gravest first.
pub(crate) fn of_run(run: &Run) -> Vec<String> {
    let result = &run.result;
    let (header, machine) = (&result.header, &result.header.machine);
    let mut warnings = Vec::new();
    if !header.optimised_build {
        warnings.push("Measured by a build without optimisation (debug build): the figures say nothing about the runtimes.".to_owned());
    }
    match result.end.as_ref().map(|e| e.reason) {
        None => warnings.push("The run has no end: it was killed, or is still going on. `runoff bench --resume` goes on with it.".into()),
        Some(EndReason::Interrupted) => warnings.push("The run was interrupted; `runoff bench --resume` goes on with it.".into()),
        Some(EndReason::Precise | EndReason::Budget | EndReason::Rounds) => {}
    }
    if result.torn {
        warnings.push("The last line of the file was cut short and is left out.".into());
    }
    let rounds = result.blocks.iter().map(|b| b.round + 1).max().unwrap_or(0);
    if (rounds as usize) < MIN_PROCESSES {
        let rounds = if rounds == 1 { "1 round is".to_owned() } else { format!("{rounds} rounds are") };
        warnings.push(format!("{rounds} too few for any verdict: it takes {MIN_PROCESSES}."));
    }
    if let Some(load) = machine.load
        && load >= 0.5 * machine.cores as f64
    {
        warnings.push(format!(
            "The machine was busy when measuring began: load {} on {} processors.",
            units::digits(load),
            machine.cores
        ));
    }
    let calls: Vec<f64> = run
        .overview
        .cells
        .iter()
        .filter_map(runoff_analysis::CellSummary::call)
        .map(|e| relative_half_width(&e))
        .collect();
    let wide = calls.iter().filter(|w| **w > WIDE).count();
    if wide > 0 && rounds as usize >= MIN_PROCESSES {
        warnings.push(format!(
            "Noise: the call of {wide} of {} cells is known to no better than ±{:.0} %.",
            calls.len(),
            WIDE * 100.0
        ));
    }
    if let Some(governor) = machine.governor.as_deref().filter(|g| *g != "performance") {
        warnings.push(format!(
            "Frequency governor `{governor}`: the processor's clock may change while measuring."
        ));
    }
    if machine.turbo == Some(true) {
        warnings.push("Turbo frequencies are on: they depend on temperature and on what else runs.".into());
    }
    if !machine.environment.is_empty() {
        warnings.push(format!(
            "Measured in: {}. Neighbours on the same hardware cannot be seen.",
            machine.environment.join(", ")
        ));
    }
    warnings.extend(missing(run));
    warnings
}

/// Measures that are absent, once each with how many cells lack them.
fn missing(run: &Run) -> Vec<String> {
    let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for block in &run.result.blocks {
        // What a simulated processor does not have is said with its counts.
        let counters = block.samples.counters.as_ref();
        if counters.is_some_and(|c| c.source == CounterSource::Simulated) {
            continue;
        }
        for missing in &block.samples.missing {
            *reasons.entry((&missing.what, &missing.why)).or_default() += 1;
        }
    }
    let mut list: Vec<_> = reasons.into_iter().collect();
    list.sort_by_key(|(_, blocks)| std::cmp::Reverse(*blocks));
    list.into_iter()
        .take(12)
        .map(|((what, why), blocks)| format!("Not measured in {blocks} processes: {what} ({why})."))
        .collect()
}

/// What must be known when results are put side by side.
pub(crate) fn between(report: &Report) -> Vec<String> {
    let mut warnings = Vec::new();
    let machines = report.machines();
    if machines.len() > 1 {
        warnings.push(format!("The results come from {} different machines: compare runtimes within one machine, and rankings between them.", machines.len()));
    }
    let mut versions: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    let mut modules: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for run in &report.runs {
        for runtime in &run.result.header.plan.runtimes {
            versions.entry(runtime.id.as_str()).or_default().push((&run.label, &runtime.identity.version));
        }
        for workload in &run.result.header.plan.workloads {
            modules.entry(&workload.name).or_default().push((&run.label, &workload.sha256));
        }
    }
    for (id, seen) in &versions {
        if seen.iter().any(|(_, v)| *v != seen[0].1) {
            let list: Vec<String> =
                seen.iter().map(|(label, version)| format!("{version} in {label}")).collect();
            warnings.push(format!("{id} is not the same version everywhere: {}.", list.join(", ")));
        }
    }
    for (name, seen) in &modules {
        if seen.iter().any(|(_, digest)| *digest != seen[0].1) {
            warnings.push(format!(
                "{name} is not the same module in all results; its cells are not put side by side."
            ));
        }
    }
    warnings
}
