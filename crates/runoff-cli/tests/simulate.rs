//! `runoff simulate` as a user runs it.

mod common;

use common::Runoff;

#[test]
fn policies_are_compared_and_a_seed_repeats_itself() {
    let runoff = Runoff::new();
    let arguments = ["simulate", "--traces", "60", "--max-calls", "100", "--seed", "9"];
    let first = runoff.json(&arguments);
    assert_eq!(first, runoff.json(&arguments));
    assert_eq!(first["traces"], 60);
    let policies = first["policies"].as_array().expect("policies");
    let mean = |name: &str| {
        let row = policies.iter().find(|p| p["policy"] == name).unwrap_or_else(|| panic!("no row {name}"));
        row["alg_opt"]["mean"].as_f64().expect("a number")
    };
    for other in ["wasmtime/cranelift", "wasm3", "offline profile (004)", "latest compiled wins"] {
        assert!(mean(other) > mean("runoff"), "{other}");
    }
    assert!(first["costs"]["machine"].as_str().is_some_and(|m| !m.is_empty()));
    let (code, table, err) = runoff.run(["simulate", "--traces", "30", "--max-calls", "50"]);
    assert_eq!(code, 0, "{err}");
    assert!(table.contains("clairvoyant optimum") && table.contains("by kind of trace"), "{table}");
}

#[test]
fn recorded_traces_and_own_tables_are_taken() {
    let runoff = Runoff::new();
    runoff.write("calls.csv", "function,at_s,size_bytes,work_ms\nf@nbody,0,10,2\nf@nbody,1,10,2\n");
    let report = runoff.json(&["simulate", "--trace", "calls.csv", "--save-table", "table.json"]);
    assert_eq!((&report["traces"], &report["calls"]), (&1.into(), &2.into()));
    let again = runoff.json(&["simulate", "--trace", "calls.csv", "--from", "table.json"]);
    assert_eq!(report["policies"], again["policies"]);
    for (arguments, says) in [
        (vec!["simulate", "--trace", "missing.csv"], "cannot read"),
        (vec!["simulate", "--from", "calls.csv"], "calls.csv"),
        (vec!["simulate", "--runtimes", "wasm9"], "no runtime `wasm9`"),
        (vec!["simulate", "--runtimes", "wasm3"], "two of the runtimes"),
        (vec!["simulate", "--noise", "9"], "from 0 to 3"),
    ] {
        let (code, _, err) = runoff.run(&arguments);
        assert!(code == 2 && err.contains(says), "{arguments:?}: {code} {err}");
    }
}
