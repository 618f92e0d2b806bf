//! `runoff study`: experiments that are data.

mod common;

use common::Runoff;
use serde_json::Value;

const OWN: &str = r#"
title = "Two interpreters and a compiler"
about = "What is called."

[run.few]
workloads = ["fibonacci", "nbody", "fibo@ci"]
runtimes = ["wasmtime/cranelift", "wasmi/eager", "native"]
rounds = 3
calls = 2
budget_s = 2

[[figure]]
title = "Calls"
run = "few"
measure = "call"
relative_to = "native"
published = { native = 1.0, "wasmtime/cranelift" = 9.0, "wasmi/eager" = 2.0, lucet = 4.0 }

[[figure]]
title = "Starts"
run = "few"
measure = "compile"

[[claim]]
where = "page 1"
says = "the interpreter is slower"
run = "few"
rule = { kind = "ratio", left = { runtime = "wasmi/eager", measure = "call" }, right = { runtime = "wasmtime/cranelift", measure = "call" }, above = 1.0, workloads = ["fibonacci", "nbody"] }

[[claim]]
where = "page 2"
says = "the interpreter is faster"
run = "few"
rule = { kind = "ratio", left = { runtime = "wasmi/eager", measure = "call" }, right = { runtime = "wasmtime/cranelift", measure = "call" }, below = 1.0, workloads = ["nbody"] }

[[claim]]
where = "page 3"
says = "nobody asked"
run = "few"
rule = { kind = "ratio", left = { runtime = "lucet", measure = "call" }, right = { runtime = "native", measure = "call" }, below = 1.0 }

[[missing]]
what = "Colours"
why = "there are none"
"#;

#[test]
fn an_experiment_of_ones_own_is_measured_shown_and_judged() {
    let runoff = Runoff::new();
    runoff.write("own.toml", OWN);
    let (code, out, err) = runoff.run(["study", "file", "own.toml", "--out", "kept", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("run 1 of 1, few") && err.contains("--from kept"), "{err}");
    let json: Value = serde_json::from_str(&out).expect("JSON");
    let verdicts: Vec<_> = json["claims"].as_array().expect("claims").iter().map(|c| &c["verdict"]).collect();
    assert_eq!(verdicts, ["holds", "no longer holds", "not measured"], "{json:#}");
    let calls = &json["figures"][0];
    let rows = calls["rows"].as_array().expect("rows");
    let row = |id: &str| rows.iter().find(|r| r["runtime"] == id).expect("a row");
    assert_eq!(row("native")["mean"]["mean"], 1.0);
    assert_eq!(calls["mean_over"].as_array().map(Vec::len), Some(3));
    assert!(row("wasmi/eager")["mean"]["mean"].as_f64() > row("wasmtime/cranelift")["mean"]["mean"].as_f64());
    assert_eq!((&row("lucet")["published"], &row("lucet")["mean"]), (&Value::from(4.0), &Value::Null));
    let words = calls["differences"].to_string();
    assert!(words.contains("wasmtime/cranelift takes 4.5") && words.contains("wasmi/eager"), "{words}");

    // Shown again without measuring; and what is there is not measured again.
    let before = std::fs::read(runoff.path("kept/few.jsonl")).expect("a result");
    let (code, text, _) = runoff.run(["study", "file", "own.toml", "--from", "kept"]);
    assert!(
        code == 0 && text.contains("What became of the claims") && text.contains("there are none"),
        "{text}"
    );
    let (code, again, _) = runoff.run(["study", "file", "own.toml", "--out", "kept"]);
    assert_eq!((code, again), (0, text));
    assert_eq!(std::fs::read(runoff.path("kept/few.jsonl")).expect("a result"), before);
}

#[test]
fn wrong_experiments_are_refused_before_anything_is_measured() {
    let runoff = Runoff::new();
    runoff.write("bad.toml", OWN.replace("measure = \"compile\"", "measure = \"colour\""));
    let (code, _, err) = runoff.run(["study", "file", "bad.toml"]);
    assert!(code == 2 && err.contains("bad.toml") && err.contains("`colour` is no measure"), "{err}");
    let (code, _, err) = runoff.run(["study", "file", "none.toml"]);
    assert!(code == 2 && err.contains("none.toml"), "{err}");
    let (code, _, err) = runoff.run(["study", "phases", "--from", "nowhere"]);
    assert!(code == 2 && err.contains("nowhere"), "{err}");
    let (code, _, err) = runoff.run(["study", "phases", "--runtimes", "nobody"]);
    assert!(code == 2 && err.contains("nobody"), "{err}");
}

#[test]
fn all_studies_become_one_page_with_a_chapter_for_what_is_missing() {
    let runoff = Runoff::new();
    let quick = ["--quick", "--rounds", "1", "--time", "1s", "--runtimes", "native,wasmtime/cranelift"];
    let (code, _, err) =
        runoff.run(["study", "fibonacci", "--out", "kept/fibonacci"].into_iter().chain(quick));
    assert_eq!(code, 0, "{err}");
    // Nothing is measured again, and a study that was not made is a chapter that says so.
    let (code, out, err) = runoff.run(["study", "all", "--from", "kept", "--only", "fibonacci,calls"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("claims of the sources were put to the test") && out.contains("quick look"),
        "{out}"
    );
    assert!(out.contains("calls: not there – it was not measured"), "{out}");
    let page = std::fs::read_to_string(runoff.path("kept/report.html")).expect("a page");
    for words in [
        "Fibonacci: Wasmer against Wasmtime",
        "Not there: it was not measured",
        ">1.20<",
        "Figures of this plot",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let (code, csv, err) =
        runoff.run(["study", "all", "--from", "kept", "--only", "fibonacci", "--format", "csv"]);
    assert_eq!(code, 0, "{err}");
    assert!(csv.starts_with("study,where,claim,verdict,found,rule\nfibonacci,"), "{csv}");
    let (code, _, err) = runoff.run(["study", "all", "--only", "nothing"]);
    assert!(code == 2 && err.contains("no study `nothing`") && err.contains("characterise"), "{err}");
    let (code, _, err) = runoff.run(["study", "all", "--from", "nowhere"]);
    assert!(code == 3 && err.contains("no study could be made"), "{err}");
}
