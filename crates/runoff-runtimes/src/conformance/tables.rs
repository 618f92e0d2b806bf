//! Tables, indirect calls, element segments.

use runoff_runtime::{Feature, Imports, LimitKind, Limits, RuntimeError, Trap, Value};

use super::Case;
use super::lab::{Lab, Outcome, fail, unsupported};

const GROUP: &str = "tables";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "call-indirect",
        group: GROUP,
        shows: "indirect calls reach the functions element segments put in the table",
        body: call_indirect,
    },
    Case {
        name: "table-cap-start",
        group: GROUP,
        shows: "a module that starts with a larger table than allowed is refused as a limit",
        body: cap_start,
    },
    Case {
        name: "table-cap-grow",
        group: GROUP,
        shows: "growing a table past the cap answers -1, up to it works",
        body: cap_grow,
    },
];

fn call_indirect(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (type $op (func (param i32 i32) (result i32)))
            (table 5 funcref)
            (elem (i32.const 0) $add $sub)
            (elem (i32.const 3) $mul)
            (func $add (type $op) (i32.add (local.get 0) (local.get 1)))
            (func $sub (type $op) (i32.sub (local.get 0) (local.get 1)))
            (func $mul (type $op) (i32.mul (local.get 0) (local.get 1)))
            (func (export "run") (param i32 i32 i32) (result i32)
                (call_indirect (type $op) (local.get 1) (local.get 2) (local.get 0))))"#,
    )?;
    let args = |op: i32| [Value::I32(op), Value::I32(7), Value::I32(5)];
    for (op, wanted) in [(0, 12), (1, 2), (3, 35)] {
        guest.returns("run", &args(op), &[Value::I32(wanted)])?;
    }
    guest.fails("run", &args(2), Trap::NullReference)?;
    guest.fails("run", &args(5), Trap::TableOutOfBounds)
}

fn cap(elements: u32) -> Limits {
    Limits { table_elements: Some(elements), ..Limits::default() }
}

fn cap_start(lab: &Lab<'_>) -> Outcome {
    let text = r#"(module (table 100 funcref) (func (export "run")))"#;
    match lab.attempt(text, &Imports::new(), &cap(99))? {
        Err(RuntimeError::Limit(LimitKind::Table, _)) => {}
        Err(other) => return fail(format!("not a table limit: {other}")),
        Ok(_) => return fail("it started with a larger table than allowed"),
    }
    match lab.attempt(text, &Imports::new(), &cap(100))? {
        Ok(_) => Ok(()),
        Err(error) => fail(format!("exactly the allowed size is refused: {error}")),
    }
}

fn cap_grow(lab: &Lab<'_>) -> Outcome {
    if !lab.capabilities()?.features.contains(&Feature::ReferenceTypes) {
        return unsupported("tables cannot grow without reference-types");
    }
    let text = r#"(module (table 2 funcref)
        (func (export "grow") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))
        (func (export "size") (result i32) table.size))"#;
    let mut guest = match lab.attempt(text, &Imports::new(), &cap(10))? {
        Ok(guest) => guest,
        Err(error) => return fail(error.to_string()),
    };
    guest.returns("grow", &[Value::I32(9)], &[Value::I32(-1)])?;
    guest.returns("grow", &[Value::I32(8)], &[Value::I32(2)])?;
    guest.returns("grow", &[Value::I32(1)], &[Value::I32(-1)])?;
    guest.returns("size", &[], &[Value::I32(10)])
}
