//! `runoff bench`, `show`, `pick` and `compare`, on real runtimes with few rounds.

mod common;

use std::time::Duration;

use common::{Runoff, records, repository};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// Measures shortly into `out`.
fn bench(runoff: &Runoff, out: &str, what: &[&str]) -> (String, String) {
    let common = ["--rounds", "6", "--time", "20s", "--out", out];
    let (code, stdout, stderr) = runoff.run([&["bench"], what, &common].concat());
    assert_eq!(code, 0, "{stderr}");
    (stdout, stderr)
}

#[test]
fn a_run_ends_with_tables_and_a_sentence() {
    let runoff = Runoff::new();
    let (out, err) = bench(&runoff, "r.jsonl", &["fibonacci", "--runtimes", "native,wasm3,wasmtime/winch"]);
    for words in
        ["phases", "first_call", "aot_execute", "peak rss", "which runtime for how many calls", "\nUse "]
    {
        assert!(out.contains(words), "no {words} in {out}");
    }
    assert!(err.contains("r.jsonl"), "{err}");
    assert!(!out.contains('\u{1b}'), "colour in a pipe");

    let records = records(&runoff.path("r.jsonl"));
    assert_eq!(records[0]["record"], "header");
    let blocks: Vec<&Value> = records.iter().filter(|r| r["record"] == "block").collect();
    assert!(blocks.iter().all(|b| b["status"] == "ok"), "{blocks:#?}");
    // Every block verified the answer: the digest of 89.
    let outputs: std::collections::BTreeSet<_> =
        blocks.iter().filter_map(|b| b["samples"]["output"].as_str()).collect();
    assert_eq!(outputs.len(), 1, "runtimes disagree: {outputs:?}");

    let json = runoff.json(&["show", "r.jsonl"]);
    let cells = json["cells"].as_array().expect("cells");
    let cell = cells.iter().find(|c| c["runtime"] == "wasmtime/winch").expect("a row");
    let compile = &cell["phases_ns"]["compile"]["cold"];
    assert!(compile["median"].as_f64().expect("a median") > 0.0);
    assert!(compile["low"].as_f64() <= compile["median"].as_f64());
    assert_eq!(cell["phases_ns"]["save"]["cold"]["processes"], 6);
    assert_eq!(json["picks"]["fibonacci"]["winners"][0]["calls"], 1);

    let (code, csv, _) = runoff.run(["show", "r.jsonl", "--format", "csv"]);
    assert_eq!(code, 0);
    let line = csv.lines().find(|l| l.starts_with("fibonacci,wasm3,compile,cold,ns,")).expect("a line");
    let median = line.split(',').nth(5).and_then(|m| m.parse::<f64>().ok());
    assert!(median.is_some_and(|ns| ns > 0.0), "{line}");
    let fields = |line: &str| line.split(',').count();
    assert!(csv.lines().all(|l| l.contains('"') || fields(l) == 10), "one shape of line: {csv}");
    let (_, published, _) = runoff.run(["show", "r.jsonl", "--published"]);
    assert!(published.contains("source 001") && published.contains("fastest cold start"), "{published}");
}

