//! The pass under Valgrind that follows the rounds: every measured cell once, side by side, within its bounds.
//!
//! Workers are scripts here; what they would count does not matter. Skipped where there is no Valgrind.

use std::cell::Cell;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use runoff_bench::supervisor::{Launch, Valgrind};
use runoff_bench::{Progress, Run};
use runoff_data::{
    Block, BlockMode, CounterPlan, CounterSource, End, EndReason, Header, Machine, Plan, PlannedRuntime,
    ResultWriter, SCHEMA_VERSION, Status,
};
use runoff_workloads::{Overrides, Workload, resolve};
use serde_json::json;

struct Quiet;

impl Progress for Quiet {
    fn block(&mut self, _: u32, _: usize, _: usize, _: &str, _: &str) {}
    fn counting(&mut self, _: usize, _: usize, _: &str, _: &str) {}
    fn ended(&mut self, _: &Block) {}
    fn round(&mut self, _: u32, _: Duration) {}
}

fn runtime(id: &str) -> PlannedRuntime {
    let planned = json!({ "id": id,
        "identity": { "id": id, "version": "1", "technique": "made up", "features": [], "flags": {},
            "compile_threads": 1, "bounds_checks": "explicit", "cpu_features": "none" },
        "capabilities": { "features": [], "compiles": true, "separate_validate": false, "save_load": false,
            "lazy": false, "deadline": "epoch", "memory_cap": "exact", "thread_safe_module": false,
            "stack_trap": false, "max_host_results": null, "code_size": false, "trust": "in-process" } });
    serde_json::from_value(planned).expect("a runtime")
}

/// A worker that does `jit` when it is to measure and `counting` when it is to count, and then says all is well.
fn worker(id: &str, jit: &str, counting: &str) -> Launch {
    let planned = runtime(id);
    let hello = json!({ "msg": "hello", "protocol": runoff_bench::protocol::PROTOCOL_VERSION,
        "identity": planned.identity, "capabilities": planned.capabilities, "clock_ns": 1.0, "counters": true });
    let counts = json!({ "source": "simulated", "calls": 1, "events": { "instructions": 7 } });
    let done = json!({ "msg": "outcome", "status": "ok", "counters": counts });
    let script = format!(
        "echo '{hello}'; read job; case \"$job\" in *'\"mode\":\"counters\"'*) {counting};; *) {jit};; esac; \
         echo '{done}'; echo '{{\"msg\":\"bye\"}}'"
    );
    Launch { program: PathBuf::from("/bin/sh"), args: vec!["-c".into(), script], ..Launch::default() }
}

fn header(runtimes: &[&str], workloads: &[Workload], budget_s: Option<f64>) -> Header {
    let plan = Plan {
        runtimes: runtimes.iter().map(|id| runtime(id)).collect(),
        workloads: workloads.iter().map(|w| w.spec.clone()).collect(),
        max_rounds: 1,
        calls: 1,
        block_ms: 1,
        block_timeout_s: 60.0,
        max_memory_bytes: 1 << 32,
        counters: Some(CounterPlan { source: CounterSource::Simulated, block_timeout_s: 20.0, budget_s }),
        ..Plan::default()
    };
    Header {
        schema_version: SCHEMA_VERSION,
        runoff_version: "0".into(),
        created_unix: 0,
        optimised_build: true,
        machine: Machine::default(),
        plan,
    }
}

fn workloads() -> Vec<Workload> {
    let bundled = ["fibonacci", "nbody"].map(|name| resolve(name, &Overrides::default()).expect("bundled"));
    bundled.into_iter().flatten().collect()
}

fn go(
    header: &Header,
    workloads: &[Workload],
    start: &dyn Fn(&str) -> Launch,
    done: Vec<Block>,
    stop: &dyn Fn() -> bool,
) -> (Vec<Block>, End) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = ResultWriter::create(&folder.path().join("r.jsonl"), header).expect("a file");
    let process = |_: &str, _: &Workload, _: &Path| Err("none here".to_owned());
    let run = Run {
        header,
        workloads,
        worker: start,
        process: &process,
        scratch: folder.path(),
        interrupted: stop,
    };
    run.go(&mut writer, done, &mut |_| false, &mut Quiet).expect("a run")
}

fn counted(blocks: &[Block]) -> Vec<&Block> {
    blocks.iter().filter(|b| b.mode == BlockMode::Counters).collect()
}

