//! Globals.

use runoff_runtime::Value;

use super::Case;
use super::lab::{Lab, Outcome, same};

const GROUP: &str = "globals";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "globals",
        group: GROUP,
        shows: "exported globals of every number type are read with every bit",
        body: constant,
    },
    Case {
        name: "mutable-globals",
        group: GROUP,
        shows: "an exported mutable global shows what the guest wrote",
        body: mutable,
    },
];

fn constant(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (global (export "i32") i32 (i32.const -5))
            (global (export "i64") i64 (i64.const 0x7000000000000001))
            (global (export "f32") f32 (f32.const nan:0x200001))
            (global (export "f64") f64 (f64.const -0))
            (func (export "run")))"#,
    )?;
    let wanted = [
        ("i32", Some(Value::I32(-5))),
        ("i64", Some(Value::I64(0x7000_0000_0000_0001))),
        ("f32", Some(Value::F32(0x7fa0_0001))),
        ("f64", Some(Value::f64(-0.0))),
        ("run", None),
        ("absent", None),
    ];
    for (name, value) in wanted {
        same(name, &guest.instance.global(name), &value)?;
    }
    Ok(())
}

fn mutable(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (global $g (export "g") (mut i64) (i64.const 1))
            (func (export "set") (param i64) (global.set $g (local.get 0))))"#,
    )?;
    same("g at first", &guest.instance.global("g"), &Some(Value::I64(1)))?;
    guest.returns("set", &[Value::I64(i64::MIN)], &[])?;
    same("g after set", &guest.instance.global("g"), &Some(Value::I64(i64::MIN)))
}
