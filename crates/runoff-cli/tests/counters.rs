//! `runoff bench --counters`: what is counted, what is not, and what is said of it.
//!
//! What needs Valgrind says that it is skipped where there is none.

mod common;

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;

use common::{Runoff, records};
use serde_json::Value;

fn valgrind() -> bool {
    let there =
        std::process::Command::new("valgrind").arg("--version").output().is_ok_and(|o| o.status.success());
    if !there {
        let _ = writeln!(std::io::stderr(), "skipped: there is no Valgrind to simulate with");
    }
    there
}

fn bench(runoff: &Runoff, out: &str, args: &[&str]) -> Vec<Value> {
    let common = ["--rounds", "1", "--time", "1s", "--out", out];
    let (code, _, err) = runoff.run([&["bench"], args, &common].concat());
    assert_eq!(code, 0, "{err}");
    records(&runoff.path(out)).into_iter().filter(|r| r["mode"] == "counters").collect()
}

/// Instructions per call of a runtime.
fn instructions(blocks: &[Value], runtime: &str) -> f64 {
    let block = blocks
        .iter()
        .find(|b| b["runtime"] == runtime)
        .unwrap_or_else(|| panic!("no {runtime}: {blocks:#?}"));
    assert_eq!(block["status"], "ok", "{block:#}");
    let counters = &block["samples"]["counters"];
    let number = |v: &Value| v.as_f64().unwrap_or_else(|| panic!("{block:#}"));
    number(&counters["events"]["instructions"]) / number(&counters["calls"])
}

#[test]
fn simulated_counts_are_of_repeated_calls_and_repeatable() {
    if !valgrind() {
        return;
    }
    let runoff = Runoff::new();
    let args = ["fibonacci", "--counters", "sim", "--runtimes", "native,wasmtime/cranelift,wasm3"];
    let (first, again) = (bench(&runoff, "a.jsonl", &args), bench(&runoff, "b.jsonl", &args));
    for runtime in ["native", "wasmtime/cranelift", "wasm3"] {
        let (a, b) = (instructions(&first, runtime), instructions(&again, runtime));
        assert!((a / b - 1.0).abs() < 0.001, "{runtime}: {a} and {b} instructions");
    }
    // Compiling takes Cranelift millions of instructions and wasm3 thousands: were it counted, this would not hold.
    let (compiled, interpreted) = (instructions(&first, "wasmtime/cranelift"), instructions(&first, "wasm3"));
    assert!(interpreted > 3.0 * compiled, "{interpreted} and {compiled}");
    assert!(compiled < 10_000.0, "89 of Fibonacci's numbers are no {compiled} instructions");

    let block = &first[0];
    assert_eq!(block["samples"]["counters"]["source"], "simulated");
    assert!(
        block["samples"]["phases"].as_object().is_none_or(serde_json::Map::is_empty),
        "a time: {block:#}"
    );
    let missing = block["samples"]["missing"].as_array().expect("a list");
    assert!(missing.iter().any(|m| m["what"] == "cycles"), "no cycles, and no reason: {block:#}");

    let (_, table, _) = runoff.run(["show", "a.jsonl"]);
    for words in
        ["counters per call, simulated", "instructions", "branch miss ratio", "IPC cannot be simulated"]
    {
        assert!(table.contains(words), "no `{words}` in {table}");
    }
    let json = runoff.json(&["show", "a.jsonl"]);
    let cell =
        json["cells"].as_array().and_then(|c| c.iter().find(|c| c["runtime"] == "wasm3")).expect("a cell");
    assert!(cell["counters"]["per_call"]["instructions"]["median"].as_f64().is_some_and(|n| n > 1000.0));
    assert!(cell["counters"]["rates"].get("ipc").is_none());
    let (_, csv, _) = runoff.run(["show", "a.jsonl", "--format", "csv"]);
    assert!(csv.contains("fibonacci,wasm3,instructions,simulated,per call,"), "{csv}");
    let (code, _, err) = runoff.run(["report", "a.jsonl", "--out", "page.html"]);
    assert_eq!(code, 0, "{err}");
    let page = std::fs::read_to_string(runoff.path("page.html")).expect("a page");
    assert!(page.contains("instructions per call, simulated"));
}

