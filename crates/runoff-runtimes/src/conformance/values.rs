//! Every value type in every place a value can be.

use runoff_runtime::{FuncType, HostFunc, Imports, Limits, RuntimeError, Value, ValueType};

use super::Case;
use super::lab::{Guest, Lab, Outcome, Stop, fail, same, unsupported};

const GROUP: &str = "values";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "integers",
        group: GROUP,
        shows: "i32 and i64 pass through guest and host unchanged",
        body: integers,
    },
    Case {
        name: "floats",
        group: GROUP,
        shows: "f32 and f64 keep every bit, NaN payloads included",
        body: floats,
    },
    Case { name: "v128", group: GROUP, shows: "vectors pass through a guest unchanged", body: v128 },
    Case {
        name: "v128-host",
        group: GROUP,
        shows: "vectors pass through a host function unchanged",
        body: v128_host,
    },
    Case {
        name: "funcref",
        group: GROUP,
        shows: "function references tell null from not null",
        body: funcref,
    },
    Case {
        name: "externref",
        group: GROUP,
        shows: "host references keep their number through functions, tables and globals of the guest",
        body: externref,
    },
    Case {
        name: "externref-host",
        group: GROUP,
        shows: "host references keep their number through host functions",
        body: externref_host,
    },
    Case {
        name: "multi-value",
        group: GROUP,
        shows: "a guest function returns several results of mixed types",
        body: multi_value,
    },
    Case {
        name: "host-multi-value",
        group: GROUP,
        shows: "a host function returns several results, up to the claimed limit",
        body: host_multi_value,
    },
    Case {
        name: "many-parameters",
        group: GROUP,
        shows: "24 parameters of mixed types reach guest and host in order",
        body: many_parameters,
    },
];

/// A guest with an identity of its own, and one that asks the host.
fn echo(ty: ValueType) -> (String, Imports) {
    let mut imports = Imports::new();
    imports.define(
        "host",
        "echo",
        HostFunc::new(FuncType::new([ty], [ty]), |_, args, results| {
            results.copy_from_slice(args);
            Ok(())
        }),
    );
    let text = format!(
        r#"(module
            (import "host" "echo" (func $echo (param {ty}) (result {ty})))
            (func (export "own") (param {ty}) (result {ty}) local.get 0)
            (func (export "host") (param {ty}) (result {ty}) (local {ty})
                local.get 0 call $echo local.set 1 local.get 1))"#
    );
    (text, imports)
}

fn check_echo(guest: &mut Guest, values: &[Value]) -> Outcome {
    for value in values {
        guest.returns("own", &[*value], &[*value])?;
        guest.returns("host", &[*value], &[*value])?;
    }
    Ok(())
}

/// Every value given goes through the guest's identity, and through the host's.
fn round_trip(lab: &Lab<'_>, ty: ValueType, values: &[Value]) -> Outcome {
    let (text, imports) = echo(ty);
    check_echo(&mut lab.start_linked(&text, &imports)?, values)
}

fn integers(lab: &Lab<'_>) -> Outcome {
    round_trip(lab, ValueType::I32, &[0, 1, -1, i32::MIN, i32::MAX].map(Value::I32))?;
    round_trip(lab, ValueType::I64, &[0, 1, -1, i64::MIN, i64::MAX, 1 << 33].map(Value::I64))
}

fn floats(lab: &Lab<'_>) -> Outcome {
    // Zero of both signs, infinity, the smallest subnormal, a quiet and a signalling NaN with payloads.
    let singles = [0, 0x8000_0000, 0x3fc0_0000, 0x7f80_0000, 1, 0x7fc0_1234, 0xffa0_0001];
    round_trip(lab, ValueType::F32, &singles.map(Value::F32))?;
    let doubles = [0, 1 << 63, 0x3ff8 << 48, 0x7ff0 << 48, 1, 0x7ff8_0000_0000_1234, 0xfff4_0000_0000_0001];
    round_trip(lab, ValueType::F64, &doubles.map(Value::F64))
}

fn vectors() -> [Value; 3] {
    let bytes = std::array::from_fn(|i| i as u8 * 17);
    [Value::V128([0; 16]), Value::V128([255; 16]), Value::V128(bytes)]
}

fn v128(lab: &Lab<'_>) -> Outcome {
    let text = r#"(module (func (export "own") (param v128) (result v128) local.get 0))"#;
    let mut guest = lab.start(text)?;
    vectors().into_iter().try_for_each(|value| guest.returns("own", &[value], &[value]))
}

fn v128_host(lab: &Lab<'_>) -> Outcome {
    let (text, imports) = echo(ValueType::V128);
    check_echo(&mut attempt(lab, &text, &imports)?, &vectors())
}

fn funcref(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (func $f) (elem declare func $f)
            (func (export "null") (result funcref) ref.null func)
            (func (export "some") (result funcref) ref.func $f)
            (func (export "is_null") (param funcref) (result i32) local.get 0 ref.is_null))"#,
    )?;
    guest.returns("null", &[], &[Value::FuncRef(false)])?;
    guest.returns("some", &[], &[Value::FuncRef(true)])?;
    guest.returns("is_null", &[Value::FuncRef(false)], &[Value::I32(1)])
}

