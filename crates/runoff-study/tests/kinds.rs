//! Every kind of call, by guests in three languages, on every runtime of this build.

use runoff_call::{ErrorKind, Guest, Refusal, host};
use runoff_guest_calls::{Factors, Greeting, Record};
use runoff_runtime::{Failure, HostState, Imports, Limits, RuntimeOptions, Trap};
use runoff_runtimes::{Availability, Entry, Reach, Registry, on_engine_stack};
use runoff_study::modules;
use serde::{Deserialize, Serialize};

/// Runs a check on every runtime, on a thread with an engine's stack.
fn everywhere(check: fn(&Entry)) {
    on_engine_stack(move || {
        let registry = Registry::new(&[]);
        let ready = registry.entries().iter().filter(|e| *e.availability() == Availability::Ready);
        let mut count = 0;
        for entry in ready.filter(|e| matches!(e.reach(), Reach::Linked) && e.id().as_str() != "native") {
            check(entry);
            count += 1;
        }
        assert!(count > 0, "no runtimes in this build");
    })
    .expect("a thread");
}

fn guest(entry: &Entry, wasm: &[u8], imports: &Imports) -> Guest {
    let runtime = entry.make(&RuntimeOptions::default()).expect("a runtime");
    let module = runtime.compile(wasm).expect("a module");
    let instance = module.instantiate(imports, HostState::new(), &Limits::default()).expect("an instance");
    Guest::new(instance).expect("a guest")
}

fn plain(entry: &Entry, wasm: &[u8]) -> Guest {
    guest(entry, wasm, &Imports::new())
}

const RECORD: Record = Record { id: 7, count: 1, size: 1 << 40 };
const NEXT: Record = Record { count: 2, ..RECORD };

#[test]
fn numbers_records_text_and_bytes() {
    everywhere(|entry| {
        let guest = &mut plain(entry, modules::KINDS);
        assert_eq!(guest.version(), Some(1));
        let mul = guest.pair::<(i32, i32), i32>("mul").expect("exported");
        assert_eq!(mul.call(guest, (-3, 5)).expect("an answer"), -15);
        let mul_add = guest.pair::<(f64, f64, f64), f64>("mul_add").expect("exported");
        assert_eq!(mul_add.call(guest, (1.5, 2.0, 0.25)).expect("an answer").to_bits(), 3.25_f64.to_bits());
        let mul = guest.pod::<Factors, i32>("mul").expect("exported");
        assert_eq!(mul.call(guest, &Factors { x: 6, y: 7 }).expect("an answer"), 42);
        let next = guest.pod::<Record, Record>("next").expect("exported");
        assert_eq!(next.call(guest, &RECORD).expect("an answer"), NEXT);
        let sum = guest.pod::<[f64], f64>("sum").expect("exported");
        assert_eq!(sum.call(guest, &[1.0, 2.0, 4.0][..]).expect("an answer").to_bits(), 7.0_f64.to_bits());
        let count_up = guest.pod::<u32, [u32]>("count_up").expect("exported");
        assert_eq!(count_up.view(guest, &3).expect("an answer").to_vec(), [0, 1, 2]);
        let mul = guest.encoded::<(i32, i32), i32>("mul").expect("exported");
        assert_eq!(mul.call(guest, &(i32::MIN, 1)).expect("an answer"), i32::MIN);
        let next = guest.encoded::<Record, Record>("next").expect("exported");
        assert_eq!(next.call(guest, &RECORD).expect("an answer"), NEXT);
        let greet = guest.encoded::<str, ()>("greet").expect("exported");
        let greeting: Greeting<'_> = greet.call_borrowed(guest, "Grace Brewster Hopper").expect("an answer");
        assert_eq!(greeting, Greeting { word: "hello", name: ("Grace", Some("Brewster Hopper")) });
        let echo = guest.bytes("echo").expect("exported");
        assert_eq!(echo.call(guest, b"").expect("an answer"), b"");
        assert_eq!(echo.call(guest, b"abc").expect("an answer"), b"abc");
    });
}

