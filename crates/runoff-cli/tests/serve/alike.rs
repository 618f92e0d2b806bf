//! A call has the same answer whatever runtime it is on, and whether its code is there or only being built.

use crate::client::post;
use crate::server::Server;
use crate::{RUNTIMES, everywhere, folder};

/// It calls itself 5000 deep: nothing for compiled code.
const DEEP: &str = r#"(module
  (memory (export "memory") 1)
  (func $deep (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 0))
      (else (i32.add (call $deep (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))))
  (func (export "runoff_version") (param i32) (result i32) (i32.const 1))
  (func (export "runoff_buffer") (param i32) (result i32)
    (if (result i32) (i32.gt_u (local.get 0) (i32.const 60000)) (then (i32.const 0)) (else (i32.const 1024))))
  (func (export "runoff_call") (param $at i32) (param $len i32) (result i64)
    (if (i32.ne (call $deep (i32.const 5000)) (i32.const 5000)) (then unreachable))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $len)))))"#;

/// It counts to a million: a matter of a millisecond where it is compiled, of many where it is not.
const COUNT: &str = r#"(module
  (memory (export "memory") 1)
  (func (export "runoff_version") (param i32) (result i32) (i32.const 1))
  (func (export "runoff_buffer") (param i32) (result i32)
    (if (result i32) (i32.gt_u (local.get 0) (i32.const 60000)) (then (i32.const 0)) (else (i32.const 1024))))
  (func (export "runoff_call") (param $at i32) (param $len i32) (result i64) (local $i i32)
    (loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 1000000))))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $len)))))"#;

/// It sleeps for 200 ms and writes `s`, or `e` when its clock says that it was less.
const NAP: &str = r#"(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $now (result i64)
    (drop (call $clock (i32.const 1) (i64.const 1) (i32.const 200)))
    (i64.load (i32.const 200)))
  (func (export "_start") (local $begin i64)
    (local.set $begin (call $now))
    (i32.store (i32.const 16) (i32.const 1))
    (i64.store (i32.const 24) (i64.const 200000000))
    (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
    (i32.store8 (i32.const 300)
      (select (i32.const 115) (i32.const 101)
        (i64.ge_u (i64.sub (call $now) (local.get $begin)) (i64.const 200000000))))
    (i32.store (i32.const 400) (i32.const 300))
    (i32.store (i32.const 404) (i32.const 1))
    (drop (call $write (i32.const 1) (i32.const 400) (i32.const 1) (i32.const 408)))))"#;

#[test]
fn recursion_is_as_deep_on_every_runtime() {
    let (functions, routes) = everywhere("deep", "deep", "");
    let config = format!("{RUNTIMES}{functions}[[function]]\nname = \"any\"\nmodule = \"deep.wasm\"\n");
    let runoff = folder(&[("deep", DEEP)], &config);
    let server = Server::start(&runoff);
    for route in &routes {
        let answer = post(server.address, route, b"x");
        assert_eq!((answer.status, answer.text().as_str()), (200, "x"), "{route}");
    }
    for number in 0..200 {
        assert_eq!(post(server.address, "/any", b"x").status, 200, "call {number}");
    }
    server.stop();
}

#[test]
fn a_sleep_is_slept_or_the_run_has_no_answer() {
    let config = "[[function]]\nmodule = \"nap.wasm\"\n\
        [[function]]\nname = \"late\"\nmodule = \"nap.wasm\"\ndeadline = \"100ms\"\n";
    let runoff = folder(&[("nap", NAP)], config);
    let server = Server::start(&runoff);
    for call in 0..5 {
        let answer = post(server.address, "/nap", b"");
        assert_eq!((answer.status, answer.text().as_str()), (200, "s"), "call {call}");
    }
    for _ in 0..3 {
        let answer = post(server.address, "/late", b"");
        assert_eq!((answer.status, answer.header("x-runoff-error")), (504, Some("deadline")), "{answer:?}");
    }
    server.stop();
}

#[test]
fn kept_code_serves_the_first_request_after_a_start() {
    let config = "runtimes = [\"wasmtime/cranelift\", \"wasmi/lazy\"]\n\
        [[function]]\nmodule = \"kept.wasm\"\n";
    let runoff = folder(&[("kept", COUNT)], config);
    let server = Server::start(&runoff);
    let end = std::time::Instant::now() + std::time::Duration::from_mins(1);
    while post(server.address, "/kept", b"x").tier() != Some("wasmtime/cranelift") {
        assert!(std::time::Instant::now() < end, "it is never worth compiling");
    }
    server.stop();
    for _ in 0..3 {
        let server = Server::start(&runoff);
        assert_eq!(post(server.address, "/kept", b"x").tier(), Some("wasmtime/cranelift"));
        server.stop();
    }
}
