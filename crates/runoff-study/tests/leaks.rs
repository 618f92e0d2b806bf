//! Calls leave nothing behind: memory of host and guest stays what it was.

use runoff_call::Guest;
use runoff_guest_calls::Record;
use runoff_runtime::{HostState, Imports, Limits, RuntimeOptions};
use runoff_runtimes::{Registry, on_engine_stack};
use runoff_study::modules;

/// Calls of every kind with arguments of changing length; bytes of guest memory and of this process at nine points.
fn run(calls: u64) -> Vec<(u64, u64)> {
    let found = on_engine_stack(move || {
        let registry = Registry::new(&[]);
        let entry = registry.get("wasmtime/cranelift").expect("in this build");
        let module = entry.make(&RuntimeOptions::default()).and_then(|r| r.compile(modules::BLOCKS));
        let instance =
            module.expect("a module").instantiate(&Imports::new(), HostState::new(), &Limits::default());
        let guest = &mut Guest::new(instance.expect("an instance")).expect("a guest");
        let next = guest.pod::<Record, Record>("next").expect("exported");
        let encoded = guest.encoded::<Record, Record>("next").expect("exported");
        let many = guest.batch::<Record, Record>("next").expect("exported");
        let echo = guest.bytes("echo").expect("exported");
        let records = vec![Record::default(); 4096];
        let (mut found, rounds) = (Vec::new(), calls / 16);
        for round in 1..rounds {
            // Rarely long, so that buffers grow, and most often short.
            let len = if round % 100 == 0 { (round / 100 % 4096) as usize } else { 3 };
            many.view(guest, &records[..len]).expect("answers");
            echo.call_dynamic(guest, &[1; 40]).expect("an answer");
            for n in 0..6 {
                let record = Record { id: n, ..Record::default() };
                encoded.call(guest, &record).expect("an answer");
                next.call(guest, &record).expect("an answer");
            }
            next.call_dynamic(guest, &Record::default()).expect("an answer");
            next.call(guest, &Record::default()).expect("an answer");
            if round % (rounds / 10) == 0 {
                found.push((guest.usage().linear_memory.unwrap_or(0), resident()));
            }
        }
        found
    });
    found.expect("a thread")
}

/// Bytes of memory this process has.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

/// The first half is for everything to reach its size.
fn check(found: &[(u64, u64)]) {
    assert!(found.len() >= 9, "{found:?}");
    let (middle, last) = (found[found.len() / 2], found[found.len() - 1]);
    assert_eq!(middle.0, last.0, "guest memory: {found:?}");
    assert!(last.1 <= middle.1 + (2 << 20), "host memory: {found:?}");
}

#[test]
fn ten_million_calls_leave_nothing() {
    check(&run(10_000_000));
}

/// `cargo test --release -p runoff-study --test leaks -- --ignored`
#[test]
#[ignore = "some seconds on a quiet machine"]
fn a_hundred_million_calls_leave_nothing() {
    check(&run(100_000_000));
}
