//! One module per proposal: who claims it runs it, who does not says so by name.

use runoff_runtime::{Feature, HostState, Imports, Limits, RuntimeError, Value, required_features};

use super::Case;
use super::lab::{Guest, Lab, Outcome, Stop, fail, unsupported, wasm};

const GROUP: &str = "proposals";

macro_rules! proposal {
    ($name:literal, $feature:ident, $text:expr) => {
        Case {
            name: $name,
            group: GROUP,
            shows: "claimed proposals run, others are refused by name",
            body: |lab| proposal(lab, Feature::$feature, $text),
        }
    };
}

/// Each module exports `run() -> i32`, which answers 42.
pub(super) const CASES: &[Case] = &[
    proposal!(
        "mutable-globals-proposal",
        MutableGlobals,
        r#"(module (global $g (export "g") (mut i32) (i32.const 0))
            (func (export "run") (result i32) (global.set $g (i32.const 42)) global.get $g))"#
    ),
    proposal!(
        "saturating-float-to-int",
        SaturatingFloatToInt,
        r#"(module (func (export "run") (result i32)
            (i32.sub (i32.trunc_sat_f64_s (f64.const 1e30)) (i32.const 2147483605))))"#
    ),
    proposal!(
        "sign-extension",
        SignExtension,
        r#"(module (func (export "run") (result i32)
            (i32.add (i32.extend8_s (i32.const 0x1d6)) (i32.const 84))))"#
    ),
    proposal!(
        "multi-value-proposal",
        MultiValue,
        r#"(module
            (func $two (result i32 i32) i32.const 50 i32.const 8)
            (func (export "run") (result i32)
                call $two
                (block (param i32 i32) (result i32) i32.sub)))"#
    ),
    proposal!(
        "bulk-memory",
        BulkMemory,
        r#"(module (memory 1) (data $d "\00\2a")
            (func (export "run") (result i32)
                (memory.init $d (i32.const 8) (i32.const 1) (i32.const 1))
                (data.drop $d)
                (memory.copy (i32.const 100) (i32.const 8) (i32.const 1))
                (memory.fill (i32.const 8) (i32.const 9) (i32.const 1))
                (i32.load8_u (i32.const 100))))"#
    ),
    proposal!(
        "reference-types",
        ReferenceTypes,
        r#"(module
            (table $a 1 funcref) (table $b 1 10 funcref)
            (elem declare func $f)
            (func $f (result i32) i32.const 40)
            (func (export "run") (result i32)
                (table.set $b (i32.const 0) (ref.func $f))
                (table.set $a (i32.const 0) (table.get $b (i32.const 0)))
                (i32.add (call_indirect $a (result i32) (i32.const 0))
                    (i32.add (table.grow $b (ref.null func) (i32.const 3))
                        (ref.is_null (table.get $b (i32.const 3)))))))"#
    ),
    proposal!(
        "simd",
        Simd,
        r#"(module (func (export "run") (result i32)
            (i32x4.extract_lane 2 (i32x4.add
                (v128.const i32x4 1 2 3 4)
                (i32x4.mul (v128.const i32x4 5 6 13 8) (i32x4.splat (i32.const 3)))))))"#
    ),
    proposal!(
        "relaxed-simd",
        RelaxedSimd,
        r#"(module (func (export "run") (result i32)
            (i8x16.extract_lane_u 0 (i8x16.relaxed_swizzle
                (v128.const i8x16 0 1 2 42 4 5 6 7 8 9 10 11 12 13 14 15)
                (v128.const i8x16 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)))))"#
    ),
    proposal!(
        "threads",
        Threads,
        r#"(module (memory 1 1 shared)
            (func (export "run") (result i32)
                (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 30)))
                (i32.add (i32.atomic.rmw.cmpxchg (i32.const 8) (i32.const 30) (i32.const 12))
                    (i32.atomic.load (i32.const 8)))))"#
    ),
    proposal!(
        "tail-call",
        TailCall,
        r#"(module
            (func $count (param i32 i32) (result i32)
                (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
                (return_call $count (i32.sub (local.get 0) (i32.const 1))
                    (i32.add (local.get 1) (i32.const 1))))
            (func (export "run") (result i32)
                (i32.sub (call $count (i32.const 1000000) (i32.const 0)) (i32.const 999958))))"#
    ),
    proposal!(
        "multi-memory",
        MultiMemory,
        r#"(module (memory $a 1) (memory $b 1)
            (func (export "run") (result i32)
                (i32.store $a (i32.const 0) (i32.const 40))
                (i32.store $b (i32.const 0) (i32.const 2))
                (i32.add (i32.load $a (i32.const 0)) (i32.load $b (i32.const 0)))))"#
    ),
    proposal!(
        "memory64",
        Memory64,
        r#"(module (memory i64 1)
            (func (export "run") (result i32)
                (i64.store (i64.const 65528) (i64.const 41))
                (i32.add (i32.wrap_i64 (memory.grow (i64.const 1))) (i32.load (i64.const 65528)))))"#
    ),
    proposal!(
        "exceptions",
        Exceptions,
        r#"(module (tag $e (param i32))
            (func $thrower (throw $e (i32.const 42)))
            (func (export "run") (result i32)
                (block $caught (result i32)
                    (try_table (catch $e $caught) (call $thrower))
                    (i32.const 0))))"#
    ),
    proposal!(
        "extended-const",
        ExtendedConst,
        r#"(module
            (global $g i32 (i32.sub (i32.add (i32.const 40) (i32.mul (i32.const 2) (i32.const 2))) (i32.const 2)))
            (func (export "run") (result i32) global.get $g))"#
    ),
    proposal!(
        "function-references",
        FunctionReferences,
        r#"(module (type $t (func (param i32) (result i32)))
            (elem declare func $f)
            (func $f (type $t) (i32.add (local.get 0) (i32.const 1)))
            (func (export "run") (result i32) (call_ref $t (i32.const 41) (ref.func $f))))"#
    ),
    proposal!(
        "gc",
        Gc,
        r#"(module (type $pair (struct (field $a i32) (field $b (mut i32))))
            (func $make (result (ref $pair)) (struct.new $pair (i32.const 40) (i32.const 0)))
            (func (export "run") (result i32) (local $p (ref null $pair))
                (local.set $p (call $make))
                (struct.set $pair $b (local.get $p) (i32.const 2))
                (i32.add (struct.get $pair $a (local.get $p)) (struct.get $pair $b (local.get $p)))))"#
    ),
    proposal!(
        "wide-arithmetic",
        WideArithmetic,
        r#"(module (func (export "run") (result i32) (local $high i64)
            (i64.add128 (i64.const -1) (i64.const 40) (i64.const 2) (i64.const 0))
            local.set $high
            local.get $high
            i64.add
            i32.wrap_i64))"#
    ),
    Case { name: "component-model", group: GROUP, shows: "nobody claims components yet", body: components },
    Case {
        name: "long-call-indirect",
        group: GROUP,
        shows: "the padded table index that current linkers write is taken by who claims reference-types",
        body: long_call_indirect,
    },
];

