//! Start functions and everything else that happens at instantiation.

use runoff_runtime::{
    Failure, FuncType, HostFailure, HostFunc, Imports, Limits, RuntimeError, Trap, Value, ValueType,
};

use super::Case;
use super::lab::{Lab, Outcome, fail, same};

const GROUP: &str = "start";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "start",
        group: GROUP,
        shows: "the start function runs once, before the first call, after data segments",
        body: start,
    },
    Case {
        name: "start-host-call",
        group: GROUP,
        shows: "a host function called by the start function sees the guest's memory",
        body: start_host_call,
    },
    Case {
        name: "start-trap",
        group: GROUP,
        shows: "a start function that traps is a failed start with the trap",
        body: start_trap,
    },
    Case {
        name: "start-exit",
        group: GROUP,
        shows: "a start function that exits is a failed start with the code",
        body: start_exit,
    },
    Case {
        name: "segment-out-of-bounds",
        group: GROUP,
        shows: "an active segment outside its memory or table is a failed start with that trap",
        body: segments,
    },
];

fn start(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (memory (export "memory") 1)
            (data (i32.const 0) "\05")
            (global $runs (mut i32) (i32.const 0))
            (func $start (global.set $runs (i32.add (global.get $runs) (i32.load8_u (i32.const 0)))))
            (start $start)
            (func (export "run") (result i32) global.get $runs))"#,
    )?;
    guest.returns("run", &[], &[Value::I32(5)])?;
    guest.returns("run", &[], &[Value::I32(5)])
}

fn start_host_call(lab: &Lab<'_>) -> Outcome {
    let mut imports = Imports::new();
    imports.define(
        "host",
        "write",
        HostFunc::new(FuncType::new([ValueType::I32], []), |caller, args, _| {
            if let (Value::I32(at), false) = (args[0], caller.memory.is_empty()) {
                caller.memory[at as usize] = 42;
            }
            Ok(())
        }),
    );
    let mut guest = lab.start_linked(
        r#"(module
            (import "host" "write" (func $write (param i32)))
            (memory (export "memory") 1)
            (func $start (call $write (i32.const 9)))
            (start $start)
            (func (export "run") (result i32) (i32.load8_u (i32.const 9))))"#,
        &imports,
    )?;
    guest.returns("run", &[], &[Value::I32(42)])
}

fn failed_start(lab: &Lab<'_>, text: &str, imports: &Imports, wanted: Failure) -> Outcome {
    match lab.attempt(text, imports, &Limits::default())? {
        Err(error) => same("instantiation", &error, &RuntimeError::Start(wanted)),
        Ok(_) => fail("it started"),
    }
}

fn start_trap(lab: &Lab<'_>) -> Outcome {
    let text = r#"(module (func $start unreachable) (start $start) (func (export "run")))"#;
    failed_start(lab, text, &Imports::new(), Trap::Unreachable.into())
}

fn start_exit(lab: &Lab<'_>) -> Outcome {
    let mut imports = Imports::new();
    imports.define(
        "host",
        "exit",
        HostFunc::new(FuncType::new([ValueType::I32], []), |_, args, _| match args[0] {
            Value::I32(code) => Err(HostFailure::Exit(code)),
            _ => Ok(()),
        }),
    );
    let text = r#"(module
        (import "host" "exit" (func $exit (param i32)))
        (func $start (call $exit (i32.const 3)))
        (start $start)
        (func (export "run")))"#;
    failed_start(lab, text, &imports, Failure::Exit(3))
}

fn segments(lab: &Lab<'_>) -> Outcome {
    let data = r#"(module (memory 1) (data (i32.const 65535) "ab") (func (export "run")))"#;
    failed_start(lab, data, &Imports::new(), Trap::MemoryOutOfBounds.into())?;
    let elements = r#"(module (table 2 funcref) (func $f (export "run")) (elem (i32.const 1) $f $f))"#;
    failed_start(lab, elements, &Imports::new(), Trap::TableOutOfBounds.into())
}
