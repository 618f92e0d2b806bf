//! The checks.

use std::time::{Duration, Instant};

use runoff_data::{BlockMode, Phase, Samples, Status};

use super::lab::{Found, Lab, MEMORY, PATIENCE, Work};
use crate::supervisor::{Bounds, leaves_at_end_of_input};

type Case = fn(&Lab) -> Found;

/// Name, what it shows, body.
pub(super) const ALL: [(&str, &str, Case); 14] = [
    ("hello", "it says who it is in its first line, in this version of the protocol", hello),
    ("phases", "an export is measured: phases, curve, steady calls, the right answer", phases),
    ("command", "a WASI command gets its arguments, and what it writes is the answer", command),
    ("reactor", "a module with `_initialize` is prepared before its export is called", reactor),
    ("marks", "time between `bench.start` and `bench.end` is a phase of its own", marks),
    ("artifact", "code saved by one process is loaded by another", artifact),
    ("no-export", "an export that is not there is a failure with a reason", no_export),
    ("trap", "a trap is a failure with a reason", trap),
    ("malformed", "bytes that are no module are a failure with a reason", malformed),
    ("import", "an import nobody provides is refused with a reason", import),
    ("fickle", "an answer that changes from call to call is found out", fickle),
    ("killed", "a call without end is over when its time is up", killed),
    ("greedy", "a guest that takes too much memory is stopped", greedy),
    ("leaves", "it leaves by itself at the end of its input", leaves),
];

fn fail(reason: impl Into<String>) -> Found {
    Found::Fail(reason.into())
}

/// The samples of a job that must go well.
fn fine(lab: &Lab, work: &Work<'_>) -> Result<Samples, Found> {
    let report = lab.jit(work);
    match report.status {
        Status::Ok => Ok(report.samples),
        Status::Unsupported { reason } => Err(Found::Unsupported(reason)),
        other => Err(fail(describe(&other))),
    }
}

/// A job that must not go well, but be refused in words.
fn refused(lab: &Lab, work: &Work<'_>) -> Found {
    match lab.jit(work).status {
        Status::Failed { reason } | Status::Unsupported { reason } if !reason.trim().is_empty() => {
            Found::Pass
        }
        other => fail(format!("{} instead of a failure with a reason", describe(&other))),
    }
}

fn describe(status: &Status) -> String {
    status.problem().map_or_else(|| "all is well".into(), |(kind, reason)| format!("{kind}: {reason}"))
}

fn hello(lab: &Lab) -> Found {
    match lab.meet() {
        Err(reason) => fail(reason),
        Ok((identity, _)) if identity.version.trim().is_empty() => fail("its identity names no version"),
        Ok(_) => Found::Pass,
    }
}

fn fibonacci() -> Work<'static> {
    Work::bundled("fibonacci", Some("run"), &["10"]).expecting(Some(&["89".into()]), None)
}

fn phases(lab: &Lab) -> Found {
    let samples = match fine(lab, &fibonacci()) {
        Ok(samples) => samples,
        Err(found) => return found,
    };
    let compiles = lab.meet().is_ok_and(|(_, can)| can.compiles);
    let cold = |phase: Phase| samples.phases.get(&phase).is_some_and(|s| s.cold_ns.is_some());
    let needed: &[Phase] = if compiles {
        &[Phase::Bootstrap, Phase::Compile, Phase::Instantiate, Phase::FirstCall]
    } else {
        &[Phase::Bootstrap, Phase::FirstCall]
    };
    if let Some(missing) = needed.iter().find(|phase| !cold(**phase)) {
        return fail(format!("no cold sample of {missing}"));
    }
    if samples.phases.get(&Phase::Call).is_none_or(|s| s.warm_ns.is_empty()) {
        return fail("no samples of steady calls");
    }
    match samples.curve {
        None => fail("no curve"),
        Some(curve) if curve.calls.first() != Some(&1) => {
            fail("its curve does not begin with the first call")
        }
        Some(curve) if compiles && curve.startup_ns <= 0.0 => fail("its outcome tells no start-up"),
        Some(_) => Found::Pass,
    }
}

fn command(lab: &Lab) -> Found {
    let work = Work::bundled("fibo", None, &["20"]).expecting(None, Some("10946\n"));
    fine(lab, &work).map_or_else(|found| found, |_| Found::Pass)
}