fn proposal(lab: &Lab<'_>, feature: Feature, text: &str) -> Outcome {
    let bytes = wasm(text)?;
    let needed = required_features(&bytes);
    if !needed.contains(&feature) {
        return fail(format!("the case's own module does not need {feature} but {needed:?}"));
    }
    run(lab, &bytes, &needed.into_iter().collect::<Vec<_>>())
}

/// Runs the module where all that is needed is claimed; elsewhere it must be refused by name, by `validate` as
/// well as on the way to an instance.
fn run(lab: &Lab<'_>, bytes: &[u8], needed: &[Feature]) -> Outcome {
    let runtime = lab.runtime()?;
    let capabilities = &runtime.info().capabilities;
    if !capabilities.compiles {
        return unsupported("runs no modules");
    }
    let missing: Vec<_> = needed.iter().filter(|f| !capabilities.features.contains(f)).collect();
    if missing.is_empty() {
        runtime.validate(bytes).map_err(|e| Stop::Fail(format!("claimed, but validate says: {e}")))?;
        let module = runtime.compile(bytes).map_err(|e| Stop::Fail(format!("claimed, but: {e}")))?;
        let instance = module
            .instantiate(&Imports::new(), HostState::new(), &Limits::default())
            .map_err(|e| Stop::Fail(format!("claimed, but: {e}")))?;
        return Guest { instance, module, runtime }.returns("run", &[], &[Value::I32(42)]);
    }
    for (step, result) in
        [("validate", runtime.validate(bytes)), ("compile", runtime.compile(bytes).map(drop))]
    {
        match result {
            Err(RuntimeError::Unsupported(reason)) => {
                if let Some(unnamed) = missing.iter().find(|f| !reason.contains(f.name())) {
                    return fail(format!("{step} does not name {unnamed}: {reason}"));
                }
            }
            Err(other) => return fail(format!("not claimed, and {step} says: {other}")),
            Ok(()) => return fail(format!("{step} takes {missing:?}, which is not claimed")),
        }
    }
    unsupported(format!("needs {}", missing.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ")))
}

fn components(lab: &Lab<'_>) -> Outcome {
    if lab.capabilities()?.features.contains(&Feature::ComponentModel) {
        return fail("claimed, but Runoff has no way to run components");
    }
    unsupported("needs component-model")
}

fn long_call_indirect(lab: &Lab<'_>) -> Outcome {
    let mut bytes = wasm(
        r#"(module (table 1 funcref) (elem (i32.const 0) 0)
            (func (result i32) i32.const 42)
            (func (export "run") (result i32) (call_indirect (result i32) (i32.const 0))))"#,
    )?;
    // The text format always writes the short form: `11 00 00`, type 0 and table 0, last but the end.
    let at = bytes.len() - 4;
    if bytes[at..] != [0x11, 0, 0, 0x0b] {
        return fail("the case's own module does not end as expected");
    }
    bytes.splice(at + 2..at + 3, [0x80, 0x80, 0x80, 0x80, 0x00]);
    // Four bytes more in the last body (length, no locals, `41 00`, then the call) and in its section; both
    // lengths are single bytes.
    let body = at - 4;
    bytes[body] += 4;
    let code = code_section(&bytes).ok_or_else(|| Stop::Fail("no code section".into()))?;
    bytes[code + 1] += 4;
    run(lab, &bytes, &[Feature::ReferenceTypes])
}

/// Where the code section begins in a module whose sections are all shorter than 128 bytes.
fn code_section(bytes: &[u8]) -> Option<usize> {
    let mut at = 8;
    while *bytes.get(at)? != 10 {
        at += 2 + usize::from(*bytes.get(at + 1)?);
    }
    Some(at)
}
