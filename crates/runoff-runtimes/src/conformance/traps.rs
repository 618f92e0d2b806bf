//! Traps: each kind has one meaning on every runtime, and none is the end of an instance.

use runoff_runtime::{Failure, Feature, Slot, Trap, Value};

use super::Case;
use super::lab::{Guest, Lab, Outcome, Stop, fail, same, unsupported};

const GROUP: &str = "traps";

macro_rules! trap_case {
    ($name:literal, $shows:literal, $trap:ident: $($export:literal ( $($arg:expr),* )),+ $(,)?) => {
        Case {
            name: $name,
            group: GROUP,
            shows: $shows,
            body: |lab| traps(lab, &Trap::$trap, &[$(($export, &[$($arg),*])),+]),
        }
    };
}

use Value::{I32, I64};

pub(super) const CASES: &[Case] = &[
    trap_case!("trap-unreachable", "`unreachable`", Unreachable: "unreachable"()),
    trap_case!(
        "trap-memory-bounds", "loads and stores outside memory, wrapping addresses included",
        MemoryOutOfBounds: "load"(I32(65_533)), "load"(I32(-1)), "load_far"(I32(-1)), "store"(I32(65_536)),
    ),
    trap_case!("trap-table-bounds", "an indirect call outside the table", TableOutOfBounds:
        "indirect"(I32(9)), "indirect"(I32(-1))),
    trap_case!("trap-null", "an indirect call to an empty element", NullReference: "indirect"(I32(2))),
    trap_case!("trap-signature", "an indirect call to a function of another type", IndirectCallTypeMismatch:
        "indirect"(I32(1))),
    trap_case!("trap-divide-by-zero", "integer division and remainder by zero", IntegerDivideByZero:
        "div32"(I32(1), I32(0)), "rem32"(I32(1), I32(0)), "div64"(I64(1), I64(0)), "rem64"(I64(1), I64(0))),
    trap_case!("trap-overflow", "INT_MIN / -1, and floats too large for the integer", IntegerOverflow:
        "div32"(I32(i32::MIN), I32(-1)), "div64"(I64(i64::MIN), I64(-1)),
        "trunc32"(Value::F64(0x4202_a05f_2000_0000)), "trunc32"(Value::F64(0xfff0_0000_0000_0000)),
        "trunc64"(Value::F32(0x7f00_0000)),
    ),
    trap_case!("trap-nan-conversion", "NaN converted to an integer", InvalidConversionToInteger:
        "trunc32"(Value::F64(0x7ff8_0000_0000_0000)), "trunc64"(Value::F32(0x7fc0_0000))),
    Case {
        name: "trap-bulk-bounds",
        group: GROUP,
        shows: "bulk memory operations outside memory change nothing and trap",
        body: bulk,
    },
    Case {
        name: "trap-fast-path",
        group: GROUP,
        shows: "traps are the same on the fast path",
        body: fast_path,
    },
    Case {
        name: "stack-exhausted",
        group: GROUP,
        shows: "infinite recursion is a trap, again and again, and leaves the instance usable",
        body: stack_exhausted,
    },
];

