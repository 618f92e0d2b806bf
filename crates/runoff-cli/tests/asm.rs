//! `runoff asm` on small modules whose code is known.

mod common;

use common::Runoff;
use serde_json::Value;

const MODULE: &str = r#"(module
  (memory (export "memory") 1)
  (func $reads (export "reads") (param i32) (result i32) local.get 0 i32.load)
  (func $writes (export "writes") (param i32 i32) local.get 0 local.get 1 i32.store)
  (func $sums (export "sums") (param i32) (result i32) (local i32)
    (loop $more
      (local.set 1 (i32.add (local.get 1) (call $reads (local.get 0))))
      (br_if $more (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))
    local.get 1)
  (func $nothing))"#;

const COMPILERS: &str = "wasmtime/cranelift,wasmtime/winch,wasmer/cranelift,wasmer/singlepass";

fn json(runoff: &Runoff, args: &[&str]) -> Value {
    let (code, out, err) = runoff.run([&["asm"], args, &["--format", "json"]].concat());
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("JSON")
}

fn with_module() -> Runoff {
    let runoff = Runoff::new();
    runoff.write("small.wat", MODULE);
    runoff
}

#[test]
#[cfg(target_arch = "x86_64")]
fn counts_are_those_of_known_functions() {
    let runoff = with_module();
    for (function, loads, stores, calls) in [("reads", 1, 0, 0), ("writes", 0, 1, 0), ("sums", 0, 0, 1)] {
        let value = json(&runoff, &["small.wat", "--func", function, "--runtimes", COMPILERS]);
        let sides = value["sides"].as_array().expect("sides");
        assert_eq!(sides.len(), 4);
        for side in sides {
            let runtime = side["runtime"].as_str().expect("an id");
            let count = |what: &str| side["code"]["function"][what].as_u64().expect("a count");
            assert!(count("loads") >= loads && count("stores") >= stores, "{function} on {runtime}: {side}");
            // A compiler may inline the call; the call is one at most.
            assert!(count("calls") <= calls, "{function} on {runtime}: {side}");
            // Memory of 32 bits lies before guard pages.
            assert_eq!(count("bounds_checks"), 0, "{function} on {runtime}: {side}");
            let listing = side["code"]["listing"].as_array().expect("a listing");
            assert_eq!(listing.len() as u64, count("instructions"));
            let bytes: usize = listing.iter().map(|l| l["bytes"].as_str().expect("bytes").len() / 2).sum();
            assert_eq!(bytes as u64, count("bytes"));
            assert_eq!(side["code"]["functions"], 4);
        }
        assert_eq!(value["profile"]["mix"]["loads"].as_u64().unwrap_or(0), loads);
        assert_eq!(value["profile"]["mix"]["stores"].as_u64().unwrap_or(0), stores);
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn the_likely_heaviest_function_is_taken_and_interpreters_say_that_they_interpret() {
    let runoff = with_module();
    let value = json(&runoff, &["small.wat", "--runtimes", "wasmtime/cranelift,wasmi/eager,native"]);
    assert_eq!(value["function"]["name"], "sums");
    assert!(value["function"]["why"].as_str().expect("words").contains("loop"));
    assert_eq!(value["calls"][0][0], "reads");
    let reason = |n: usize| value["sides"][n]["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason(1).contains("no machine code"), "{value}");
    assert!(reason(2).contains("no native twin"), "{value}");
}

#[test]
#[cfg(target_arch = "x86_64")]
fn every_format_and_a_closed_pipe() {
    let runoff = with_module();
    let of = |more: &[&str]| {
        let args = [
            &["asm", "small.wat", "--func", "reads", "--runtimes", "wasmtime/cranelift,wasmer/cranelift"],
            more,
        ];
        let (code, out, err) = runoff.run(args.concat());
        assert_eq!((code, err.as_str()), (0, ""), "{more:?}");
        out
    };
    let table = of(&[]);
    assert!(table.contains("  1 parameter, 0 locals;"), "{table}");
    assert!(table.contains("bounds checks") && table.contains("ret") && !table.contains('\u{1b}'), "{table}");
    let hidden = of(&["--listing", "none"]);
    assert!(!hidden.contains("  ret"), "{hidden}");
    assert!(of(&["--format", "md"]).contains("```text\nwasmtime/cranelift"));
    assert!(of(&["--listing", "below", "--bytes"]).contains("c3"));
    let csv = of(&["--format", "csv"]);
    assert!(csv.starts_with("module,function,runtime,scope,measure,value\n"), "{csv}");
    assert!(csv.contains("small.wat,0,wasm,function,loads,1\n"), "{csv}");
    let output =
        runoff.shell(&format!("{} asm small.wat | head -n 1", env!("CARGO_BIN_EXE_runoff"))).output();
    let output = output.expect("a shell");
    assert!(output.stdout.starts_with(b"small.wat: function 2 (sums)"));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
#[cfg(target_arch = "x86_64")]
fn the_twin_of_a_bundled_workload_is_found_by_name() {
    let runoff = Runoff::new();
    let value = json(
        &runoff,
        &["c/matmul-17", "--func", "matmul_unoptimised", "--runtimes", "native,wasmtime/cranelift"],
    );
    let native = &value["sides"][0]["code"];
    assert!(
        native["note"].as_str().expect("a note").starts_with("matmul_unoptimised, of the same name"),
        "{value}"
    );
    let count =
        |side: usize, what: &str| value["sides"][side]["code"]["function"][what].as_u64().expect("a count");
    // Variables stay in memory: in the frame of native code, in the module's own stack in linear memory otherwise.
    assert!(count(0, "frame_loads") > 15, "{value}");
    assert!(count(1, "loads") > 15 && count(1, "indexed_addresses") > 15, "{value}");
    let functions = native["functions"].as_u64().expect("a number");
    assert!((3..40).contains(&functions), "{functions} functions");
}

#[test]
fn modules_without_compilers() {
    let runoff = with_module();
    let (code, out, _) = runoff.run(["asm", "small.wat", "--wasm"]);
    assert_eq!(code, 0);
    // The heaviest first.
    let row: Vec<&str> = out.lines().nth(3).expect("a row").split_whitespace().collect();
    assert_eq!(row[..2], ["2", "sums"], "{out}");
    let (code, out, _) = runoff.run(["asm", "small.wat", "--wasm", "--format", "json"]);
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, value["functions"].as_array().map(Vec::len)), (0, Some(4)));
    let (code, out, _) = runoff.run(["asm", "small.wat", "--wasm", "--format", "csv"]);
    let mut header: Vec<&str> = out.lines().next().expect("a header").split(',').collect();
    let columns = header.len();
    header.sort_unstable();
    header.dedup();
    assert_eq!((code, header.len()), (0, columns), "no column twice: {out}");
    let (code, out, _) = runoff.run(["asm", "--measures"]);
    assert!(code == 0 && out.contains("bounds checks"), "{out}");
}

#[test]
fn what_is_wrong_is_said() {
    let runoff = with_module();
    runoff.write("noise.wasm", b"\0asm\x01\0\0\0\x0a\x7f\xff\xff");
    runoff.write("empty.wasm", b"");
    runoff.write("none.wat", "(module)");
    runoff.write("import.wat", r#"(module (import "a" "b" (func)) (func))"#);
    for (args, words) in [
        (&["noise.wasm"][..], "not a valid module"),
        (&["empty.wasm"], "not a valid module"),
        (&["none.wat"], "no functions"),
        (&["import.wat", "--func", "0"], "is imported"),
        (&["small.wat", "--func", "nobody"], "exported: reads, writes, sums"),
        (&["small.wat", "--func", "77"], "there are 0 to 3"),
        (&["small.wat", "--func", ""], "without a name"),
        (&["small.wat", "--func", "99999999999"], "there are 0 to 3"),
        (&["small.wat", "--func", "s"], "may be 0 (reads), 1 (writes), 2 (sums)"),
        (&["small.wat", "--runtimes", "nobody"], "no runtime `nobody`"),
        (&["samples"], "several modules"),
        (&["nowhere.wasm"], "neither a file"),
        (&[], "required"),
    ] {
        let (code, out, err) = runoff.run([&["asm"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(words) && !err.contains("panicked"), "{args:?}: {err}");
    }
}
