//! Guests that behave well, and those that do not.

/// Standard input to standard output.
pub(crate) const ECHO: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "_start")
    (loop $again
      (i32.store (i32.const 0) (i32.const 64))
      (i32.store (i32.const 4) (i32.const 65536))
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (if (i32.load (i32.const 8))
        (then
          (i32.store (i32.const 4) (i32.load (i32.const 8)))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
          (br $again))))))"#;

/// A header block, then the environment, entries ended by NUL.
pub(crate) const WAGI: &str = r#"(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 64) "Status: 201 Made\ncontent-type: text/x-environment\nx-own: yes\n\n")
  (func $say (param i32 i32)
    (i32.store (i32.const 0) (local.get 0))
    (i32.store (i32.const 4) (local.get 1))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func (export "_start")
    (call $say (i32.const 64) (i32.const 63))
    (drop (call $sizes (i32.const 16) (i32.const 20)))
    (drop (call $get (i32.const 1024) (i32.const 65536)))
    (call $say (i32.const 65536) (i32.load (i32.const 20)))))"#;

/// `runoff_call`: the bytes it got, each plus the number of calls before on this instance.
pub(crate) const CALL: &str = r#"(module
  (memory (export "memory") 40)
  (global $calls (mut i32) (i32.const 0))
  (func (export "runoff_version") (param i32) (result i32) (i32.const 1))
  (func (export "runoff_buffer") (param i32) (result i32)
    (if (result i32) (i32.gt_u (local.get 0) (i32.const 2500000)) (then (i32.const 0)) (else (i32.const 1024))))
  (func (export "runoff_call") (param $at i32) (param $len i32) (result i64)
    (local $i i32)
    (block $end (loop $each
      (br_if $end (i32.ge_u (local.get $i) (local.get $len)))
      (i32.store8 (i32.add (local.get $at) (local.get $i))
        (i32.add (global.get $calls) (i32.load8_u (i32.add (local.get $at) (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $each)))
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $len)))))"#;

pub(crate) const TRAP: &str = r#"(module (func (export "_start") unreachable))"#;

pub(crate) const EXIT: &str = r#"(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (call $exit (i32.const 3))))"#;

pub(crate) const LOOP: &str = r#"(module (func (export "_start") (loop (br 0))))"#;

/// A loop over a jump table.
pub(crate) const TABLE_LOOP: &str = r#"(module (func (export "_start") (local i32)
  (loop $again (block $a (block $b (br_table $a $b $again (local.get 0)))
    (br $again)) (local.set 0 (i32.const 0)) (br $again))))"#;

/// It loops before `_start`.
pub(crate) const START_LOOP: &str =
    r#"(module (func $begin (loop (br 0))) (start $begin) (func (export "_start")))"#;

/// A loop of host calls.
pub(crate) const HOST_LOOP: &str = r#"(module
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (memory (export "memory") 1)
  (func (export "_start") (loop (drop (call $yield)) (br 0))))"#;

/// It sleeps for a minute.
pub(crate) const SLEEP: &str = r#"(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (i32.store (i32.const 16) (i32.const 1))
    (i64.store (i32.const 24) (i64.const 250000000))
    (loop $again
      (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))
      (br $again))))"#;

/// It takes all the memory it gets, touches it, and says with its exit code whether that ended.
pub(crate) const MEMORY: &str = r#"(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (local $at i32)
    (loop $more
      (local.set $at (memory.grow (i32.const 16)))
      (if (i32.eq (local.get $at) (i32.const -1)) (then (call $exit (i32.const 9))))
      (memory.fill (i32.mul (local.get $at) (i32.const 65536)) (i32.const 1) (i32.const 1048576))
      (br $more))))"#;

/// It writes without end, to standard output.
pub(crate) const FLOOD: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 65536))
    (loop $again
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br $again))))"#;

/// It writes terminal commands to standard error, then traps.
pub(crate) const ESCAPES: &str = r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "\1b[2Jboo")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 7))
    (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
    unreachable))"#;

/// Recursion without end.
pub(crate) const STACK: &str = r#"(module (func $f (export "_start") (call $f)))"#;

/// A module's bytes.
pub(crate) fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a module")
}

/// `runoff_call`: the bytes it got; a body that begins with `l` makes it loop, one with `t` trap.
pub(crate) const MOODY: &str = r#"(module
  (memory (export "memory") 2)
  (func (export "runoff_version") (param i32) (result i32) (i32.const 1))
  (func (export "runoff_buffer") (param i32) (result i32) (i32.const 1024))
  (func (export "runoff_call") (param $at i32) (param $len i32) (result i64)
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 108)) (then (loop (br 0))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 116)) (then unreachable))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $len)))))"#;
