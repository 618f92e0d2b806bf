//! Simulations as text.

use runoff_data::units;
use runoff_simulate::{CORE, CostTable, Mix, OURS, PolicyReport, Report};
use serde_json::{Value, json};

use crate::Table;
use crate::table::ABSENT;

/// Policies side by side, and ours by kind of trace.
pub fn simulation_tables(report: &Report, table: &CostTable, mix: &Mix, recorded: bool) -> Vec<Table> {
    let mut policies = Table::new(
        format!(
            "{} of {} calls, each on its own: policies against the clairvoyant optimum",
            if report.traces == 1 { "1 trace".into() } else { format!("{} traces", report.traces) },
            units::count(report.calls as f64)
        ),
        &[
            "policy",
            "ALG/OPT",
            "worst",
            "work ALG/OPT",
            "work worst",
            "waited",
            "compiled",
            "p50",
            "p95",
            "p99",
            "first p95",
        ],
    );
    for policy in &report.policies {
        let timeless = policy.name == CORE;
        let ratio = |x: f64| if x > 0.0 { format!("{x:.2}") } else { ABSENT.into() };
        let time = |ns: f64| if timeless { ABSENT.into() } else { units::time(ns) };
        policies.row(vec![
            policy.name.clone(),
            ratio(policy.mean),
            ratio(policy.worst),
            ratio(policy.work_mean),
            ratio(policy.work_worst),
            time(policy.waited_ns),
            units::time(policy.compiled_ns),
            time(policy.response_ns[0]),
            time(policy.response_ns[1]),
            time(policy.response_ns[2]),
            time(policy.first_p95_ns),
        ]);
    }
    policies.row(vec![
        "clairvoyant optimum".into(),
        "1.00".into(),
        "1.00".into(),
        "1.00".into(),
        "1.00".into(),
    ]);
    policies.note("ALG/OPT: what callers waited for and what was compiled, over the exact optimum; mean and worst over traces. work: processor time alone");
    policies.note(format!("{CORE}: the rule of hindsight when builds take no time, the model in which twice the optimum is the bound: see its work worst"));
    if !recorded && mix.noise == 0.0 && !mix.build_herds {
        policies.note(format!(
            "limits that are tested: {OURS} ALG/OPT at most 1.30 and worst at most 2.00; {CORE} the same of work"
        ));
    }
    if let Some(ours) = ours(report) {
        policies.note(format!(
            "first requests: p95 of {OURS} is {:.2} of that of the tier that starts fastest; its worst trace: number {}, {}, {}, {} calls",
            report.first_request, ours.worst_at.index, ours.worst_at.kind, ours.worst_at.module, ours.worst_at.calls
        ));
    }
    let from = &table.provenance;
    policies.note(format!(
        "costs: {} modules measured by Runoff {} on {}",
        table.modules.len(),
        from.runoff_version,
        from.machine
    ));
    if !recorded {
        policies.note(format!("seed {}, spread of work {}", mix.seed, mix.noise));
    }
    let mut kinds = Table::new(
        format!("{OURS} by kind of trace"),
        &["kind", "traces", "ALG/OPT", "worst", "work ALG/OPT", "work worst"],
    );
    for (kind, one) in &report.kinds {
        let ratios = [one.mean, one.worst, one.work_mean, one.work_worst].map(|x| format!("{x:.2}"));
        kinds.row([vec![kind.clone(), one.traces.to_string()], ratios.to_vec()].concat());
    }
    vec![policies, kinds]
}

fn ours(report: &Report) -> Option<&PolicyReport> {
    report.policies.iter().find(|p| p.name == OURS)
}

/// One line per policy; times in nanoseconds.
pub fn simulation_long(report: &Report) -> Table {
    let header = [
        "policy",
        "traces",
        "alg_opt_mean",
        "alg_opt_worst",
        "work_mean",
        "work_worst",
        "waited_ns",
        "compiled_ns",
        "p50_ns",
        "p95_ns",
        "p99_ns",
        "first_p95_ns",
    ];
    let mut table = Table::new("", &header);
    for p in &report.policies {
        // The core has no times to speak of.
        let timed = |x: f64| if p.name == CORE { String::new() } else { x.to_string() };
        let [p50, p95, p99] = p.response_ns.map(timed);
        table.row(vec![
            p.name.clone(),
            p.traces.to_string(),
            timed(p.mean),
            timed(p.worst),
            p.work_mean.to_string(),
            p.work_worst.to_string(),
            timed(p.waited_ns),
            p.compiled_ns.to_string(),
            p50,
            p95,
            p99,
            timed(p.first_p95_ns),
        ]);
    }
    table
}

/// The report for programs; times in nanoseconds.
pub fn simulation_json(report: &Report, table: &CostTable, mix: &Mix, recorded: bool) -> Value {
    let policy = |p: &PolicyReport| {
        let timed = |x: f64| if p.name == CORE { Value::Null } else { json!(x) };
        json!({
            "policy": p.name,
            "traces": p.traces,
            "alg_opt": { "mean": timed(p.mean), "worst": timed(p.worst) },
            "work_alg_opt": { "mean": p.work_mean, "worst": p.work_worst },
            "worst_trace": {
                "index": p.worst_at.index, "kind": p.worst_at.kind,
                "module": p.worst_at.module, "calls": p.worst_at.calls,
            },
            "waited_ns": timed(p.waited_ns),
            "compiled_ns": p.compiled_ns,
            "response_ns": { "p50": timed(p.response_ns[0]), "p95": timed(p.response_ns[1]), "p99": timed(p.response_ns[2]) },
            "first_p95_ns": timed(p.first_p95_ns),
        })
    };
    json!({
        "schema_version": runoff_data::SCHEMA_VERSION,
        "traces": report.traces,
        "calls": report.calls,
        "optimum_ns": report.optimum_ns,
        "first_request_p95_ratio": report.first_request,
        "policies": report.policies.iter().map(policy).collect::<Vec<_>>(),
        "kinds": report.kinds.iter().map(|(kind, k)| json!({
            "kind": kind, "traces": k.traces,
            "alg_opt": { "mean": k.mean, "worst": k.worst },
            "work_alg_opt": { "mean": k.work_mean, "worst": k.work_worst },
        })).collect::<Vec<_>>(),
        "library": if recorded { Value::Null } else { json!({
            "seed": mix.seed, "most_calls": mix.most_calls, "noise": mix.noise,
        }) },
        "costs": table.provenance,
    })
}
