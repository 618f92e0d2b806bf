(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  ;; Input first, output after it.
  (memory (export "memory") 4)

  ;; Copies the input to address 0; its length.
  (func $input (result i64)
    (local $len i64) (local $at i64)
    (local.set $len (call $input_length))
    (block $words
      (loop $word
        (br_if $words (i64.gt_u (i64.add (local.get $at) (i64.const 8)) (local.get $len)))
        (i64.store (i32.wrap_i64 (local.get $at)) (call $input_load_u64 (local.get $at)))
        (local.set $at (i64.add (local.get $at) (i64.const 8)))
        (br $word)))
    (block $bytes
      (loop $byte
        (br_if $bytes (i64.ge_u (local.get $at) (local.get $len)))
        (i32.store8 (i32.wrap_i64 (local.get $at)) (call $input_load_u8 (local.get $at)))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (br $byte)))
    (local.get $len))

  ;; Makes the bytes at an address the output.
  (func $output (param $from i32) (param $len i64)
    (local $block i64) (local $at i64)
    (local.set $block (call $alloc (local.get $len)))
    (block $words
      (loop $word
        (br_if $words (i64.gt_u (i64.add (local.get $at) (i64.const 8)) (local.get $len)))
        (call $store_u64
          (i64.add (local.get $block) (local.get $at))
          (i64.load (i32.add (local.get $from) (i32.wrap_i64 (local.get $at)))))
        (local.set $at (i64.add (local.get $at) (i64.const 8)))
        (br $word)))
    (block $bytes
      (loop $byte
        (br_if $bytes (i64.ge_u (local.get $at) (local.get $len)))
        (call $store_u8
          (i64.add (local.get $block) (local.get $at))
          (i32.load8_u (i32.add (local.get $from) (i32.wrap_i64 (local.get $at)))))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (br $byte)))
    (call $output_set (local.get $block) (local.get $len)))

  (func (export "mul") (result i32)
    (drop (call $input))
    (i32.store (i32.const 131072) (i32.mul (i32.load (i32.const 0)) (i32.load (i32.const 4))))
    (call $output (i32.const 131072) (i64.const 4))
    (i32.const 0))

  (func (export "next") (result i32)
    (drop (call $input))
    (i64.store (i32.const 131072) (i64.load (i32.const 0)))
    (i64.store (i32.const 131080) (i64.load (i32.const 8)))
    (i32.store (i32.const 131076) (i32.add (i32.load (i32.const 4)) (i32.const 1)))
    (call $output (i32.const 131072) (i64.const 16))
    (i32.const 0))

  (func (export "echo") (result i32)
    (call $output (i32.const 0) (call $input))
    (i32.const 0)))
