//! Small modules whose instructions are known.

use super::*;
use crate::AsmError;

fn profile(text: &str) -> ModuleProfile {
    ModuleProfile::new(&wat::parse_str(text).unwrap()).unwrap()
}

const SUM: &str = r#"(module
  (import "env" "log" (func $log (param i32)))
  (memory 1)
  (func $helper (param i32) (result i32) local.get 0 i32.const 4 i32.add)
  (func $sum (export "sum") (param $n i32) (result i32) (local $total i32)
    (block $done
      (loop $more
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $total (i32.add (local.get $total) (i32.load (call $helper (local.get $n)))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $more)))
    (call $log (local.get $total))
    (f64.store (i32.const 0) (f64.add (f64.const 1) (f64.convert_i32_s (local.get $n))))
    local.get $total))"#;

#[test]
fn instructions_are_counted_by_kind() {
    let profile = profile(SUM);
    let sum = profile.function(2).unwrap();
    let is = |category, expected| assert_eq!(sum.mix.get(category), expected, "{category:?}");
    is(Category::Locals, 9);
    is(Category::Loads, 1);
    is(Category::Stores, 1);
    is(Category::Integers, 2);
    is(Category::Floats, 1);
    is(Category::Comparisons, 1);
    is(Category::Conversions, 1);
    is(Category::Constants, 3);
    is(Category::Branches, 2);
    is(Category::Calls, 2);
    is(Category::Structure, 5);
    assert_eq!((sum.params, sum.locals, sum.depth, sum.loop_depth), (1, 1, 2, 1));
    assert_eq!(sum.operands, 3);
    assert_eq!(sum.calls.iter().map(|(i, n)| (*i, *n)).collect::<Vec<_>>(), [(0, 1), (1, 1)]);
    assert_eq!(profile.name(0), "env.log");
    assert_eq!(profile.mix().total(), sum.mix.total() + 4);
}

#[test]
fn functions_are_found_as_people_name_them() {
    let profile = profile(SUM);
    for (wanted, index) in [("2", 2), ("sum", 2), ("helper", 1), ("help", 1)] {
        assert_eq!(profile.find(wanted).unwrap().index, index, "{wanted}");
    }
    assert_eq!((profile.exported("sum"), profile.exported("helper")), (Some(2), None));
    assert!(profile.is_named(1, "helper") && !profile.is_named(2, "helper"));
    assert_eq!(profile.heaviest().unwrap().index, 2);
    let refused = |wanted: &str| match profile.find(wanted) {
        Err(AsmError::Function(words)) => words,
        other => panic!("{other:?}"),
    };
    assert!(refused("0").contains("imported"), "{}", refused("0"));
    assert!(refused("9").contains("1 to 2"), "{}", refused("9"));
    assert!(refused("nobody").contains("exported: sum"), "{}", refused("nobody"));
}

#[test]
fn mangled_names_are_spelled_out() {
    let text = r#"(module
      (func (@name "_ZN3one3two17h0123456789abcdefE"))
      (func (@name "_ZN3one\n"))
    )"#;
    let profile = profile(text);
    assert_eq!(profile.name(0), "one::two");
    assert_eq!(profile.find("one::two").unwrap().index, 0);
    assert_eq!(profile.find("_ZN3one3two17h0123456789abcdefE").unwrap().index, 0);
    // Not one that a compiler made: as it stands, but nothing for a terminal.
    assert_eq!(profile.name(1), "_ZN3one\u{fffd}");
}

#[test]
fn what_is_no_module_is_refused() {
    for bytes in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0\x0a\x05", b"hello", b"\0asm\x0d\0\x01\0"] {
        assert!(matches!(ModuleProfile::new(bytes), Err(AsmError::Module(_))), "{bytes:?}");
    }
    let invalid = wat::parse_str("(module (func (result i32) f32.const 1))").unwrap();
    assert!(matches!(ModuleProfile::new(&invalid), Err(AsmError::Module(_))));
    let empty = profile("(module)");
    assert!(matches!(empty.heaviest(), Err(AsmError::Function(_))));
}

#[test]
fn every_name_of_the_specification_has_a_kind() {
    let expected = [
        ("i32_load8_u", Category::Loads),
        ("i64_store32", Category::Stores),
        ("v128_load", Category::Vectors),
        ("i32_atomic_rmw_add", Category::Atomics),
        ("i64_extend8_s", Category::Conversions),
        ("i32_trunc_sat_f32_s", Category::Conversions),
        ("f32_trunc", Category::Floats),
        ("f64_le", Category::Comparisons),
        ("i32_eqz", Category::Comparisons),
        ("i32_extend16_s", Category::Conversions),
        ("memory_copy", Category::Memory),
        ("table_get", Category::References),
        ("i64_rotl", Category::Integers),
        ("f64_sqrt", Category::Floats),
        ("f32_nearest", Category::Floats),
        ("f32_neg", Category::Floats),
        ("i32x4_add", Category::Vectors),
        ("return_call_indirect", Category::IndirectCalls),
        ("throw", Category::Other),
    ];
    for (name, category) in expected {
        assert_eq!(Category::of_name(name), category, "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn damaged_modules_are_refused_or_read(at in 0_usize..400, byte: u8, cut in 0_usize..400) {
        let mut bytes = wat::parse_str(SUM).unwrap();
        let last = bytes.len() - 1;
        bytes[at.min(last)] = byte;
        bytes.truncate(cut.max(8));
        if let Ok(profile) = ModuleProfile::new(&bytes) {
            let total: u64 = profile.functions.iter().map(|f| f.mix.total()).sum();
            proptest::prop_assert_eq!(total, profile.mix().total());
            for function in &profile.functions {
                proptest::prop_assert_eq!(profile.find(&function.index.to_string()).unwrap().index, function.index);
            }
        }
    }
}