/// Some engines run all of a proposal but its values, here or there: they may say so.
fn attempt(lab: &Lab<'_>, text: &str, imports: &Imports) -> Result<Guest, Stop> {
    match lab.attempt(text, imports, &Limits::default())? {
        Ok(guest) => Ok(guest),
        Err(RuntimeError::Unsupported(reason)) => unsupported(reason),
        Err(error) => fail(error.to_string()),
    }
}

fn externref(lab: &Lab<'_>) -> Outcome {
    let text = r#"(module
        (table 2 externref)
        (global $g (mut externref) (ref.null extern))
        (func (export "own") (param externref) (result externref) local.get 0)
        (func (export "keep") (param externref)
            (table.set (i32.const 1) (local.get 0)) (global.set $g (local.get 0)))
        (func (export "from_table") (result externref) (table.get (i32.const 1)))
        (func (export "from_global") (result externref) global.get $g))"#;
    let mut guest = attempt(lab, text, &Imports::new())?;
    for value in REFERENCES {
        guest.returns("own", &[value], &[value])?;
        guest.returns("keep", &[value], &[])?;
        guest.returns("from_table", &[], &[value])?;
        guest.returns("from_global", &[], &[value])?;
    }
    Ok(())
}

const REFERENCES: [Value; 4] = [
    Value::ExternRef(None),
    Value::ExternRef(Some(0)),
    Value::ExternRef(Some(42)),
    Value::ExternRef(Some(u32::MAX)),
];

fn externref_host(lab: &Lab<'_>) -> Outcome {
    let (text, imports) = echo(ValueType::ExternRef);
    check_echo(&mut attempt(lab, &text, &imports)?, &REFERENCES)
}

fn multi_value(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (func (export "four") (param i32 i64) (result i64 f64 i32 f32)
                local.get 1 f64.const 0.5 local.get 0 f32.const -2)
            (func (export "swap") (param i32 i32) (result i32 i32) local.get 1 local.get 0))"#,
    )?;
    let wanted = [Value::I64(9), Value::f64(0.5), Value::I32(5), Value::f32(-2.0)];
    guest.returns("four", &[Value::I32(5), Value::I64(9)], &wanted)?;
    guest.returns("swap", &[Value::I32(1), Value::I32(2)], &[Value::I32(2), Value::I32(1)])
}

fn host_multi_value(lab: &Lab<'_>) -> Outcome {
    let mut imports = Imports::new();
    let ty = FuncType::new([ValueType::I32], [ValueType::I64, ValueType::F64, ValueType::I32]);
    imports.define(
        "host",
        "three",
        HostFunc::new(ty, |_, args, results| {
            results.copy_from_slice(&[Value::I64(1 << 40), Value::f64(2.5), args[0]]);
            Ok(())
        }),
    );
    let text = r#"(module
        (import "host" "three" (func $three (param i32) (result i64 f64 i32)))
        (func (export "run") (param i32) (result i64 f64 i32) local.get 0 call $three))"#;
    let limit = lab.capabilities()?.max_host_results;
    if limit.is_some_and(|n| n < 3) {
        return match lab.attempt(text, &imports, &Limits::default())? {
            Err(RuntimeError::Unsupported(reason)) => unsupported(reason),
            Err(other) => fail(format!("a host function with too many results is refused with: {other}")),
            Ok(_) => fail("claims a limit on host results but takes more"),
        };
    }
    let mut guest = lab.start_linked(text, &imports)?;
    guest.returns("run", &[Value::I32(-3)], &[Value::I64(1 << 40), Value::f64(2.5), Value::I32(-3)])
}

fn many_parameters(lab: &Lab<'_>) -> Outcome {
    let types: Vec<_> = [ValueType::I32, ValueType::F64, ValueType::I64, ValueType::F32].repeat(6);
    let args: Vec<_> = (0..24_i32)
        .map(|i| match i % 4 {
            0 => Value::I32(i),
            1 => Value::f64(f64::from(i)),
            2 => Value::I64(i64::from(i)),
            _ => Value::f32(i as f32),
        })
        .collect();
    let mut imports = Imports::new();
    let expected = args.clone();
    imports.define(
        "host",
        "check",
        HostFunc::new(FuncType::new(types.clone(), [ValueType::I32]), move |_, args, results| {
            results[0] = Value::I32(i32::from(args == expected));
            Ok(())
        }),
    );
    let list = types.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let pass = (0..24).map(|i| format!("local.get {i}")).collect::<Vec<_>>().join(" ");
    let text = format!(
        r#"(module
            (import "host" "check" (func $check (param {list}) (result i32)))
            (func $inner (param {list}) (result i32) {pass} call $check)
            (func (export "run") (param {list}) (result i32) {pass} call $inner))"#
    );
    let mut guest = lab.start_linked(&text, &imports)?;
    same("order of parameters", &guest.call("run", &args)?, &Ok(vec![Value::I32(1)]))
}
