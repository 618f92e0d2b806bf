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

/// A study of few calls, kept.
fn calls(runoff: &Runoff, more: &[&str]) -> (i32, String, String) {
    let few =
        ["study", "calls", "--runtimes", "wasmi/eager", "--runs", "2", "--calls", "20", "--batch", "100us"];
    runoff.run([&few[..], more].concat())
}

#[test]
fn what_a_study_found_is_kept_and_shown_again_in_every_form() {
    let runoff = Runoff::new();
    let (code, table, err) = calls(&runoff, &["--out", "calls.json"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("runoff study calls --from calls.json"), "{err}");
    let before = std::fs::read(runoff.path("calls.json")).expect("the results");
    let again = |more: &[&str]| {
        let (code, out, err) = runoff.run([&["study", "calls", "--from", "calls.json"], more].concat());
        assert_eq!(code, 0, "{more:?}: {err}");
        out
    };
    assert_eq!(again(&[]), table);
    assert!(again(&["--format", "md"]).starts_with("## Calls across the boundary"));
    assert!(again(&["--format", "csv"]).starts_with("host,group,runtime,config,"));
    let json: Value = serde_json::from_str(&again(&["--format", "json"])).expect("JSON");
    assert!(json["rows"].as_array().is_some_and(|rows| rows.len() > 20), "{json:#}");
    let claims = json["claims"].as_array().expect("claims");
    let known = ["holds", "no longer holds", "unsure", "not measured"];
    assert!(
        claims.len() > 3 && claims.iter().all(|c| known.map(Value::from).contains(&c["verdict"])),
        "{json:#}"
    );
    again(&["--report", "page.html", "--plots", "plots"]);
    let page = std::fs::read_to_string(runoff.path("page.html")).expect("a page");
    assert!(page.contains("Calls across the boundary") && page.contains("What became of the claims"));
    assert!(std::fs::read_dir(runoff.path("plots")).expect("plots").count() > 0);

    // As `study all` keeps it: a folder for each study.
    std::fs::create_dir_all(runoff.path("all/calls")).expect("a folder");
    std::fs::copy(runoff.path("calls.json"), runoff.path("all/calls/chapter.json")).expect("a copy");
    let (code, out, err) = runoff.run(["study", "calls", "--from", "all"]);
    assert_eq!((code, out), (0, table), "{err}");
    let (code, out, err) = runoff.run(["study", "all", "--from", "all", "--only", "calls"]);
    assert!(code == 0 && out.contains("Calls across the boundary"), "{out}{err}");

    // Nothing is overwritten, taken for another study's, or half measured.
    for (args, words) in [
        (&["calls", "--out", "calls.json", "--quick"][..], "never overwritten"),
        (&["cache", "--from", "calls.json"], "results of `calls`, not of `cache`"),
        (&["hybrid", "--from", "all"], "no results of a study"),
        (&["architecture", "--from", "page.html"], "no results of a study"),
        (&["calls", "--from", "calls.json", "--quick"], "cannot be used with"),
        (&["cache", "--from", "x", "--policies", "lru"], "cannot be used with"),
        (&["architecture", "--from", "x", "--ways", "4"], "cannot be used with"),
        (&["hybrid", "--from", "x", "--seed", "4"], "cannot be used with"),
        (&["cache", "--out", "nowhere/x"], "its folder is not there"),
        (&["cache", "--report", "all"], "it is a folder"),
    ] {
        let (code, out, err) = runoff.run([&["study"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(words), "{args:?}: {err}");
    }
    assert_eq!(std::fs::read(runoff.path("calls.json")).expect("the results"), before);
}

#[test]
fn without_a_name_results_go_to_the_state_folder() {
    let runoff = Runoff::new();
    let few = ["--runtimes", "wasmi/eager", "--policies", "lru", "--sizes", "4MiB", "--requests", "3000"];
    let (code, out, err) =
        runoff.run([&["study", "cache", "--repetitions", "2", "--format", "json"], &few[..]].concat());
    assert_eq!(code, 0, "{err}");
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert!(value["claims"].as_array().is_some_and(|claims| !claims.is_empty()), "{value:#}");
    let kept = runoff.path("home/studies/cache-1.json").display().to_string();
    assert!(err.contains(&kept), "{err}");
    let (code, again, err) = runoff.run(["study", "cache", "--from", &kept, "--format", "json"]);
    assert_eq!((code, again), (0, out), "{err}");
}

#[test]
fn an_experiment_is_found_in_the_folder_of_all_studies() {
    let runoff = Runoff::new();
    let quick = ["--quick", "--rounds", "1", "--time", "1s", "--runtimes", "native,wasmi/eager"];
    let (code, out, err) =
        runoff.run(["study", "fibonacci", "--out", "all/fibonacci"].into_iter().chain(quick));
    assert_eq!(code, 0, "{err}");
    for folder in ["all", "all/fibonacci"] {
        let (code, again, err) = runoff.run(["study", "fibonacci", "--from", folder]);
        assert_eq!((code, &again), (0, &out), "{err}");
    }
}