fn skip() -> bool {
    let missing = Valgrind::find().err();
    if let Some(reason) = &missing {
        // Where tests are read, it is seen that nothing was tested.
        let _ = writeln!(std::io::stderr(), "skipped: {reason}");
    }
    missing.is_some()
}

#[test]
fn every_measured_cell_is_counted_once_and_side_by_side() {
    if skip() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().display();
    // Each waits for the other of its workload: one after the other they would both be killed.
    let meet = |own: &str, other: &str| {
        format!(
            "name=${{job#*\\\"name\\\":\\\"}}; name=${{name%%\\\"*}}; : > {folder}/$name-{own}; \
             until [ -e {folder}/$name-{other} ]; do sleep 0.05; done"
        )
    };
    let alone = std::thread::available_parallelism().map_or(1, usize::from) < 2;
    let start = |id: &str| match id {
        _ if alone => worker(id, ":", ":"),
        "a" => worker(id, ":", &meet("a", "b")),
        "b" => worker(id, ":", &meet("b", "a")),
        _ => worker(id, "exit 9", ":"),
    };
    let workloads = workloads();
    let header = header(&["a", "b", "broken"], &workloads, None);
    let (blocks, end) = go(&header, &workloads, &start, Vec::new(), &|| false);
    let found = counted(&blocks);
    assert_eq!(found.len(), if alone { 6 } else { 4 }, "{found:#?}");
    for block in &found {
        assert_eq!(block.status, Status::Ok, "{block:#?}");
        assert!(block.samples.counters.is_some() && block.samples.phases.is_empty(), "{block:#?}");
        assert!(
            alone || block.runtime.as_str() != "broken",
            "what was not measured is not counted: {block:#?}"
        );
    }
    assert_eq!(end.reason, EndReason::Rounds);
    let (again, _) = go(&header, &workloads, &start, blocks.clone(), &|| false);
    assert_eq!(counted(&again).len(), found.len(), "a run that goes on counts nothing twice");
}

#[test]
fn what_takes_too_long_dies_or_comes_too_late_is_a_row() {
    if skip() {
        return;
    }
    let start = |id: &str| match id {
        "slow" => worker(id, ":", "sleep 60"),
        _ => worker(id, ":", "kill -SEGV $$"),
    };
    let workloads = &workloads()[..1];
    let mut header = header(&["slow", "dies"], workloads, None);
    header.plan.counters = header.plan.counters.map(|c| CounterPlan { block_timeout_s: 3.0, ..c });
    let (blocks, _) = go(&header, workloads, &start, Vec::new(), &|| false);
    let reason = |runtime: &str| {
        let block = counted(&blocks).into_iter().find(|b| b.runtime.as_str() == runtime).expect("a row");
        block.status.problem().map(|(kind, reason)| format!("{kind}: {reason}")).unwrap_or_default()
    };
    assert!(reason("slow").starts_with("timed out: took too long under Valgrind"), "{}", reason("slow"));
    assert!(reason("dies").starts_with("crashed: under Valgrind"), "{}", reason("dies"));

    header.plan.counters = header.plan.counters.map(|c| CounterPlan { budget_s: Some(-1.0), ..c });
    let (blocks, _) = go(&header, workloads, &start, Vec::new(), &|| false);
    for block in counted(&blocks) {
        let problem = block.status.problem().map(|(_, reason)| reason).unwrap_or_default();
        assert!(problem.contains("was spent before its turn"), "{block:#?}");
    }
    assert_eq!(counted(&blocks).len(), 2);
}

#[test]
fn a_user_who_stops_it_may_go_on() {
    if skip() {
        return;
    }
    let start = |id: &str| worker(id, ":", "sleep 60");
    let workloads = &workloads()[..1];
    let header = header(&["a"], workloads, None);
    // The timed block looks at it a few times; then the user has had enough.
    let looks = Cell::new(0);
    let stop = || {
        looks.set(looks.get() + 1);
        looks.get() > 60
    };
    let (blocks, end) = go(&header, workloads, &start, Vec::new(), &stop);
    assert_eq!(end.reason, EndReason::Interrupted);
    assert!(counted(&blocks).is_empty(), "what was cut off is no row: {blocks:#?}");
    assert_eq!(blocks.len(), 1, "what was measured is kept");
}
