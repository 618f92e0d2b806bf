//! Profiles kept between runs.

use runoff_data::{Phase, Profile, ResultFile, RuntimeProfile, SCHEMA_VERSION, View};

use crate::{candidates, summarise};

/// One profile per module of a result.
pub fn profiles(result: &ResultFile) -> Vec<Profile> {
    let plan = &result.header.plan;
    let summaries = summarise(result);
    plan.workloads
        .iter()
        .map(|workload| Profile {
            schema_version: SCHEMA_VERSION,
            module_sha256: workload.sha256.clone(),
            invoke: workload.invoke.clone(),
            args: workload.args.clone(),
            machine: result.header.machine.key(),
            measured_unix: result.header.created_unix,
            runtimes: candidates(result, &workload.name, false)
                .iter()
                .filter(|c| c.unusable.is_none() && !c.curves.is_empty())
                .filter_map(|c| {
                    let cell =
                        summaries.iter().find(|s| s.workload == workload.name && s.runtime == c.runtime)?;
                    let planned = plan.runtimes.iter().find(|r| r.id.as_str() == c.runtime)?;
                    let cold = |p: Phase| cell.phases.get(&p).and_then(|s| s.cold).map(|e| e.median);
                    let jit = cell.views.get(&View::Jit).and_then(|v| v.cold).map(|e| e.median);
                    let first = cold(Phase::FirstCall).unwrap_or(0.0);
                    let calls = c.measured_calls();
                    Some(RuntimeProfile {
                        runtime: c.runtime.clone(),
                        version: planned.identity.version.clone(),
                        startup_ns: jit.map_or(0.0, |t| (t - first).max(0.0)),
                        load_startup_ns: cell
                            .views
                            .get(&View::AotExecute)
                            .and_then(|v| v.cold)
                            .map(|e| (e.median - first).max(0.0)),
                        call_ns: cell.call()?.median,
                        cumulative_ns: calls.iter().map(|n| c.median_calls(*n)).collect(),
                        calls,
                        peak_rss: c.peak_rss,
                        processes: c.curves.len() as u32,
                    })
                })
                .collect(),
        })
        .collect()
}