fn guest(lab: &Lab<'_>) -> Result<Guest, Stop> {
    lab.start(
        r#"(module
            (type $unit (func))
            (memory 1)
            (table 3 funcref)
            (elem (i32.const 0) $ok $other)
            (global $calls (mut i32) (i32.const 0))
            (func $ok)
            (func $other (param i64) (result i64) local.get 0)
            (func (export "usable") (result i32)
                (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
                (call_indirect (type $unit) (i32.const 0))
                (i32.store (i32.const 65532) (global.get $calls))
                (i32.load (i32.const 65532)))
            (func (export "unreachable") unreachable)
            (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
            (func (export "load_far") (param i32) (result i32)
                (i32.load offset=0xffffffff (local.get 0)))
            (func (export "store") (param i32) (i64.store8 (local.get 0) (i64.const 1)))
            (func (export "indirect") (param i32) (call_indirect (type $unit) (local.get 0)))
            (func (export "div32") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
            (func (export "rem32") (param i32 i32) (result i32) (i32.rem_u (local.get 0) (local.get 1)))
            (func (export "div64") (param i64 i64) (result i64) (i64.div_s (local.get 0) (local.get 1)))
            (func (export "rem64") (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1)))
            (func (export "trunc32") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
            (func (export "trunc64") (param f32) (result i64) (i64.trunc_f32_u (local.get 0))))"#,
    )
}

/// Each call traps like this, twice, and between traps the instance works.
fn traps(lab: &Lab<'_>, trap: &Trap, calls: &[(&str, &[Value])]) -> Outcome {
    let mut guest = guest(lab)?;
    let mut usable = 0;
    for (export, args) in calls.iter().chain(calls) {
        guest.fails(export, args, trap.clone())?;
        usable += 1;
        guest.returns("usable", &[], &[I32(usable)])?;
    }
    Ok(())
}

fn bulk(lab: &Lab<'_>) -> Outcome {
    if !lab.capabilities()?.features.contains(&Feature::BulkMemory) {
        return unsupported("needs bulk-memory");
    }
    let mut guest = lab.start(
        r#"(module
            (memory (export "memory") 1)
            (func (export "fill") (param i32 i32)
                (memory.fill (local.get 0) (i32.const 7) (local.get 1)))
            (func (export "copy") (param i32 i32)
                (memory.copy (local.get 0) (i32.const 0) (local.get 1))))"#,
    )?;
    guest.fails("fill", &[I32(65_530), I32(7)], Trap::MemoryOutOfBounds)?;
    guest.fails("copy", &[I32(1), I32(65_536)], Trap::MemoryOutOfBounds)?;
    same("bytes written before the trap", &guest.memory()?[65_530..].iter().any(|b| *b != 0), &false)?;
    guest.returns("fill", &[I32(65_530), I32(6)], &[])?;
    same("last byte", &guest.memory()?[65_535], &7)
}

fn fast_path(lab: &Lab<'_>) -> Outcome {
    let mut guest = guest(lab)?;
    let calls = [
        ("div32", 1_i32.into_slot(), 0, Trap::IntegerDivideByZero),
        ("unreachable", 0, 0, Trap::Unreachable),
        ("load", (-4_i32).into_slot(), 0, Trap::MemoryOutOfBounds),
    ];
    for (export, a, b, trap) in calls {
        let func = guest.func(export)?;
        let Some(fast) = guest.instance.prepare_fast(func) else {
            return fail(format!("`{export}` has no fast path"));
        };
        for _ in 0..2 {
            let found = guest.instance.call_fast(fast, a, b).map_err(|f| *f);
            same(export, &found, &Err(Failure::Trap(trap.clone())))?;
        }
    }
    guest.returns("usable", &[], &[I32(1)])
}

fn stack_exhausted(lab: &Lab<'_>) -> Outcome {
    if !lab.capabilities()?.stack_trap {
        return unsupported("infinite recursion ends the process: run it in a worker");
    }
    let mut guest = lab.start(
        r#"(module
            (func $down (param i32) (result i32)
                (i32.add (call $down (i32.add (local.get 0) (i32.const 1))) (local.get 0)))
            (func (export "run") (result i32) (call $down (i32.const 0)))
            (func $finite (param i32) (result i32)
                (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
                    (else (i32.add (call $finite (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))))
            (func (export "deep") (param i32) (result i32) (call $finite (local.get 0))))"#,
    )?;
    for _ in 0..3 {
        guest.fails("run", &[], Trap::StackExhausted)?;
        // An ordinary depth must not be taken for infinite.
        guest.returns("deep", &[I32(500)], &[I32(500)])?;
    }
    Ok(())
}
