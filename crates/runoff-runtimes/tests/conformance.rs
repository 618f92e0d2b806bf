//! All conformance cases on all runtimes of this build, in one process.
//!
//! `RUNOFF_RUNTIMES=wasmi,wasmtime/winch` picks runtimes whose id starts so, `RUNOFF_CASES=trap,start` cases whose
//! name starts so.

#![expect(clippy::print_stdout, reason = "the table is what this test is read for")]

use std::collections::BTreeMap;

use runoff_runtime::RuntimeOptions;
use runoff_runtimes::conformance::{CaseResult, cases, run};
use runoff_runtimes::{Availability, Registry, on_engine_stack};

type Row = (&'static str, &'static str, CaseResult);

fn chosen(variable: &str, name: &str) -> bool {
    match std::env::var(variable) {
        Ok(list) => list.split(',').any(|start| name.starts_with(start)),
        Err(_) => true,
    }
}

fn run_on(id: String, pooled_instances: u32) -> Vec<Row> {
    on_engine_stack(move || {
        let registry = Registry::new(&[]);
        let entry = registry.get(&id).expect("an id of this registry");
        let cases = cases().into_iter().filter(|case| chosen("RUNOFF_CASES", case.name));
        let make =
            |options: &RuntimeOptions| entry.make(&RuntimeOptions { pooled_instances, ..options.clone() });
        cases.map(|case| (case.group, case.name, run(&case, &make))).collect()
    })
    .expect("a thread for the engine")
}

#[test]
fn every_runtime_keeps_its_promises() {
    let registry = Registry::new(&[]);
    let ids: Vec<String> = registry
        .entries()
        .iter()
        .filter(|entry| *entry.availability() == Availability::Ready)
        .map(|entry| entry.id().to_string())
        .filter(|id| chosen("RUNOFF_RUNTIMES", id))
        .collect();
    let mut failed = BTreeMap::new();
    println!("\n{:<20} {:>6} {:>12} {:>6}", "runtime", "pass", "unsupported", "fail");
    for id in ids {
        let rows = run_on(id.clone(), 0);
        let count = |kind: fn(&CaseResult) -> bool| rows.iter().filter(|(_, _, r)| kind(r)).count();
        println!(
            "{id:<20} {:>6} {:>12} {:>6}",
            count(|r| *r == CaseResult::Pass),
            count(|r| matches!(r, CaseResult::Unsupported(_))),
            count(|r| matches!(r, CaseResult::Fail(_)))
        );
        for (group, name, result) in rows {
            match result {
                CaseResult::Pass => {}
                CaseResult::Unsupported(reason) => println!("    - {group}/{name}: unsupported: {reason}"),
                CaseResult::Fail(details) => {
                    println!("    ! {group}/{name}: FAILED: {details}");
                    failed.entry(id.clone()).or_insert_with(Vec::new).push(name);
                }
            }
        }
    }
    assert!(failed.is_empty(), "runtimes that broke a promise: {failed:#?}");
}

/// A pool changes where instances come from and nothing else.
#[test]
fn pooled_instances_keep_the_same_promises() {
    for id in ["wasmtime/cranelift", "wasmtime/winch", "wasmtime/pulley"] {
        if !chosen("RUNOFF_RUNTIMES", id) || Registry::new(&[]).get(id).is_none() {
            continue;
        }
        let failures = |pooled| {
            let rows = run_on(id.into(), pooled).into_iter();
            rows.filter(|(_, _, result)| *result != CaseResult::Pass).collect::<Vec<_>>()
        };
        assert_eq!(failures(64), failures(0), "{id}");
    }
}

#[test]
fn case_names_are_unique() {
    let mut names: Vec<_> = cases().iter().map(|case| case.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
