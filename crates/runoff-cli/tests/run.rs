//! `runoff run`, on every runtime.

mod common;

use std::time::Instant;

use common::Runoff;

const ECHO: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 1000))
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.store (i32.const 4) (i32.load (i32.const 8)))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    (call $exit (i32.const 42))))"#;

const CALLS: &str = r#"(module (memory (export "memory") 1)
  (global $ready (mut i32) (i32.const 0))
  (func (export "_initialize") (global.set $ready (i32.add (global.get $ready) (i32.const 1))))
  (func (export "ready") (result i32) (global.get $ready))
  (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "wide") (param i64 f32 f64) (result f64)
    (f64.add (f64.convert_i64_s (local.get 0)) (f64.add (f64.promote_f32 (local.get 1)) (local.get 2))))
  (func (export "nothing"))
  (func $deep (export "deep") (param i32) (result i32)
    ;; Nothing an optimising compiler could make a loop of.
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1))
      (else (i32.rotl (call $deep (i32.sub (local.get 0) (i32.const 1))) (local.get 0)))))
  (func (export "forever") (loop (br 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#;

#[test]
fn streams_and_exit_code_are_the_guests() {
    let runoff = Runoff::new();
    runoff.write("echo.wat", ECHO);
    for id in runoff.runtimes() {
        let ended = runoff.run_with(["run", "--runtime", &id, "echo.wat"], "spoken\n");
        assert_eq!(ended, (42, "spoken\n".into(), "spoken\n".into()), "{id}");
    }
    let input = runoff.write("input", "from a file");
    let ended = runoff.run(["run", "--stdin", &input.display().to_string(), "echo.wat"]);
    assert_eq!(ended, (42, "from a file".into(), "from a file".into()));
}

/// Copies the file `words` of its working folder and standard input to standard output.
const COPY: &str = r#"(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "words")
  (func $copy (param $from i32)
    (i32.store (i32.const 80) (i32.const 1024))
    (i32.store (i32.const 84) (i32.const 1000))
    (if (call $read (local.get $from) (i32.const 80) (i32.const 1) (i32.const 96)) (then unreachable))
    (i32.store (i32.const 84) (i32.load (i32.const 96)))
    (if (call $write (i32.const 1) (i32.const 80) (i32.const 1) (i32.const 96)) (then unreachable)))
  (func (export "_start")
    (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)) (then unreachable))
    (call $copy (i32.load (i32.const 64)))
    (call $copy (i32.const 0))))"#;

#[test]
fn what_a_manifest_gives_is_there() {
    let runoff = Runoff::new();
    runoff.write("lib/copy.wat", COPY);
    runoff.write("lib/in/words", "from the file, ");
    runoff.write("lib/in/said", "from the input");
    let manifest = "module = \"copy.wat\"\nstdin = \"in/said\"\n";
    runoff.write("lib/files.toml", format!("{manifest}files = {{ words = \"in/words\" }}\n"));
    runoff.write("lib/dirs.toml", format!("{manifest}dirs = {{ \".\" = \"in\" }}\n"));
    for name in ["lib/files.toml", "lib/dirs.toml"] {
        assert_eq!(
            runoff.run(["run", name]),
            (0, "from the file, from the input".into(), String::new()),
            "{name}"
        );
        let other = runoff.write("other", "from another");
        let ended = runoff.run(["run", "--stdin", &other.display().to_string(), name]);
        assert_eq!(ended, (0, "from the file, from another".into(), String::new()), "{name}");
    }
    let (code, _, err) = runoff.run(["run", "--size", "huge", "fibo"]);
    assert!(code == 2 && err.contains("huge") && err.contains("small"), "{err}");
}

#[test]
fn exports_print_their_results_line_by_line() {
    let runoff = Runoff::new();
    runoff.write("calls.wat", CALLS);
    for id in runoff.runtimes() {
        let invoke = |export: &str, args: &[&str]| {
            let all = [&["run", "--runtime", &id, "--invoke", export, "calls.wat", "--"], args].concat();
            let (code, out, err) = runoff.run(all);
            assert_eq!((code, err.as_str()), (0, ""), "{id} {export}");
            out
        };
        assert_eq!(invoke("div", &["-7", "2"]), "-3\n", "{id}");
        assert_eq!(invoke("wide", &["-1", "0.5", "1e3"]), "999.5\n", "{id}");
        assert_eq!(invoke("nothing", &[]), "", "{id} prints a line for no result");
        assert_eq!(invoke("ready", &[]), "1\n", "{id}: `_initialize` runs once before the first call");
    }
}

