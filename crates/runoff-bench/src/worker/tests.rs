//! Blocks on a runtime that only lets an injected clock advance: every time reported is known beforehand.

use std::sync::Arc;
use std::time::Duration;

use runoff_data::{BlockMode, Phase, PlannedWorkload, Status};
use runoff_runtime::fake::{FakeCosts, FakeRuntime, FakeScript, FakeStep};
use runoff_runtime::{Clock, Failure, ManualClock, Trap, sha256_hex};
use runoff_workloads::Output;

use super::memory::Floor;
use super::run_block;
use crate::protocol::{FromWorker, Job, Sample};

const MODULE: &str = r#"(module (func (export "run") (param i32) (result i32) (local.get 0)))"#;

fn costs() -> FakeCosts {
    let us = Duration::from_micros;
    FakeCosts {
        validate: us(3),
        compile: us(100),
        save: us(20),
        load: us(7),
        instantiate: us(11),
        first_call: us(50),
        call: us(2),
        teardown: us(1),
    }
}

/// Runs one block of `run(41)`, whose right answer is 42.
fn block(mode: BlockMode, script: FakeScript, folder: &tempfile::TempDir) -> Vec<FromWorker> {
    let wasm = wat::parse_str(MODULE).expect("a module");
    let module = folder.path().join("m.wasm");
    std::fs::write(&module, &wasm).expect("a file");
    let right = Output::Results(vec![runoff_runtime::Value::I32(42)]);
    let job = Job {
        counters: None,
        mode,
        module: module.display().to_string(),
        workload: PlannedWorkload {
            name: "m".into(),
            path: None,
            bundled: None,
            sha256: sha256_hex(&wasm),
            bytes: wasm.len() as u64,
            invoke: Some("run".into()),
            args: vec!["41".into()],
            stdin: None,
            dirs: Vec::new(),
            env: std::collections::BTreeMap::new(),
            expected: Some(right.digest()),
            ..PlannedWorkload::default()
        },
        expected_text: Some("42".into()),
        artifact: folder.path().join("artifact").display().to_string(),
        calls: 100,
        block_ms: 3,
        stdout: None,
        call: None,
    };
    let clock = ManualClock::new();
    let runtime = FakeRuntime::new("fake", clock.clone(), script);
    let clock: Arc<dyn Clock> = Arc::new(clock);
    let mut messages = Vec::new();
    run_block(&runtime, &job, &clock, Floor::read(), &mut |message| messages.push(message));
    messages
}

fn samples(messages: &[FromWorker]) -> Vec<&Sample> {
    messages
        .iter()
        .filter_map(|m| match m {
            FromWorker::Sample(sample) => Some(sample),
            _ => None,
        })
        .collect()
}

fn cold(messages: &[FromWorker]) -> Vec<(Phase, f64)> {
    samples(messages).iter().filter(|s| s.cold).map(|s| (s.phase, s.ns[0])).collect()
}

fn status(messages: &[FromWorker]) -> &Status {
    match messages.last() {
        Some(FromWorker::Outcome(outcome)) => &outcome.status,
        other => panic!("the outcome comes last, not {other:?}"),
    }
}

#[test]
fn phases_cost_what_the_script_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let messages = block(BlockMode::Jit, FakeScript { costs: costs(), ..FakeScript::default() }, &folder);
    assert_eq!(*status(&messages), Status::Ok);
    assert_eq!(
        cold(&messages),
        [
            (Phase::Validate, 3e3),
            (Phase::Compile, 100e3),
            (Phase::Instantiate, 11e3),
            (Phase::FirstCall, 50e3),
            (Phase::Save, 20e3),
            (Phase::Teardown, 1e3),
        ]
    );
    // Steady calls never contain the first one's translation.
    let steady: Vec<_> = samples(&messages).into_iter().filter(|s| s.phase == Phase::Call).collect();
    assert!(steady.iter().flat_map(|s| &s.ns).all(|ns| (ns - 2e3).abs() < 1e-6), "{steady:?}");
    assert!(steady[0].ns.len() > 5);

    let messages = block(BlockMode::Aot, FakeScript { costs: costs(), ..FakeScript::default() }, &folder);
    assert_eq!(
        cold(&messages),
        [(Phase::Load, 7e3), (Phase::Instantiate, 11e3), (Phase::FirstCall, 50e3), (Phase::Teardown, 1e3)]
    );
}

#[test]
fn the_curve_is_measured_and_not_made_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let messages = block(BlockMode::Jit, FakeScript { costs: costs(), ..FakeScript::default() }, &folder);
    let curve: Vec<_> = messages
        .iter()
        .filter_map(|m| match m {
            FromWorker::Call { n, cumulative_ns } => Some((*n, *cumulative_ns)),
            _ => None,
        })
        .collect();
    assert_eq!(curve[0], (1, 50e3));
    for (n, total) in &curve {
        assert!((total - (50e3 + (n - 1) as f64 * 2e3)).abs() < 1e-6, "{n} calls took {total}");
    }
    assert_eq!(curve.last().map(|c| c.0), Some(100));
    let Some(FromWorker::Outcome(outcome)) = messages.last() else { panic!("an outcome") };
    assert!((outcome.startup_ns - 114e3).abs() < 1e-6, "validate, compile and instantiate");
    assert_eq!(outcome.output_text.as_deref(), Some("42"));
}

#[test]
fn a_phase_is_announced_before_it_begins() {
    let folder = tempfile::tempdir().expect("a folder");
    let messages = block(BlockMode::Jit, FakeScript { costs: costs(), ..FakeScript::default() }, &folder);
    let mut announced = None;
    for message in &messages {
        match message {
            FromWorker::Phase { phase } => announced = Some(*phase),
            FromWorker::Sample(sample) if sample.cold => assert_eq!(Some(sample.phase), announced),
            _ => {}
        }
    }
}

#[test]
fn failures_are_statuses_with_reasons() {
    let trap = Failure::Trap(Trap::Unreachable);
    for (script, wanted) in [
        (FakeScript { answer: |_| 7, ..FakeScript::default() }, "expected `42`, got `7`"),
        (
            FakeScript { fails: Some((FakeStep::Compile, trap.clone())), ..FakeScript::default() },
            "unreachable",
        ),
        (
            FakeScript { fails: Some((FakeStep::Instantiate, trap.clone())), ..FakeScript::default() },
            "unreachable",
        ),
        (
            FakeScript { fails: Some((FakeStep::Call(0), trap.clone())), ..FakeScript::default() },
            "unreachable",
        ),
        // Also in the middle of the steady calls, after many right answers.
        (
            FakeScript { fails: Some((FakeStep::Call(60), trap)), costs: costs(), ..FakeScript::default() },
            "unreachable",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let messages = block(BlockMode::Jit, script, &folder);
        let (_, reason) = status(&messages).problem().expect("a problem");
        assert!(reason.contains(wanted), "{reason}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("artifact"), b"not an artifact").expect("a file");
    let messages = block(BlockMode::Aot, FakeScript::default(), &folder);
    assert!(
        status(&messages).problem().is_some_and(|(_, reason)| reason.contains("artifact")),
        "{messages:?}"
    );
}
