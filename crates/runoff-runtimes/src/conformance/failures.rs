//! Host functions that end the call.

use runoff_runtime::{Failure, FuncType, HostFailure, HostFunc, Imports, Slot, Value, ValueType};

use super::Case;
use super::lab::{Guest, Lab, Outcome, Stop, fail, same};

const GROUP: &str = "failures";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "host-failure",
        group: GROUP,
        shows: "a failing host function fails the call with its own words",
        body: host_failure,
    },
    Case {
        name: "exit-code",
        group: GROUP,
        shows: "an exit carries its code, whatever the code",
        body: exit_code,
    },
    Case {
        name: "fast-failure",
        group: GROUP,
        shows: "failures are the same on the fast path",
        body: fast_failure,
    },
    Case {
        name: "usable-after-failure",
        group: GROUP,
        shows: "an instance works after a host failure and keeps what was done before it",
        body: usable_after,
    },
];

/// A guest that exits with its argument, or fails for 1000, three frames deep.
fn guest(lab: &Lab<'_>) -> Result<Guest, Stop> {
    let mut imports = Imports::new();
    imports.define(
        "host",
        "end",
        HostFunc::new(FuncType::new([ValueType::I32], []), |_, args, _| match args[0] {
            Value::I32(1000) => Err(HostFailure::Failed("the disk is on fire: 100 °C".into())),
            Value::I32(code) => Err(HostFailure::Exit(code)),
            _ => Ok(()),
        }),
    );
    lab.start_linked(
        r#"(module
            (import "host" "end" (func $end (param i32)))
            (global $before (mut i32) (i32.const 0))
            (global $after (mut i32) (i32.const 0))
            (func $inner (param i32)
                (global.set $before (i32.add (global.get $before) (i32.const 1)))
                (call $end (local.get 0))
                (global.set $after (i32.const 1)))
            (func $middle (param i32) (call $inner (local.get 0)))
            (func (export "run") (param i32) (result i32) (call $middle (local.get 0)) i32.const 1)
            (func (export "before") (result i32) global.get $before)
            (func (export "after") (result i32) global.get $after))"#,
        &imports,
    )
}

fn words() -> Failure {
    Failure::Host("the disk is on fire: 100 °C".into())
}

fn host_failure(lab: &Lab<'_>) -> Outcome {
    guest(lab)?.fails("run", &[Value::I32(1000)], words())
}

fn exit_code(lab: &Lab<'_>) -> Outcome {
    for code in [0, 1, 3, 134, 255, 256, -1, i32::MAX, i32::MIN] {
        guest(lab)?.fails("run", &[Value::I32(code)], Failure::Exit(code))?;
    }
    Ok(())
}

fn fast_failure(lab: &Lab<'_>) -> Outcome {
    let mut guest = guest(lab)?;
    let func = guest.func("run")?;
    let Some(fast) = guest.instance.prepare_fast(func) else {
        return fail("(i32) -> i32 is not a fast signature");
    };
    for (arg, wanted) in [(7_i32, Failure::Exit(7)), (1000, words())] {
        let found = guest.instance.call_fast(fast, arg.into_slot(), 0).map_err(|f| *f);
        same("fast call", &found, &Err(wanted))?;
    }
    Ok(())
}

fn usable_after(lab: &Lab<'_>) -> Outcome {
    let mut guest = guest(lab)?;
    for round in 1..=3 {
        guest.fails("run", &[Value::I32(1000)], words())?;
        guest.fails("run", &[Value::I32(5)], Failure::Exit(5))?;
        guest.returns("before", &[], &[Value::I32(2 * round)])?;
        guest.returns("after", &[], &[Value::I32(0)])?;
    }
    Ok(())
}
