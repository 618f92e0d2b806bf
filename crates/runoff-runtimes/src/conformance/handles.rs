//! Handles, and calls that do not fit.

use runoff_runtime::{Failure, FastFunc, FuncHandle, FuncType, Value, ValueType};

use super::Case;
use super::lab::{Lab, Outcome, fail, holds, same};

const GROUP: &str = "handles";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "lookup",
        group: GROUP,
        shows: "functions are found by name with their type; nothing else is",
        body: lookup,
    },
    Case {
        name: "bad-call",
        group: GROUP,
        shows: "arguments and results that do not fit are a bad call, never a panic",
        body: bad_call,
    },
    Case {
        name: "stale-handle",
        group: GROUP,
        shows: "handles the instance never gave out are a bad call",
        body: stale,
    },
    Case { name: "identity", group: GROUP, shows: "a runtime says completely who it is", body: identity },
];

const TEXT: &str = r#"(module
    (memory (export "memory") 1)
    (global (export "g") i32 (i32.const 1))
    (func (export "") (result i32) i32.const 1)
    (func (export "größe") (result i32) i32.const 2)
    (func (export "add") (param i32 i64) (result i64) (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1))))"#;

fn lookup(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(TEXT)?;
    for name in ["absent", "memory", "g", "ad", "add "] {
        same(name, &guest.instance.lookup(name), &None)?;
    }
    guest.returns("", &[], &[Value::I32(1)])?;
    guest.returns("größe", &[], &[Value::I32(2)])?;
    let add = guest.func("add")?;
    let ty = FuncType::new([ValueType::I32, ValueType::I64], [ValueType::I64]);
    same("type of add", &guest.instance.func_type(add), &Some(ty))?;
    // An older handle stays good when others are made.
    for _ in 0..100 {
        guest.func("größe")?;
    }
    let mut results = [Value::I64(0)];
    same("add", &guest.instance.call(add, &[Value::I32(1), Value::I64(2)], &mut results), &Ok(()))?;
    same("add", &results, &[Value::I64(3)])
}

fn bad(what: &str, result: Result<(), Failure>) -> Outcome {
    match result {
        Err(Failure::BadCall(_)) => Ok(()),
        other => fail(format!("{what}: {other:?} instead of a bad call")),
    }
}

fn bad_call(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(TEXT)?;
    let add = guest.func("add")?;
    let (i, l) = (Value::I32(1), Value::I64(2));
    let instance = guest.instance.as_mut();
    let one = &mut [Value::I64(0)][..];
    bad("no arguments", instance.call(add, &[], one))?;
    bad("one argument", instance.call(add, &[i], one))?;
    bad("three arguments", instance.call(add, &[i, l, i], one))?;
    bad("another type", instance.call(add, &[l, i], one))?;
    bad("a float", instance.call(add, &[Value::f32(1.0), l], one))?;
    bad("no result slot", instance.call(add, &[i, l], &mut []))?;
    bad("two result slots", instance.call(add, &[i, l], &mut [l, l]))?;
    // Old content of a result slot does not matter, whatever its type.
    let mut slot = [Value::f32(0.0)];
    same("a used slot", &instance.call(add, &[i, l], &mut slot), &Ok(()))?;
    same("a used slot", &slot, &[Value::I64(3)])
}

fn stale(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(TEXT)?;
    let instance = guest.instance.as_mut();
    for stale in [FuncHandle(0), FuncHandle(7), FuncHandle(u32::MAX)] {
        bad("a stale handle", instance.call(stale, &[], &mut []))?;
        same("type of a stale handle", &instance.func_type(stale), &None)?;
        same("fast path of a stale handle", &instance.prepare_fast(stale), &None)?;
    }
    for stale in [0, 7, u32::MAX] {
        bad("a stale fast function", instance.call_fast(FastFunc(stale), 0, 0).map(drop).map_err(|f| *f))?;
    }
    Ok(())
}

fn identity(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    let info = runtime.info();
    let who = &info.identity;
    holds("the version is known", !who.version.is_empty() && who.version != "unknown")?;
    holds("the technique is stated", !who.technique.is_empty())?;
    holds("CPU features are stated", !who.cpu_features.is_empty())?;
    let again = lab.runtime()?;
    same("identity of a second one", &again.info().identity, who)?;
    if !info.capabilities.compiles {
        return Ok(());
    }
    let guest = lab.start(TEXT)?;
    let size = guest.module.code_size();
    same("whether the size of the code is known", &size.is_some_and(|n| n > 0), &info.capabilities.code_size)
}
