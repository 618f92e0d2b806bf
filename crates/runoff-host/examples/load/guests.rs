//! Functions that do nothing, one for each ABI, and one that is worth compiling.

use std::fmt::Write as _;

/// The convention of `call`, with `$body` in place of the answer.
fn call_module(work: &str, more: &str) -> String {
    format!(
        r#"(module
  (memory (export "memory") 2)
  (func (export "runoff_version") (param i32) (result i32) (i32.const 1))
  (func (export "runoff_buffer") (param i32) (result i32)
    (if (result i32) (i32.gt_u (local.get 0) (i32.const 60000)) (then (i32.const 0)) (else (i32.const 1024))))
  (func (export "runoff_call") (param $at i32) (param $len i32) (result i64)
    {work}
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
  {more})"#
    )
}

/// Answers what it got.
pub(crate) fn call() -> String {
    call_module("", "")
}

/// The same in other bytes for each number.
pub(crate) fn another(number: u32) -> String {
    call_module("", &format!("(func (export \"own{number}\"))"))
}

/// Never answers.
pub(crate) fn endless() -> String {
    call_module("(loop $again (br $again))", "")
}

/// Takes memory until it gets no more, and fails.
pub(crate) fn growing() -> String {
    let work = "(loop $again
      (local.set $at (memory.grow (i32.const 1)))
      (if (i32.eq (local.get $at) (i32.const -1)) (then unreachable))
      (memory.fill (i32.mul (local.get $at) (i32.const 65536)) (i32.const 1) (i32.const 65536))
      (br $again))";
    call_module(work, "")
}

/// A program that writes two bytes.
pub(crate) fn command() -> String {
    writer("ok")
}

/// A program that writes an empty header block and two bytes.
pub(crate) fn wagi() -> String {
    writer("content-type: text/plain\\n\\nok")
}

fn writer(text: &str) -> String {
    let length = text.replace("\\n", "\n").len();
    format!(
        r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "{text}")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const {length}))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"#
    )
}

/// A function that computes for some milliseconds where it is interpreted, in a module that takes an optimising
/// compiler about a second; each number gives another module.
pub(crate) fn heavy(number: u32) -> String {
    let work = "(local $i i32) (local.set $i (i32.const 400000))
    (loop $again
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (br_if $again (local.get $i)))";
    let mut functions = String::new();
    for i in 0..2500 {
        let _ = write!(functions, "(func (export \"f{i}\") (param i32 i32) (result i32)");
        for step in 0..12 {
            let own = number.wrapping_mul(31).wrapping_add(i * 13 + step);
            let _ = write!(
                functions,
                " (local.set 0 (i32.mul (i32.xor (local.get 0) (i32.const {own})) (local.get 1)))"
            );
        }
        functions.push_str(" (local.get 0))\n");
    }
    call_module(work, &functions)
}
