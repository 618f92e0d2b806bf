//! Cells as candidates for choosing.

use runoff_data::{BlockMode, Cell, Phase, PlannedRuntime, ResultFile, cells};
use runoff_pick::{Ability, Candidate, ProcessCurve};
use runoff_runtime::{Capabilities, DeadlineSupport, MemoryCap, TrustClass};
use runoff_stats::median;

/// The runtimes that ran `workload`, as candidates. With `cached`, code is loaded where the runtime can.
pub fn candidates(result: &ResultFile, workload: &str, cached: bool) -> Vec<Candidate> {
    let planned = &result.header.plan.runtimes;
    cells(result)
        .iter()
        .filter(|c| c.workload == workload)
        .map(|c| candidate(c, planned.iter().find(|r| r.id.as_str() == c.runtime), cached))
        .collect()
}

fn candidate(cell: &Cell<'_>, planned: Option<&PlannedRuntime>, cached: bool) -> Candidate {
    let steady: Vec<(u32, f64)> = cell
        .warm(BlockMode::Jit, Phase::Call)
        .into_iter()
        .filter_map(|(round, samples)| Some((round, median(&samples)?)))
        .collect();
    let overall = median(&steady.iter().map(|(_, ns)| *ns).collect::<Vec<_>>());
    let loads = cached && cell.ok(BlockMode::Aot).next().is_some();
    let mode = if loads { BlockMode::Aot } else { BlockMode::Jit };
    let curves = cell
        .ok(mode)
        .filter_map(|block| {
            let curve = block.samples.curve.as_ref()?;
            let own = steady.iter().find(|(round, _)| *round == block.round).map(|(_, ns)| *ns);
            let points = curve.calls.iter().copied().zip(curve.cumulative_ns.iter().copied()).collect();
            Some(ProcessCurve::new(block.round, curve.startup_ns, points, own.or(overall)))
        })
        .collect();
    let bytes = |get: fn(&runoff_data::Samples) -> Option<u64>| {
        median(&cell.ok(mode).filter_map(|b| get(&b.samples)).map(|n| n as f64).collect::<Vec<_>>())
    };
    let capabilities = planned.map(|p| &p.capabilities);
    Candidate {
        runtime: cell.runtime.to_owned(),
        curves,
        peak_rss: bytes(|s| s.memory.peak_rss).map(|n| n as u64),
        artifact_bytes: median(
            &cell
                .ok(BlockMode::Jit)
                .filter_map(|b| b.samples.artifact_bytes)
                .map(|n| n as f64)
                .collect::<Vec<_>>(),
        )
        .map(|n| n as u64),
        features: capabilities
            .map(|c| c.features.iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
        abilities: capabilities.map(abilities).unwrap_or_default(),
        untrusted: capabilities.is_some_and(|c| c.trust == TrustClass::InProcess) && cell.runtime != "native",
        trust: capabilities.filter(|_| cell.runtime != "native").map(|c| c.trust.to_string()),
        restriction: planned.and_then(|p| p.identity.restriction.clone()),
        own_process_ns: own_process(cell),
        unusable: if planned.is_some_and(|p| p.process_only) {
            Some("it is a command line, timed as a whole process only".into())
        } else {
            cell.problem(mode).and_then(|s| s.problem()).map(|(kind, reason)| format!("{kind}: {reason}"))
        },
    }
}

fn abilities(capabilities: &Capabilities) -> Vec<Ability> {
    let has = |ability: &Ability| match ability {
        Ability::Deadline => capabilities.deadline != DeadlineSupport::KillOnly,
        Ability::MemoryCap => capabilities.memory_cap == MemoryCap::Exact,
        Ability::Save => capabilities.save_load,
        Ability::Threads => capabilities.thread_safe_module,
    };
    Ability::ALL.into_iter().filter(has).collect()
}

/// A runtime without an initialisation of its own is there when its process is.
fn own_process(cell: &Cell<'_>) -> Option<f64> {
    let blocks = || cell.ok(BlockMode::Jit);
    if blocks().any(|b| b.samples.phases.contains_key(&Phase::Init)) {
        return None;
    }
    median(&blocks().filter_map(|b| b.samples.phases.get(&Phase::Bootstrap)?.cold_ns).collect::<Vec<_>>())
}
