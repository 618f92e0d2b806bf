//! What small engines and those written in C can get wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use runoff_runtime::{
    Failure, FuncType, HostFunc, HostState, Imports, Limits, RuntimeError, RuntimeOptions, Value,
};
use runoff_runtimes::{Availability, Entry, Registry, on_engine_stack};

/// Runs `test` for each of them on an engine thread.
fn each(test: fn(&Entry)) {
    for id in ["wasm3", "wamr/fast-interp", "tinywasm", "stitch", "toywasm"] {
        on_engine_stack(move || {
            let registry = Registry::new(&[]);
            let entry = registry.get(id).expect("a known runtime");
            if *entry.availability() == Availability::Ready {
                test(entry);
            }
        })
        .expect("an engine thread");
    }
}

const CALLS_HOST: &str = r#"(module
    (import "host" "boom" (func $boom (param i32)))
    (func (export "run") (param i32) (result i32) (call $boom (local.get 0)) (local.get 0)))"#;

#[test]
fn a_panic_of_a_host_function_passes_through_the_engine() {
    each(|entry| {
        let mut imports = Imports::new();
        let ty = FuncType::new([runoff_runtime::ValueType::I32], []);
        imports.define(
            "host",
            "boom",
            HostFunc::new(ty, |_, args, _| {
                assert_ne!(args, [Value::I32(13)], "unlucky");
                Ok(())
            }),
        );
        let wasm = wat::parse_str(CALLS_HOST).expect("a module");
        let runtime = entry.make(&RuntimeOptions::default()).expect("a runtime");
        let module = runtime.compile(&wasm).expect("it compiles");
        let mut instance =
            module.instantiate(&imports, HostState::new(), &Limits::default()).expect("it starts");
        let run = instance.lookup("run").expect("an export");
        let mut results = [Value::I32(0)];
        let panicked =
            catch_unwind(AssertUnwindSafe(|| instance.call(run, &[Value::I32(13)], &mut [Value::I32(0)])));
        assert!(panicked.is_err());
        assert_eq!(instance.call(run, &[Value::I32(5)], &mut results), Ok(()));
        assert_eq!(results, [Value::I32(5)]);
    });
}

#[test]
fn a_start_function_is_the_same_with_and_without_interruption() {
    each(|entry| {
        let text = r#"(module (table 1 funcref) (global $g (mut i32) (i32.const 1))
            (func $start (global.set $g (i32.add (global.get $g) (i32.const 41))))
            (export "g" (global $g)) (start $start))"#;
        let wasm = wat::parse_str(text).expect("a module");
        let trap = wat::parse_str("(module (func $start unreachable) (start $start))").expect("a module");
        for interruptible in [false, true] {
            let runtime = entry
                .make(&RuntimeOptions { interruptible, ..RuntimeOptions::default() })
                .expect("a runtime");
            let start = |wasm: &[u8], limits: &Limits| {
                runtime.compile(wasm)?.instantiate(&Imports::new(), HostState::new(), limits)
            };
            for limits in [Limits::default(), Limits { table_elements: Some(5), ..Limits::default() }] {
                let mut instance = start(&wasm, &limits).expect("it starts");
                assert_eq!(instance.global("g"), Some(Value::I32(42)));
                assert_eq!(
                    start(&trap, &limits).err(),
                    Some(RuntimeError::Start(Failure::Trap(runoff_runtime::Trap::Unreachable)))
                );
            }
        }
    });
}

#[test]
fn wasm3_is_not_made_where_a_guest_could_overflow_the_stack() {
    let small = thread::Builder::new().stack_size(4 << 20).spawn(|| {
        let registry = Registry::new(&[]);
        let entry = registry.get("wasm3").expect("a known runtime");
        entry.make(&RuntimeOptions::default()).err()
    });
    let refused = small.expect("a thread").join().expect("no panic");
    assert!(matches!(refused, Some(RuntimeError::Unsupported(_))), "{refused:?}");
}

#[test]
fn large_functions_that_are_translated_late_are_no_deadline() {
    // Two hundred kilobytes of body, called after some work: more than any portion of fuel would pay for.
    let body = "(drop (i32.add (i32.const 1) (local.get 0)))".repeat(30_000);
    let text = format!(
        r#"(module (func $large (param i32) (result i32) {body} (local.get 0))
        (func (export "run") (param i32) (result i32) (local i32)
            (loop (br_if 0 (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 200000))))
            (call $large (local.get 0))))"#
    );
    let wasm = wat::parse_str(text).expect("a module");
    on_engine_stack(move || {
        for id in ["wasmi/lazy", "wasmi/eager"] {
            let registry = Registry::new(&[]);
            let entry = registry.get(id).expect("a known runtime");
            let options = RuntimeOptions { interruptible: true, ..RuntimeOptions::default() };
            let module = entry.make(&options).expect("a runtime").compile(&wasm).expect("it compiles");
            let mut instance =
                module.instantiate(&Imports::new(), HostState::new(), &Limits::default()).expect("it starts");
            let run = instance.lookup("run").expect("an export");
            let mut results = [Value::I32(0)];
            assert_eq!(instance.call(run, &[Value::I32(7)], &mut results), Ok(()), "{id}");
            assert_eq!(results, [Value::I32(7)]);
        }
    })
    .expect("an engine thread");
}