fn reactor(lab: &Lab) -> Found {
    let text = r#"(module
        (global $ready (mut i32) (i32.const 1))
        (func (export "_initialize") (global.set $ready (i32.const 42)))
        (func (export "run") (result i32) (global.get $ready)))"#;
    let work = Work::export(text, &[]).expecting(Some(&["42".into()]), None);
    fine(lab, &work).map_or_else(|found| found, |_| Found::Pass)
}

fn marks(lab: &Lab) -> Found {
    let text = r#"(module
        (import "bench" "start" (func $start))
        (import "bench" "end" (func $end))
        (func (export "run") (result i32) (local $i i32)
            (call $start)
            (loop $l
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $l (i32.lt_u (local.get $i) (i32.const 10000))))
            (call $end)
            (local.get $i)))"#;
    match fine(lab, &Work::export(text, &[]).expecting(Some(&["10000".into()]), None)) {
        Err(found) => found,
        Ok(samples) if samples.phases.contains_key(&Phase::Marked) => Found::Pass,
        Ok(_) => fail("no sample of the marked phase"),
    }
}

fn artifact(lab: &Lab) -> Found {
    match lab.meet() {
        Err(reason) => return fail(reason),
        Ok((_, can)) if !can.save_load => {
            return Found::Unsupported("its capabilities say that it saves no code".into());
        }
        Ok(_) => {}
    }
    if let Err(found) = fine(lab, &fibonacci()) {
        return found;
    }
    let report = lab.run(&fibonacci(), BlockMode::Aot, Bounds { timeout: PATIENCE, max_memory: MEMORY });
    match report.status {
        Status::Ok if report.samples.phases.contains_key(&Phase::Load) => Found::Pass,
        Status::Ok => fail("no sample of load"),
        other => fail(describe(&other)),
    }
}

fn no_export(lab: &Lab) -> Found {
    refused(lab, &Work { invoke: Some("nothing"), ..fibonacci() })
}

fn trap(lab: &Lab) -> Found {
    refused(lab, &Work::export(r#"(module (func (export "run") unreachable))"#, &[]))
}

fn malformed(lab: &Lab) -> Found {
    let wasm = b"\0asm\x01\0\0\0\x01\x07\x01\x60\x01\x7f\x01".to_vec();
    refused(lab, &Work { wasm, invoke: Some("run"), args: &[], expected: None })
}

fn import(lab: &Lab) -> Found {
    let text = r#"(module (import "nobody" "knows" (func $f)) (func (export "run") (call $f)))"#;
    refused(lab, &Work::export(text, &[]))
}

fn fickle(lab: &Lab) -> Found {
    let text = r#"(module (global $n (mut i32) (i32.const 0)) (func (export "run") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))"#;
    match lab.jit(&Work::export(text, &[])).status {
        Status::Wrong { .. } => Found::Pass,
        other => fail(format!("{} instead of a wrong answer", describe(&other))),
    }
}

fn killed(lab: &Lab) -> Found {
    let timeout = Duration::from_secs(3);
    let begin = Instant::now();
    let work = Work::export(r#"(module (func (export "run") (loop $l (br $l))))"#, &[]);
    let status = lab.run(&work, BlockMode::Jit, Bounds { timeout, max_memory: MEMORY }).status;
    match status {
        // A runtime that stops such calls by itself is as good.
        Status::TimedOut { .. } | Status::Failed { .. } if begin.elapsed() < timeout * 2 => Found::Pass,
        other => fail(format!("{} after {:.1} s", describe(&other), begin.elapsed().as_secs_f64())),
    }
}

fn greedy(lab: &Lab) -> Found {
    let text = r#"(module (memory 1) (func (export "run") (local $at i32)
        (loop $l
            (if (i32.eq (memory.grow (i32.const 256)) (i32.const -1)) (then unreachable))
            (local.set $at (i32.mul (i32.sub (memory.size) (i32.const 256)) (i32.const 65536)))
            (memory.fill (local.get $at) (i32.const 1) (i32.const 16777216))
            (br $l))))"#;
    let bounds = Bounds { timeout: PATIENCE, max_memory: 512 << 20 };
    match lab.run(&Work::export(text, &[]), BlockMode::Jit, bounds).status {
        Status::OutOfMemory { .. } | Status::Failed { .. } => Found::Pass,
        Status::Unsupported { reason } => Found::Unsupported(reason),
        other => fail(describe(&other)),
    }
}

fn leaves(lab: &Lab) -> Found {
    match leaves_at_end_of_input(&lab.launch, Duration::from_secs(5)) {
        Ok(()) => Found::Pass,
        Err(reason) => fail(reason),
    }
}