/// How an allocator grows depends on all that happened before, unless it is told how.
#[test]
fn native_programs_that_allocate_repeat_too() {
    if !valgrind() {
        return;
    }
    let runoff = Runoff::new();
    let args = ["apps/json", "--size", "ci", "--counters", "sim", "--runtimes", "native"];
    let (first, again) = (bench(&runoff, "a.jsonl", &args), bench(&runoff, "b.jsonl", &args));
    let (a, b) = (instructions(&first, "native"), instructions(&again, "native"));
    // Where a block lies decides how it is copied: 0.1 % apart mostly, 0.4 % now and then (docs/METHODOLOGY.md).
    assert!(a > 5e6 && (a / b - 1.0).abs() < 0.01, "{a} and {b} instructions");
}

#[test]
fn what_takes_too_long_or_cannot_be_simulated_is_a_row() {
    if !valgrind() {
        return;
    }
    let runoff = Runoff::new();
    let args = ["fibonacci", "--runtimes", "wasmi/eager", "--counters", "sim", "--counter-timeout", "50ms"];
    let blocks = bench(&runoff, "short.jsonl", &args);
    assert_eq!(blocks[0]["status"], "timed_out", "{blocks:#?}");
    assert!(
        blocks[0]["reason"].as_str().is_some_and(|r| r.contains("too long under Valgrind")),
        "{blocks:#?}"
    );
    // Times are there all the same.
    let (_, table, _) = runoff.run(["show", "short.jsonl"]);
    assert!(table.contains("first_call") && table.contains("too long under Valgrind"), "{table}");
}

#[test]
fn without_a_simulator_it_is_said_how_to_get_one() {
    let runoff = Runoff::new();
    let mut command = runoff.process(["bench", "fibonacci", "--counters", "sim"]);
    let output = command.env("RUNOFF_VALGRIND", "/nowhere/valgrind").output().expect("the binary runs");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("apt install valgrind"), "{err}");
}

#[test]
fn a_simulator_that_does_not_simulate_gives_no_counts() {
    let runoff = Runoff::new();
    let script = "#!/bin/sh\n[ \"$1\" = --version ] && { echo valgrind-0; exit 0; }\n\
        while [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n";
    let path = runoff.write("fake", script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let args = [
        "bench",
        "fibonacci",
        "--runtimes",
        "wasmi/eager",
        "--counters",
        "sim",
        "--rounds",
        "1",
        "--time",
        "1s",
        "--out",
        "r.jsonl",
    ];
    let output = runoff.process(args).env("RUNOFF_VALGRIND", &path).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let records = records(&runoff.path("r.jsonl"));
    let block = records.iter().find(|r| r["mode"] == "counters").expect("a row");
    assert_eq!(block["status"], "unsupported");
    assert!(block["reason"].as_str().is_some_and(|r| r.contains("does not run under Valgrind")), "{block:#}");
    assert!(block["samples"].get("counters").is_none(), "{block:#}");
}

#[test]
fn the_processors_counts_are_there_or_absent_with_a_reason_and_never_made_up() {
    let runoff = Runoff::new();
    let blocks = bench(&runoff, "hw.jsonl", &["nbody", "--runtimes", "wasm3,native", "--counters", "hw"]);
    assert_eq!(blocks.len(), 2, "{blocks:#?}");
    for block in &blocks {
        assert_eq!(block["status"], "ok", "{block:#}");
        let counters = &block["samples"]["counters"];
        assert_eq!(counters["source"], "hardware");
        assert!(counters["events"]["page_faults"].is_u64(), "the kernel counts those everywhere: {block:#}");
        for event in ["instructions", "cycles", "branches", "cache_references"] {
            let there = counters["events"].get(event);
            let why =
                block["samples"]["missing"].as_array().into_iter().flatten().find(|m| m["what"] == event);
            assert!(there.is_some() != why.is_some(), "{event}: {block:#}");
            assert!(there.is_none_or(|n| n.as_u64().is_some_and(|n| n > 0)), "{event} is zero: {block:#}");
            assert!(why.is_none_or(|m| !m["why"].as_str().unwrap_or_default().is_empty()), "{block:#}");
        }
    }
}
