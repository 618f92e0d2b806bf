//! The fast path.

use runoff_runtime::{FastSig, FuncType, Slot, Value, ValueType, for_each_fast_signature};

use super::Case;
use super::lab::{Guest, Lab, Outcome, fail, holds, same};

const GROUP: &str = "fast path";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "fast-equals-dynamic",
        group: GROUP,
        shows: "every fast signature gives what the dynamic call gives, results and effects",
        body: equals_dynamic,
    },
    Case {
        name: "fast-signatures-only",
        group: GROUP,
        shows: "other signatures have no fast path, and still a dynamic one",
        body: others,
    },
];

fn types(types: &[Option<ValueType>]) -> Vec<ValueType> {
    types.iter().copied().flatten().collect()
}

macro_rules! list_signatures {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        /// Every fast signature with its type.
        fn signatures() -> Vec<(FastSig, FuncType)> {
            vec![$((
                FastSig::$name,
                FuncType {
                    params: types(&[$(<$param as Slot>::TYPE),*]),
                    results: <$result as Slot>::TYPE.into_iter().collect(),
                },
            ),)*]
        }
    };
}

for_each_fast_signature!(list_signatures);

/// A function of this type that mixes its arguments, leaves the mix in a global, and answers with it.
fn function(index: usize, ty: &FuncType) -> String {
    let list = |kind: &str, types: &[ValueType]| match types {
        [] => String::new(),
        types => format!("({kind} {})", types.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    };
    let mut mix = "(i64.const 7)".to_owned();
    for (i, param) in ty.params.iter().enumerate() {
        let bits = match param {
            ValueType::I32 => format!("(i64.extend_i32_s (local.get {i}))"),
            ValueType::F64 => format!("(i64.reinterpret_f64 (local.get {i}))"),
            _ => format!("(local.get {i})"),
        };
        mix = format!("(i64.sub (i64.mul {mix} (i64.const 31)) {bits})");
    }
    let answer = match ty.results.as_slice() {
        [] => "",
        [ValueType::I32] => "(i32.wrap_i64 (global.get $mix))",
        [ValueType::F64] => "(f64.reinterpret_i64 (global.get $mix))",
        _ => "(global.get $mix)",
    };
    format!(
        r#"(func (export "f{index}") {} {} (global.set $mix {mix}) {answer})"#,
        list("param", &ty.params),
        list("result", &ty.results)
    )
}

/// Arguments of a type, a few kinds of each.
fn samples(ty: ValueType) -> Vec<Value> {
    match ty {
        ValueType::I32 => [0, 1, -1, i32::MIN, 123_456_789].map(Value::I32).to_vec(),
        ValueType::I64 => [0, 1, -1, i64::MIN, 1 << 40].map(Value::I64).to_vec(),
        ValueType::F64 => [0.0, -0.0, 1.5, f64::INFINITY, f64::NAN].map(Value::f64).to_vec(),
        other => vec![Value::default_of(other)],
    }
}

fn slot(value: Value) -> u64 {
    match value {
        Value::I32(v) => v.into_slot(),
        Value::I64(v) => v.into_slot(),
        Value::F64(bits) => bits,
        _ => 0,
    }
}

fn equals_dynamic(lab: &Lab<'_>) -> Outcome {
    let signatures = signatures();
    let functions: String = signatures.iter().enumerate().map(|(i, (_, ty))| function(i, ty)).collect();
    let text = format!(
        r#"(module (global $mix (mut i64) (i64.const 0)) {functions}
            (func (export "mix") (result i64) global.get $mix)
            (func (export "reset") (global.set $mix (i64.const -1))))"#
    );
    let mut guest = lab.start(&text)?;
    for (i, (sig, ty)) in signatures.iter().enumerate() {
        let export = format!("f{i}");
        let none = vec![Value::I64(0)];
        let first = ty.params.first().map_or(none.clone(), |t| samples(*t));
        let second = ty.params.get(1).map_or(none, |t| samples(*t));
        for a in &first {
            for b in &second {
                let args = &[*a, *b][..ty.params.len()];
                compare(&mut guest, &export, args).map_err(|stop| match stop {
                    super::lab::Stop::Fail(words) => {
                        super::lab::Stop::Fail(format!("{sig:?} with {args:?}: {words}"))
                    }
                    stop @ super::lab::Stop::Unsupported(_) => stop,
                })?;
            }
        }
    }
    Ok(())
}

fn compare(guest: &mut Guest, export: &str, args: &[Value]) -> Outcome {
    guest.returns("reset", &[], &[])?;
    let dynamic = guest.call(export, args)?;
    let effect = guest.call("mix", &[])?;
    let func = guest.func(export)?;
    let Some(fast) = guest.instance.prepare_fast(func) else { return fail("no fast path") };
    guest.returns("reset", &[], &[])?;
    // What stands in unused slots must not matter.
    let arg = |i: usize| args.get(i).map_or(u64::MAX, |v| slot(*v));
    let found = guest.instance.call_fast(fast, arg(0), arg(1)).map_err(|f| *f);
    let wanted = dynamic.map(|results| results.first().map_or(0, |v| slot(*v)));
    same("result", &found, &wanted)?;
    same("effect", &guest.call("mix", &[])?, &effect)
}

fn others(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (func (export "three") (param i32 i32 i32) (result i32) local.get 2)
            (func (export "float") (param f32) (result f32) local.get 0)
            (func (export "mixed") (param f64 i32) (result f64) local.get 0))"#,
    )?;
    for export in ["three", "float", "mixed"] {
        let func = guest.func(export)?;
        holds("a fast path for fast signatures only", guest.instance.prepare_fast(func).is_none())?;
    }
    guest.returns("three", &[1, 2, 3].map(Value::I32), &[Value::I32(3)])?;
    guest.returns("float", &[Value::f32(0.5)], &[Value::f32(0.5)])
}
