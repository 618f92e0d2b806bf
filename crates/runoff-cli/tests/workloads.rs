//! `runoff workloads`, and suites of a user's own.

mod common;

use common::Runoff;
use serde_json::Value;

/// Few and different: machine code, an interpreter, the twin.
const SOME: &str = "native,wasmtime/cranelift,wasmi/eager";

/// Copies `default.input` of its working folder to standard output.
const ECHO: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "default.input")
  (func (export "_start")
    (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 13) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)) (then unreachable))
    (i32.store (i32.const 80) (i32.const 1024))
    (i32.store (i32.const 84) (i32.const 1000))
    (if (call $read (i32.load (i32.const 64)) (i32.const 80) (i32.const 1) (i32.const 96)) (then unreachable))
    (i32.store (i32.const 84) (i32.load (i32.const 96)))
    (if (call $write (i32.const 1) (i32.const 80) (i32.const 1) (i32.const 96)) (then unreachable))))"#;

/// The row of a cell in the findings of a check.
fn cell<'a>(rows: &'a Value, workload: &str, runtime: &str) -> &'a Value {
    let rows = rows.as_array().expect("a list");
    let found = rows.iter().find(|r| r["workload"] == workload && r["runtime"] == runtime);
    found.unwrap_or_else(|| panic!("no row of {workload} on {runtime}: {rows:#?}"))
}

#[test]
fn what_there_is_is_listed_and_described() {
    let runoff = Runoff::new();
    let all = runoff.json(&["workloads"]);
    let names: Vec<_> = all.as_array().expect("a list").iter().filter_map(|w| w["name"].as_str()).collect();
    assert_eq!(names[..4], ["add-one", "fibonacci", "nbody", "fibo"]);
    assert!(names.iter().filter(|n| n.starts_with("polybench/")).count() == 30, "{names:?}");
    let set = runoff.json(&["workloads", "list", "edge"]);
    assert!(set.as_array().expect("a list").iter().all(|w| w["sizes"][0] == "ci"), "{set:#}");
    let (code, out, _) = runoff.run(["workloads", "show", "polybench/gemm"]);
    assert!(code == 0 && out.contains("polybench/gemm@large") && out.contains("sha256"), "{out}");
    let (code, _, err) = runoff.run(["workloads", "list", "nothing"]);
    assert!(code == 2 && err.contains("`nothing`") && err.contains("polybench"), "{err}");
    let (code, _, err) = runoff.run(["workloads", "check"]);
    assert!(code == 2 && err.contains("--all"), "{err}");
}

#[test]
fn right_answers_are_found_right_also_after_an_export() {
    let runoff = Runoff::new();
    let rows = runoff.json(&["workloads", "check", "samples", "c/crc32", "edge/matmul", "--runtimes", SOME]);
    assert_eq!(rows.as_array().map(Vec::len), Some(18));
    assert!(rows.as_array().expect("a list").iter().all(|r| r["outcome"] == "right"), "{rows:#}");
    let (code, out, err) = runoff.run(["workloads", "export", "c/crc32", "samples", "--to", "out"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "5 workloads in out\n", ""));
    let rows = runoff.json(&["workloads", "check", "./out", "--runtimes", SOME]);
    assert_eq!(cell(&rows, "c/crc32@ci", "native")["outcome"], "right", "the twin knows the bytes");
    assert!(rows.as_array().expect("a list").iter().all(|r| r["outcome"] == "right"), "{rows:#}");
    let (code, _, err) = runoff.run(["workloads", "export", "nothing", "--to", "out"]);
    assert!(code == 2 && err.contains("`nothing`"), "{err}");
}

#[test]
fn wrong_answers_of_a_suite_are_rows_with_their_difference_and_no_times() {
    let runoff = Runoff::new();
    let third = "(module (func (export \"run\") (result f64) (f64.div (f64.const 1) (f64.const 3))))";
    runoff.write("suite/third.wat", third);
    runoff.write("suite/right.toml", "module = \"third.wat\"\nexpected_results = [\"0.3333333333333333\"]\n");
    runoff.write("suite/wrong.toml", "module = \"third.wat\"\nexpected_results = [\"0.25\"]\n");
    let near = "module = \"third.wat\"\nexpected_results = [\"0.33333\"]\ntolerance = 1e-4\n";
    runoff.write("suite/deep/near.toml", near.replace("third", "../third"));
    runoff.write("suite/nothing.wat", "(module)");
    let runtimes = "wasmtime/cranelift,wasmi/eager";
    let args = ["workloads", "check", "./suite", "--runtimes", runtimes, "--format", "json"];
    let (code, out, err) = runoff.run(args);
    assert_eq!(code, 3, "{err}");
    let rows: Value = serde_json::from_str(&out).expect("JSON");
    for runtime in runtimes.split(',') {
        assert_eq!(cell(&rows, "right", runtime)["outcome"], "right");
        assert_eq!(cell(&rows, "deep/near", runtime)["outcome"], "right");
        let wrong = cell(&rows, "wrong", runtime);
        assert_eq!(wrong["outcome"], "wrong answer");
        assert_eq!(wrong["reason"], "expected `0.25`, got `0.3333333333333333`");
        assert_eq!(cell(&rows, "nothing.wat", runtime)["outcome"], "failed");
    }
    let json = runoff.json(&["bench", "./suite", "--runtimes", runtimes, "--rounds", "1"]);
    for cell in json["cells"].as_array().expect("cells") {
        let right = ["right", "deep/near"].contains(&cell["workload"].as_str().expect("a name"));
        let timed = cell["phases_ns"]["call"]["warm"]["median"].is_number();
        assert_eq!(timed, right, "a time where the answer is right, and nowhere else: {cell:#}");
    }
}

