//! Workers that misbehave: each is a status with its reason, soon, and nothing of it is left over.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use runoff_bench::protocol::Job;
use runoff_bench::supervisor::{Bounds, Launch, WholeProcess, introduce, run_worker, whole_process};
use runoff_data::{BlockMode, PlannedWorkload, Status};

fn shell(script: &str) -> Launch {
    Launch { program: PathBuf::from("/bin/sh"), args: vec!["-c".into(), script.into()], ..Launch::default() }
}

fn job() -> Job {
    Job {
        counters: None,
        mode: BlockMode::Jit,
        module: "m.wasm".into(),
        workload: PlannedWorkload { name: "m".into(), ..PlannedWorkload::default() },
        expected_text: None,
        artifact: "artifact".into(),
        calls: 1,
        block_ms: 1,
        stdout: None,
        call: None,
    }
}

const BOUNDS: Bounds = Bounds { timeout: Duration::from_millis(700), max_memory: 200 << 20 };

fn status(script: &str) -> Status {
    run_worker(&shell(script), &job(), BOUNDS, &|| false).expect("not stopped").status
}

fn reason(status: &Status) -> String {
    status.problem().map(|(_, reason)| reason.to_owned()).unwrap_or_default()
}

#[test]
fn a_silent_worker_is_killed_in_time() {
    let begin = Instant::now();
    let ended = status("sleep 60");
    assert!(matches!(ended, Status::TimedOut { .. }), "{ended:?}");
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_death_names_its_signal_or_code_and_last_words() {
    let ended = status("kill -SEGV $$");
    assert!(matches!(ended, Status::Crashed { .. }) && reason(&ended).contains("SIGSEGV"), "{ended:?}");
    let ended = status("echo 'out of luck' >&2; exit 9");
    assert!(reason(&ended).contains("code 9") && reason(&ended).contains("out of luck"), "{ended:?}");
}

#[test]
fn nonsense_and_floods_are_crashes_of_the_worker() {
    for script in ["echo nonsense", "echo '{}'; sleep 60", "yes", "head -c 5000000 /dev/zero; sleep 60"] {
        let begin = Instant::now();
        let ended = status(script);
        assert!(!ended.is_ok() && !reason(&ended).is_empty(), "{script}: {ended:?}");
        assert!(begin.elapsed() < Duration::from_secs(10), "{script}");
    }
}

#[test]
fn a_worker_that_eats_memory_is_killed_at_its_limit() {
    // The shell holds what it reads into a variable.
    let patient = Bounds { timeout: Duration::from_mins(1), ..BOUNDS };
    let hungry = shell("x=$(head -c 600000000 /dev/zero | tr '\\0' x); sleep 60");
    let ended = run_worker(&hungry, &job(), patient, &|| false).expect("not stopped").status;
    assert!(matches!(ended, Status::OutOfMemory { .. }), "{ended:?}");
    assert!(reason(&ended).contains("MiB"), "{ended:?}");
}

#[test]
fn a_program_that_is_not_there_is_said_so() {
    let launch = Launch { program: "/no/such/program".into(), ..Launch::default() };
    let ended = run_worker(&launch, &job(), BOUNDS, &|| false).expect("not stopped").status;
    assert!(reason(&ended).contains("/no/such/program"), "{ended:?}");
    assert!(introduce(&launch, Duration::from_secs(1)).is_err());
}

#[test]
fn a_user_who_stops_waits_for_nothing() {
    let begin = Instant::now();
    let patient = Bounds { timeout: Duration::from_mins(1), ..BOUNDS };
    assert!(run_worker(&shell("sleep 60"), &job(), patient, &|| true).is_none());
    assert!(
        whole_process(
            &WholeProcess { launch: shell("sleep 60"), ..WholeProcess::default() },
            &PlannedWorkload::default(),
            None,
            patient,
            &|| true
        )
        .is_none()
    );
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_stranger_is_not_introduced() {
    let error = introduce(&shell("echo hello"), Duration::from_secs(5)).expect_err("no runtime");
    assert!(error.contains("hello"), "{error}");
    let error = introduce(&shell("sleep 60"), Duration::from_millis(200)).expect_err("no runtime");
    assert!(error.contains("200ms"), "{error}");
    let error = introduce(&shell("echo broken >&2; exit 1"), Duration::from_secs(5)).expect_err("no runtime");
    assert!(error.contains("broken"), "{error}");
}

#[test]
fn a_whole_process_is_timed_and_its_output_checked() {
    let bounds = Bounds { timeout: Duration::from_secs(10), ..BOUNDS };
    let report = whole_process(
        &WholeProcess { launch: shell("sleep 0.05; echo 55"), ..WholeProcess::default() },
        &PlannedWorkload::default(),
        None,
        bounds,
        &|| false,
    )
    .expect("a report");
    assert!(report.status.is_ok(), "{:?}", report.status);
    let cost = report.samples.process.expect("a cost");
    assert!(cost.wall_ns > 50e6 && cost.wall_ns < 9e9, "{cost:?}");
    let wrong = whole_process(
        &WholeProcess { launch: shell("echo 56"), ..WholeProcess::default() },
        &PlannedWorkload { expected: Some("0000".into()), ..PlannedWorkload::default() },
        None,
        bounds,
        &|| false,
    )
    .expect("a report");
    assert!(matches!(wrong.status, Status::Wrong { .. }), "{:?}", wrong.status);
    let late = whole_process(
        &WholeProcess { launch: shell("sleep 60"), ..WholeProcess::default() },
        &PlannedWorkload::default(),
        None,
        BOUNDS,
        &|| false,
    )
    .expect("a report");
    assert!(matches!(late.status, Status::TimedOut { .. }), "{:?}", late.status);
}