#[test]
fn buffers_grow_with_what_is_sent_and_answered() {
    everywhere(|entry| {
        let guest = &mut plain(entry, modules::KINDS);
        let echo = guest.bytes("echo").expect("exported");
        let next = guest.batch::<Record, Record>("next").expect("exported");
        for size in [1_usize, 4095, 4097, 70_000, 1 << 20, 3] {
            let sent: Vec<u8> = (0..size).map(|i| i as u8).collect();
            assert_eq!(echo.call(guest, &sent).expect("an answer"), sent, "{size} bytes on {}", entry.id());
            let records = vec![RECORD; size / 16];
            let view = next.view(guest, &records).expect("answers");
            assert!(view.len() == records.len() && view.iter().all(|r| r == NEXT));
        }
        // Text longer than the buffer known so far is encoded again, after the buffer has grown.
        let fresh = &mut plain(entry, modules::KINDS);
        let greet = fresh.encoded::<str, ()>("greet").expect("exported");
        let long = "x".repeat(100_000);
        let greeting: Greeting<'_> = greet.call_borrowed(fresh, &long).expect("an answer");
        assert_eq!(greeting.name, (long.as_str(), None));
        // The guest's memory grows between two calls, and the buffer stays right.
        let grow = guest.pair::<(u32,), i32>("grow").expect("exported");
        assert!(grow.call(guest, (3,)).expect("an answer") > 0);
        assert_eq!(echo.call(guest, b"still").expect("an answer"), b"still");
        let made = next.view_from(guest, 3, |i| Record { id: i as u32, ..RECORD }).expect("answers");
        assert_eq!(made.get(2), Some(Record { id: 2, ..NEXT }));
    });
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    customer: String,
    lines: Vec<(String, u32, u64)>,
}

#[test]
fn blocks_per_call_and_nested_values() {
    everywhere(|entry| {
        let guest = &mut plain(entry, modules::BLOCKS);
        let sort = guest.encoded::<Order, Order>("sort").expect("exported");
        let line = |name: &str, pieces, cents| (name.to_owned(), pieces, cents);
        let order =
            Order { customer: "Émile".into(), lines: vec![line("pen", 3, 100), line("ink", 1, 900)] };
        let wanted =
            Order { customer: "ÉMILE".into(), lines: vec![line("ink", 1, 900), line("pen", 3, 100)] };
        assert_eq!(sort.call(guest, &order).expect("an answer"), wanted);
        assert_eq!(sort.call_dynamic(guest, &order).expect("an answer"), wanted);
        let next = guest.pod::<Record, Record>("next").expect("exported");
        assert_eq!(next.call_dynamic(guest, &RECORD).expect("an answer"), NEXT);
        let echo = guest.bytes("echo").expect("exported");
        assert_eq!(echo.call_dynamic(guest, &[1; 5000]).expect("an answer").len(), 5000);
        let before = guest.usage().linear_memory;
        for _ in 0..1000 {
            assert_eq!(echo.call_dynamic(guest, &[1; 5000]).expect("an answer").len(), 5000);
        }
        assert_eq!(guest.usage().linear_memory, before, "blocks are given back on {}", entry.id());
    });
}

#[test]
fn a_failure_poisons_and_leaves_last_words() {
    everywhere(|entry| {
        for (wasm, module) in [(modules::KINDS, "kinds"), (modules::BLOCKS, "blocks")] {
            let guest = &mut plain(entry, wasm);
            let fail = guest.pair::<(u32,), u32>("fail").expect("exported");
            assert_eq!(fail.call(guest, (9,)).expect("an answer"), 9);
            let error = fail.call(guest, (1,)).expect_err("a panic");
            let ErrorKind::Failed { failure: Failure::Trap(trap), message } = error.kind() else {
                panic!("{error}")
            };
            assert!(matches!(trap, Trap::Unreachable | Trap::Other(_)), "{trap} on {}", entry.id());
            let words = message.as_deref().unwrap_or_default();
            assert!(words.starts_with("as asked at ") && words.contains("faults.rs:"), "{module}: {words}");
            let again = fail.call(guest, (9,)).expect_err("poisoned");
            assert!(matches!(again.kind(), ErrorKind::Poisoned(_)), "{again}");
            assert!(guest.poison().is_some() && guest.bytes("echo").is_err());
        }
    });
}