#[test]
fn the_layout_of_sightglass_is_understood() {
    let runoff = Runoff::new();
    for (folder, expected) in [("same", "hello\n"), ("other", "hullo\n")] {
        runoff.write(&format!("suite/{folder}/benchmark.wat"), ECHO);
        runoff.write(&format!("suite/{folder}/default.input"), "hello\n");
        runoff.write(&format!("suite/{folder}/benchmark.stdout.expected"), expected);
    }
    runoff.write("suite/all.suite", "# both\nsame/benchmark.wat\nother/benchmark.wat\n");
    for suite in ["./suite", "./suite/all.suite"] {
        let args = ["workloads", "check", suite, "--runtimes", "wasmtime/winch,wasm3", "--format", "json"];
        let (code, out, err) = runoff.run(args);
        assert_eq!(code, 3, "{err}");
        let rows: Value = serde_json::from_str(&out).expect("JSON");
        for runtime in ["wasmtime/winch", "wasm3"] {
            assert_eq!(cell(&rows, "same", runtime)["outcome"], "right");
            assert_eq!(cell(&rows, "other", runtime)["reason"], "expected `hullo`, got `hello`");
        }
    }
}

#[test]
fn other_levels_are_checked_exported_and_compared() {
    let runoff = Runoff::new();
    let rows = runoff.json(&[
        "workloads",
        "check",
        "apps-O0/crc32",
        "apps-simd/crc32",
        "--runtimes",
        "native,wasmtime",
    ]);
    for name in ["apps-O0/crc32@ci", "apps-simd/crc32@ci"] {
        assert_eq!(cell(&rows, name, "native")["outcome"], "right", "the twin of a packed module");
        assert_eq!(cell(&rows, name, "wasmtime/cranelift")["outcome"], "right");
    }
    let (code, _, err) = runoff.run(["workloads", "export", "apps-O0/crc32", "apps/crc32", "--to", "out"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let rows = runoff.json(&["workloads", "check", "./out", "--runtimes", "native"]);
    for name in ["apps-O0/crc32@ci", "apps/crc32@ci"] {
        assert_eq!(cell(&rows, name, "native")["outcome"], "right", "both under their own names");
    }
    let args = [
        "bench",
        "apps-O0/crc32",
        "apps/crc32",
        "--size",
        "ci",
        "--runtimes",
        "wasmi/eager",
        "--rounds",
        "1",
    ];
    let (code, out, err) = runoff.run(args);
    assert_eq!(code, 0, "{err}");
    let tables = out.split("Optimisation levels").skip(1).collect::<Vec<_>>();
    assert!(
        tables.len() == 2 && tables.iter().all(|t| t.contains("-O3") && t.contains("wasmi/eager")),
        "{out}"
    );
}

#[test]
fn what_a_suite_lacks_is_told_before_anything_runs() {
    let runoff = Runoff::new();
    runoff.write("suite/x.wat", ECHO);
    runoff.write("suite/bad.toml", "module = \"gone.wasm\"\n");
    let (code, _, err) = runoff.run(["workloads", "check", "./suite", "--runtimes", "wasm3"]);
    assert!(code == 2 && err.contains("bad.toml") && err.contains("gone.wasm"), "{err}");
    runoff.write("suite/bad.toml", "module = \"x.wat\"\nargz = []\n");
    let (code, _, err) = runoff.run(["bench", "./suite", "--runtimes", "wasm3"]);
    assert!(code == 2 && err.contains("bad.toml") && err.contains("argz"), "{err}");
    // A folder where the right answer should be.
    runoff.write("other/x.wat", ECHO);
    runoff.write("other/x.stdout.expected/file", "");
    let (code, _, err) = runoff.run(["workloads", "check", "./other", "--runtimes", "wasm3"]);
    assert!(code == 2 && err.contains("x.stdout.expected"), "{err}");
}
