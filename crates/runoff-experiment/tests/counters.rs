//! Measures of events in figures and claims: simulated ones say so, absent ones say why.

use std::collections::BTreeMap;

use runoff_data::{
    Block, BlockMode, CounterSource, Counters, Event, Header, Machine, Missing, Plan, PlannedRuntime,
    PlannedWorkload, ResultFile, SCHEMA_VERSION, Samples, Status,
};
use runoff_experiment::{Experiment, Results, Verdict, figure, judge, not_shown};
use serde_json::json;

const TEXT: &str = r#"
title = "Counts"
about = "What is counted."
[run.r]
workloads = ["w"]
counters = true
[[figure]]
title = "Instructions"
run = "r"
measure = "instructions"
relative_to = "native"
[[figure]]
title = "IPC"
run = "r"
measure = "ipc"
[[claim]]
where = "1"
says = "more instructions"
run = "r"
rule = { kind = "ratio", left = { runtime = "slow", measure = "instructions" }, right = { runtime = "native", measure = "instructions" }, above = 2.99, below = 3.01 }
[[claim]]
where = "2"
says = "higher IPC"
run = "r"
rule = { kind = "ratio", left = { runtime = "slow", measure = "ipc" }, right = { runtime = "native", measure = "ipc" }, above = 1 }
[[claim]]
where = "3"
says = "misses when caches are empty"
run = "r"
rule = { kind = "ratio", left = { runtime = "slow", measure = "cold_cache_miss_ratio" }, right = { runtime = "native", measure = "cold_cache_miss_ratio" }, above = 1 }
"#;

fn runtime(id: &str) -> PlannedRuntime {
    let planned = json!({ "id": id,
        "identity": { "id": id, "version": "1", "technique": "made up", "features": [], "flags": {}, "compile_threads": 1,
            "bounds_checks": "explicit", "cpu_features": "none" },
        "capabilities": { "features": [], "compiles": true, "separate_validate": false, "save_load": false, "lazy": false,
            "deadline": "epoch", "memory_cap": "exact", "thread_safe_module": false, "stack_trap": false,
            "max_host_results": null, "code_size": false, "trust": "in-process" } });
    serde_json::from_value(planned).expect("a runtime")
}

/// A result in which `native` and `slow` were counted as given.
fn result(counted: impl Fn(u64) -> Option<Counters>, missing: &[(&str, &str)], machine: &str) -> Results {
    let block = |runtime: &str, times: u64| Block {
        round: 0,
        order: 0,
        runtime: runoff_runtime_id(runtime),
        workload: "w".into(),
        mode: BlockMode::Counters,
        status: Status::Ok,
        samples: Samples {
            counters: counted(times),
            missing: missing
                .iter()
                .map(|(what, why)| Missing { what: (*what).into(), why: (*why).into() })
                .collect(),
            ..Samples::default()
        },
    };
    let plan = Plan {
        runtimes: vec![runtime("native"), runtime("slow")],
        workloads: vec![PlannedWorkload { name: "w".into(), ..PlannedWorkload::default() }],
        ..Plan::default()
    };
    let header = Header {
        schema_version: SCHEMA_VERSION,
        runoff_version: "0".into(),
        created_unix: 0,
        optimised_build: true,
        machine: Machine { counters: Some(machine.into()), ..Machine::default() },
        plan,
    };
    let blocks = if counted(1).is_some() { vec![block("native", 1), block("slow", 3)] } else { Vec::new() };
    let result = ResultFile { header, blocks, end: None, torn: false };
    [("r".to_owned(), result)].into()
}

fn runoff_runtime_id(id: &str) -> runoff_runtime::RuntimeId {
    runoff_runtime::RuntimeId::new(id)
}

fn simulated(times: u64) -> Counters {
    Counters {
        source: CounterSource::Simulated,
        calls: 10,
        events: [(Event::Instructions, 1000 * times)].into(),
        cold: [(Event::CacheMisses, 50), (Event::CacheReferences, 100 / times)].into(),
        running: None,
        model: vec!["I1 cache: small".into()],
    }
}

#[test]
fn simulated_counts_say_so_and_what_they_cannot_be() {
    let experiment = Experiment::parse(TEXT).expect("an experiment");
    let results = result(
        |times| Some(simulated(times)),
        &[("cycles", "a simulated processor has none")],
        "no counters here",
    );
    let shown = figure(&experiment.figures[0], &results);
    let mean = shown.rows.iter().find(|r| r.runtime == "slow").and_then(|r| r.mean).expect("a mean");
    assert!((mean.mean - 3.0).abs() < 1e-9);
    assert!(shown.note.as_ref().is_some_and(|n| n.contains("Simulated by Valgrind")), "{shown:?}");
    let ipc = figure(&experiment.figures[1], &results);
    assert!(
        ipc.note.as_ref().is_some_and(|n| n.contains("Not measured: a simulated processor has none")),
        "{ipc:?}"
    );

    let missing = not_shown(&experiment, &results);
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].what == "IPC" && missing[0].why.contains("none"), "{missing:?}");
    let judged: Vec<_> = experiment.claims.iter().map(|c| judge(c, &results)).collect();
    assert_eq!(judged[0].verdict, Verdict::Holds, "three times, known to a thousandth: {judged:?}");
    assert!(judged[0].found.ends_with("simulated"), "{judged:?}");
    assert_eq!(judged[1].verdict, Verdict::NotMeasured);
    assert!(judged[1].found.contains("a simulated processor has none"), "{judged:?}");
    assert_eq!(judged[2].verdict, Verdict::Holds, "three times is more than caches vary: {judged:?}");
}

#[test]
fn absent_counts_say_why() {
    let experiment = Experiment::parse(TEXT).expect("an experiment");
    let results = result(|_| None, &[], "not permitted: perf_event_paranoid is 4");
    for claim in &experiment.claims {
        let judged = judge(claim, &results);
        assert_eq!(judged.verdict, Verdict::NotMeasured);
        assert!(
            judged.found.contains("perf_event_paranoid is 4") && judged.found.contains("Valgrind"),
            "{judged:?}"
        );
    }
}

#[test]
fn one_hardware_process_is_no_certainty() {
    let experiment = Experiment::parse(TEXT).expect("an experiment");
    let hardware = |times: u64| {
        let events = [(Event::Instructions, 1000 * times), (Event::Cycles, 500)];
        Some(Counters {
            source: CounterSource::Hardware,
            calls: 10,
            events: BTreeMap::from(events),
            cold: BTreeMap::new(),
            running: Some(1.0),
            model: Vec::new(),
        })
    };
    let results = result(hardware, &[], "available");
    let judged: Vec<_> = experiment.claims.iter().map(|c| judge(c, &results)).collect();
    assert_eq!(judged[0].verdict, Verdict::Unsure, "{judged:?}");
    assert!(judged[0].found.starts_with("3.00") && !judged[0].found.contains("simulated"), "{judged:?}");
    assert_eq!(judged[1].verdict, Verdict::Unsure, "{judged:?}");
    assert!(judged[2].found.contains("only a simulated processor can empty its caches"), "{judged:?}");
}