#[test]
fn handles_are_checked_when_they_are_made_and_belong_to_one_guest() {
    everywhere(|entry| {
        let (one, other) = (&mut plain(entry, modules::KINDS), &mut plain(entry, modules::KINDS));
        let mul = one.pair::<(i32, i32), i32>("mul").expect("exported");
        let error = mul.call(other, (1, 2)).expect_err("foreign");
        assert!(matches!(error.kind(), ErrorKind::ForeignHandle), "{error}");
        let error = one.pair::<(i32,), i32>("mul").expect_err("another type");
        assert!(matches!(error.kind(), ErrorKind::Signature { .. }), "{error}");
        let error = one.pair::<(i32,), i32>("greet").expect_err("another kind").to_string();
        assert!(error.contains("encoded"), "{error}");
        let error = one.pod::<(), ()>("nothing").expect_err("missing");
        assert!(matches!(error.kind(), ErrorKind::Missing { .. }), "{error}");
        // A record of another size is refused by the guest, and one more call is fine.
        let wrong = one.pod::<u64, u64>("next").expect("exported");
        let error = wrong.call(one, &1).expect_err("refused");
        assert!(matches!(error.kind(), ErrorKind::Refused(Refusal::Length)), "{error}");
        assert_eq!(mul.call(one, (2, 3)).expect("an answer"), 6);
    });
}

#[test]
fn guests_in_c_and_assemblyscript_follow_the_convention() {
    everywhere(|entry| {
        for (wasm, encodes) in [(modules::IN_C, true), (modules::IN_ASSEMBLYSCRIPT, false)] {
            let guest = &mut plain(entry, wasm);
            let mul = guest.pair::<(i32, i32), i32>("mul").expect("exported");
            assert_eq!(mul.call(guest, (-3, 5)).expect("an answer"), -15);
            let next = guest.pod::<Record, Record>("next").expect("exported");
            assert_eq!(next.call(guest, &RECORD).expect("an answer"), NEXT);
            let many = guest.batch::<Record, Record>("next").expect("exported");
            for count in [0, 1, 300, 70_000] {
                let view = many.view(guest, &vec![RECORD; count]).expect("answers");
                assert!(view.len() == count && view.iter().all(|r| r == NEXT));
            }
            let echo = guest.bytes("echo").expect("exported");
            for size in [0, 5, 5000, 200_000] {
                assert_eq!(echo.call(guest, &vec![9; size]).expect("an answer"), vec![9; size]);
            }
            if encodes {
                let next = guest.encoded::<Record, Record>("next").expect("exported");
                assert_eq!(next.call(guest, &RECORD).expect("an answer"), NEXT);
                let mul = guest.encoded::<(i32, i32), i32>("mul").expect("exported");
                assert_eq!(mul.call(guest, &(i32::MIN, -1)).expect("an answer"), i32::MIN);
                let greet = guest.encoded::<str, ()>("greet").expect("exported");
                let greeting: Greeting<'_> = greet.call_borrowed(guest, "Ada Lovelace").expect("an answer");
                assert_eq!(greeting.name, ("Ada", Some("Lovelace")));
                let square = guest.batch::<u32, u64>("square").expect("exported");
                let squares = square.view(guest, &vec![70_000; 2000]).expect("answers");
                assert!(squares.len() == 2000 && squares.iter().all(|n| n == 4_900_000_000));
            }
        }
    });
}

#[test]
fn guests_call_their_host() {
    everywhere(|entry| {
        let next = |record: Record| runoff_guest_calls::next(record);
        let mut imports = Imports::new();
        imports.define("study", "mul", host::pair(|_, (x, y): (i32, i32)| Ok(x.wrapping_mul(y))));
        imports.define("study", "next_record", host::pod(move |_, record| Ok(next(record))));
        imports.define("study", "next_encoded", host::encoded(move |_, record| Ok(next(record))));
        let echo = host::bytes(|_, from, to| {
            to[..from.len()].copy_from_slice(from);
            Ok(from.len())
        });
        imports.define("study", "echo", echo);
        let guest = &mut guest(entry, modules::BACK, &imports);
        let numbers = guest.pair::<(u32,), i32>("numbers").expect("exported");
        let none = guest.pair::<(u32,), i32>("none").expect("exported");
        assert_eq!(numbers.call(guest, (100,)).expect("a sum"), none.call(guest, (100,)).expect("a sum"));
        for name in ["records", "encoded"] {
            let func = guest.pair::<(u32,), u32>(name).expect("exported");
            assert_eq!(func.call(guest, (300,)).expect("a count"), 300, "{name} on {}", entry.id());
        }
        let bytes = guest.pair::<(u32, u32), u32>("bytes").expect("exported");
        assert_eq!(bytes.call(guest, (3, 65_536)).expect("a sum"), 3 * 65_536);
    });
}