#[test]
fn a_pick_names_a_winner_its_margin_and_who_was_excluded() {
    let runoff = Runoff::new();
    bench(&runoff, "r.jsonl", &["nbody", "--runtimes", "wasm3,wasmi/eager,wasmtime/cranelift"]);
    let (code, out, err) =
        runoff.run(["pick", "nbody", "--from", "r.jsonl", "--calls", "1,1e7", "--explain"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("then wasmtime/cranelift.") && out.contains("The arithmetic"), "{out}");
    let untrusted = runoff.json(&["pick", "--from", "r.jsonl", "--untrusted", "--need", "deadline"]);
    let excluded = untrusted["nbody"]["excluded"].as_array().expect("a list");
    assert!(excluded.iter().any(|e| e["runtime"] == "wasm3"), "{excluded:?}");
    let cached = runoff.json(&["pick", "--from", "r.jsonl", "--cached", "--calls", "1000000"]);
    assert_eq!(cached["nbody"]["winners"][0]["runtime"], "wasmtime/cranelift");
    let (code, _, err) = runoff.run(["pick", "--from", "r.jsonl", "--need", "wings"]);
    assert_eq!(code, 2);
    assert!(err.contains("wings") && err.contains("deadline"), "{err}");
}

#[test]
fn a_suite_with_bad_modules_measures_the_good_ones() {
    let runoff = Runoff::new();
    let module = std::fs::read(repository("guests/prebuilt/fibo.wasm")).expect("the guest");
    runoff.write("suite/fine.wasm", &module);
    runoff.write("suite/fine.stdout.expected", "433494437\n");
    runoff.write("suite/cut.wasm", &module[..module.len() / 2]);
    runoff.write("suite/lib.wat", r#"(module (func (export "helper") (param i32)))"#);
    runoff.write("suite/simd.wat", r#"(module (func (export "_start") (drop (v128.const i64x2 0 0))))"#);
    runoff.write("suite/trap.wat", r#"(module (func (export "_start") unreachable))"#);
    runoff.write("suite/import.wat", r#"(module (import "env" "f" (func)) (func (export "_start")))"#);
    let json =
        runoff.json(&["bench", "suite", "--arg", "5", "--runtimes", "wasm3,wasmi/lazy", "--rounds", "1"]);
    let cells = json["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 12, "a row for each module and runtime");
    let problem = |workload: &str, runtime: &str| {
        let cell =
            cells.iter().find(|c| c["workload"] == workload && c["runtime"] == runtime).expect("a row");
        cell["problems"].as_array().and_then(|p| p.first()).map_or(String::new(), |p| {
            format!(
                "{}: {}",
                p["kind"].as_str().unwrap_or_default(),
                p["reason"].as_str().unwrap_or_default()
            )
        })
    };
    assert_eq!(problem("fine.wasm", "wasm3"), "");
    assert!(problem("cut.wasm", "wasmi/lazy").contains("malformed module at byte"));
    assert!(problem("lib.wat", "wasm3").contains("helper"));
    assert_eq!(problem("simd.wat", "wasm3"), "unsupported: needs simd");
    assert_eq!(problem("simd.wat", "wasmi/lazy"), "");
    assert!(problem("trap.wat", "wasm3").contains("unreachable"));
    assert!(problem("import.wat", "wasmi/lazy").contains("env"), "{}", problem("import.wat", "wasmi/lazy"));
}

#[test]
fn a_wrong_answer_is_a_row_and_not_a_time() {
    let runoff = Runoff::new();
    runoff.write("m.wat", r#"(module (func (export "run") (result i32) (i32.const 41)))"#);
    runoff.write("m.toml", "module = \"m.wat\"\ninvoke = \"run\"\nexpected_results = [\"42\"]\n");
    let (code, out, err) = runoff.run(["bench", "m.toml", "--runtimes", "wasm3", "--rounds", "2"]);
    assert_eq!(code, 3, "{err}");
    assert!(out.contains("expected `42`, got `41`"), "{out}");
}

#[test]
fn an_interrupted_run_is_kept_and_goes_on() {
    let runoff = Runoff::new();
    let args =
        ["bench", "add-one", "nbody", "--runtimes", "wasm3,wasmtime/winch", "--rounds", "4", "--seed", "7"];
    let mut child = runoff
        .process(args)
        .args(["--out", "r.jsonl"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("a start");
    let file = runoff.path("r.jsonl");
    // Interrupted when it has something to lose.
    let finished = || std::fs::read_to_string(&file).map_or(0, |t| t.lines().count());
    for _ in 0..2000 {
        if finished() > 4 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).expect("a signal");
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    let before = records(&file);
    assert_eq!(before.last().expect("a record")["reason"], "interrupted");

    let (code, _, err) = runoff.run(["bench", "--resume", "r.jsonl"]);
    assert_eq!(code, 0, "{err}");
    let after = records(&file);
    assert_eq!(after[..before.len()], before[..], "resuming must not touch what was there");
    let mut keys: Vec<String> = after
        .iter()
        .filter(|r| r["record"] == "block")
        .map(|b| format!("{} {} {} {} {}", b["round"], b["workload"], b["runtime"], b["mode"], b["status"]))
        .collect();
    // 4 rounds, 2 workloads; winch is measured in two modes.
    assert_eq!(keys.len(), 4 * 2 * 3, "{keys:#?}");
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 4 * 2 * 3, "a block was measured twice");
    assert!(keys.iter().all(|k| k.ends_with("\"ok\"")), "{keys:#?}");
}

#[test]
fn a_regression_fails_a_comparison() {
    let runoff = Runoff::new();
    bench(&runoff, "old.jsonl", &["nbody", "--runtimes", "wasm3,wasmi/eager"]);
    let text = std::fs::read_to_string(runoff.path("old.jsonl")).expect("the result");
    // The same run with wasm3 half as fast, and wasmi gone.
    let slower: Vec<String> = text
        .lines()
        .map(|line| {
            let mut record: Value = serde_json::from_str(line).expect("a record");
            if record["runtime"] == "wasm3" {
                for ns in record["samples"]["phases"]["call"]["warm_ns"].as_array_mut().into_iter().flatten()
                {
                    *ns = (ns.as_f64().expect("a time") * 2.0).into();
                }
            }
            if record["runtime"] == "wasmi/eager" {
                record["status"] = "crashed".into();
                record["reason"] = "killed by signal 11".into();
                record["samples"] = serde_json::json!({ "phases": {}, "memory": {} });
            }
            record.to_string()
        })
        .collect();
    runoff.write("new.jsonl", slower.join("\n") + "\n");
    let (code, out, err) = runoff.run(["compare", "old.jsonl", "new.jsonl", "--fail-above", "5%"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.lines().any(|l| l.contains("wasm3") && l.contains("call") && l.contains("slower")), "{out}");
    assert!(err.contains("nbody wasm3 call: +100"), "{err}");
    assert!(err.contains("wasmi/eager") && err.contains("killed by signal 11"), "{err}");
    let (code, ..) = runoff.run(["compare", "old.jsonl", "new.jsonl"]);
    assert_eq!(code, 0, "without --fail-above a comparison is no verdict");
    let (code, out, err) = runoff.run(["compare", "old.jsonl", "old.jsonl", "--fail-above", "0.1%"]);
    assert_eq!(code, 0, "{err}");
    let told_apart = |l: &str| l.starts_with("nbody") && (l.contains("slower ") || l.contains("faster "));
    assert!(!out.lines().any(told_apart), "{out}");
}

#[test]
fn results_are_never_overwritten_and_errors_say_what_to_do() {
    let runoff = Runoff::new();
    runoff.write("there.jsonl", "precious");
    for (args, words) in [
        (vec!["bench", "add-one", "--out", "there.jsonl"], "never overwritten"),
        (vec!["bench", "add-one", "--out", "absent/r.jsonl"], "absent/r.jsonl"),
        (vec!["bench", "add-one", "--runtimes", "v9"], "no runtime `v9`"),
        (vec!["bench", "nothing-here"], "neither a file"),
        (vec!["bench", "fibo", "--size", "huge"], "ci, small, medium, large"),
        (vec!["bench", "fibonacci", "--time", "soon"], "not a duration"),
        (vec!["show", "there.jsonl"], "not a Runoff result"),
        (vec!["show", "absent.jsonl"], "absent.jsonl"),
        (vec!["pick"], "name a module"),
    ] {
        let (code, out, err) = runoff.run(args.iter());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(words), "{args:?}: {err}");
    }
    assert_eq!(std::fs::read_to_string(runoff.path("there.jsonl")).expect("the file"), "precious");
}