#[test]
fn traps_end_with_134_and_their_reason() {
    let runoff = Runoff::new();
    runoff.write("calls.wat", CALLS);
    for id in runoff.runtimes() {
        for (args, reason) in [
            (vec!["div", "calls.wat", "--", "1", "0"], "integer divide by zero"),
            (vec!["deep", "calls.wat", "--", "1000000000"], "stack"),
        ] {
            let (code, out, err) = runoff.run([vec!["run", "--runtime", &id, "--invoke"], args].concat());
            assert_eq!((code, out.as_str()), (134, ""), "{id}: {err}");
            assert!(err.contains(reason) && err.lines().count() == 1, "{id}: {err}");
        }
    }
}

#[test]
fn time_and_memory_are_limited_on_every_runtime() {
    let runoff = Runoff::new();
    runoff.write("calls.wat", CALLS);
    for id in runoff.runtimes() {
        let begin = Instant::now();
        let (code, _, err) =
            runoff.run(["run", "--runtime", &id, "--timeout", "300ms", "--invoke", "forever", "calls.wat"]);
        assert_eq!(code, 124, "{id}: {err}");
        assert!(begin.elapsed().as_secs() < 20, "{id} was not stopped");
        let grow = |limit: &str| {
            runoff.run([
                "run",
                "--runtime",
                &id,
                "--max-memory",
                limit,
                "--invoke",
                "grow",
                "calls.wat",
                "--",
                "9",
            ])
        };
        assert_eq!(grow("1MiB"), (0, "1\n".into(), String::new()), "{id}");
        assert_eq!(grow("512KiB"), (0, "-1\n".into(), String::new()), "{id}");
        let (code, _, err) = grow("32KiB");
        assert_eq!(code, 3, "{id}: {err}");
    }
}

#[test]
fn a_best_runtime_is_used_once_it_is_known() {
    let runoff = Runoff::new();
    let (code, _, err) =
        runoff.run(["bench", "fibonacci", "--runtimes", "wasm3", "--rounds", "1", "--time", "1s"]);
    assert_eq!(code, 0, "{err}");
    // A wrong argument makes the runtime's name show in the message.
    runoff.write("div.wat", CALLS);
    let (_, _, err) = runoff.run(["run", "--invoke", "div", "div.wat", "--", "1", "0"]);
    assert!(err.contains("wasmtime/cranelift"), "nothing is known of this module: {err}");
    let (code, out, err) = runoff.run(["run", "--invoke", "run", "fibonacci", "--", "10"]);
    assert_eq!((code, out.as_str()), (0, "89\n"), "{err}");
}

#[test]
fn bad_input_is_a_clear_error() {
    let runoff = Runoff::new();
    runoff.write("junk.wasm", [7_u8; 3000]);
    runoff.write("cut.wasm", b"\0asm\x01\0\0\0\x01\x7f");
    runoff.write("text.wat", "(module (func (nonsense)))");
    runoff.write("calls.wat", CALLS);
    runoff.write("needs.wat", r#"(module (import "env" "x" (func)) (func (export "_start")))"#);
    for (args, code, words) in [
        (vec!["run", "absent.wasm"], 2, "neither a file"),
        (vec!["run", "junk.wasm"], 2, "not WebAssembly"),
        (vec!["run", "cut.wasm"], 2, "malformed module at byte"),
        (vec!["run", "text.wat"], 2, "text.wat:1"),
        (vec!["run", "calls.wat"], 2, "no `_start`"),
        (vec!["run", "--invoke", "absent", "calls.wat"], 2, "it exports"),
        (vec!["run", "--invoke", "div", "calls.wat", "--", "1"], 2, "not 1"),
        (vec!["run", "--invoke", "div", "calls.wat", "--", "1", "x"], 2, "not a 32-bit integer"),
        (vec!["run", "needs.wat"], 2, "env"),
        (vec!["run", "--runtime", "v9", "fibo"], 2, "no runtime `v9`"),
        (vec!["run", "--dir", "absent::/x", "fibo"], 2, "absent"),
        (vec!["run", "--env", "novalue", "fibo"], 2, "KEY=VALUE"),
    ] {
        let (found, out, err) = runoff.run(args.iter());
        assert_eq!((found, out.as_str()), (code, ""), "{args:?}: {err}");
        assert!(err.contains(words), "{args:?}: {err}");
        assert!(!err.contains("panicked"), "{args:?}: {err}");
    }
}
