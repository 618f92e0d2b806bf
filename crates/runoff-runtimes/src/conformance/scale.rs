//! Many instances, many calls, large modules.

use std::fmt::Write as _;

use runoff_runtime::{HostState, Imports, Limits, Value};

use super::Case;
use super::lab::{Lab, Outcome, Stop, fail, refusal, same, wasm};

const GROUP: &str = "scale";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "many-instances",
        group: GROUP,
        shows: "64 instances of one module live side by side, each with its own memory, table and globals",
        body: many_instances,
    },
    Case {
        name: "instance-after-instance",
        group: GROUP,
        shows: "500 instances, one after another, leave nothing behind",
        body: one_after_another,
    },
    Case {
        name: "instance-outlives-module",
        group: GROUP,
        shows: "an instance works after its module and runtime are gone",
        body: outlives,
    },
    Case {
        name: "large-module",
        group: GROUP,
        shows: "a module of 3000 functions and one function of 20000 instructions run",
        body: large,
    },
];

const COUNTER: &str = r#"(module
    (memory (export "memory") 1 2)
    (global $n (mut i32) (i32.const 0))
    (func (export "step") (param i32) (result i32)
        (global.set $n (i32.add (global.get $n) (local.get 0)))
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (local.get 0)))
        (i32.add (global.get $n) (i32.load (i32.const 0)))))"#;

fn many_instances(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    let bytes = wasm(COUNTER)?;
    let module = runtime.compile(&bytes).map_err(|e| refusal(&bytes, &runtime.info().capabilities, &e))?;
    let mut instances = Vec::new();
    for _ in 0..64 {
        let instance = module
            .instantiate(&Imports::new(), HostState::new(), &Limits::default())
            .map_err(|e| Stop::Fail(format!("instance {}: {e}", instances.len())))?;
        instances.push(instance);
    }
    for round in 1..=3 {
        for (i, instance) in instances.iter_mut().enumerate() {
            let Some(step) = instance.lookup("step") else { return fail("`step` is not found") };
            let mut results = [Value::I32(0)];
            let result = instance.call(step, &[Value::I32(i as i32)], &mut results);
            same("step", &result, &Ok(()))?;
            same("count", &results, &[Value::I32(2 * round * i as i32)])?;
        }
    }
    Ok(())
}

fn one_after_another(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    let bytes = wasm(COUNTER)?;
    let module = runtime.compile(&bytes).map_err(|e| refusal(&bytes, &runtime.info().capabilities, &e))?;
    for i in 0..500 {
        let mut instance = module
            .instantiate(&Imports::new(), HostState::new(), &Limits::default())
            .map_err(|e| Stop::Fail(format!("instance {i}: {e}")))?;
        let Some(step) = instance.lookup("step") else { return fail("`step` is not found") };
        let mut results = [Value::I32(0)];
        same("step", &instance.call(step, &[Value::I32(21)], &mut results), &Ok(()))?;
        same("count", &results, &[Value::I32(42)])?;
    }
    Ok(())
}

fn outlives(lab: &Lab<'_>) -> Outcome {
    let guest = lab.start(COUNTER)?;
    let mut instance = guest.instance;
    drop((guest.module, guest.runtime));
    let Some(step) = instance.lookup("step") else { return fail("`step` is not found") };
    let mut results = [Value::I32(0)];
    same("step", &instance.call(step, &[Value::I32(21)], &mut results), &Ok(()))?;
    same("count", &results, &[Value::I32(42)])
}

fn large(lab: &Lab<'_>) -> Outcome {
    let mut text = String::from("(module\n");
    // A chain: each function adds its number and calls the next only when asked to.
    for i in 0..3000 {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "(func $f{i} (param i32) (result i32) (local i32)
                (local.set 1 (i32.mul (local.get 0) (i32.const {i})))
                (if (i32.gt_s (local.get 1) (i32.const 1000000)) (then (return (i32.const -1))))
                (i32.add (local.get 1) (i32.const {i})))"
        );
    }
    let _ = write!(
        text,
        r#"(func (export "last") (result i32) (call $f2999 (i32.const 1)))
           (func (export "long") (param i32) (result i32) local.get 0
"#
    );
    for i in 0..5000 {
        let _ = writeln!(text, "i32.const {i} i32.add i32.const 3 i32.xor");
    }
    text.push_str("))");
    let mut guest = lab.start(&text)?;
    guest.returns("last", &[], &[Value::I32(2 * 2999)])?;
    let wanted = (0..5000).fold(17_i32, |x, i| x.wrapping_add(i) ^ 3);
    guest.returns("long", &[Value::I32(17)], &[Value::I32(wanted)])
}
