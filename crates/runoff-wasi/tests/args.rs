//! Arguments and environment.

mod harness;

use harness::{FAULT, Guest, SUCCESS};
use runoff_wasi::{Wasi, WasiConfig, WasiError};

fn guest() -> Guest {
    Guest::new(&WasiConfig::new().arg("prog").arg("ü x").arg("").env("K", "v=w").env("EMPTY", ""))
}

#[test]
fn sizes_are_those_of_what_is_packed() {
    let mut guest = guest();
    assert_eq!(guest.call("args_sizes_get", &[0, 4]), SUCCESS);
    assert_eq!((guest.u32(0), guest.u32(4)), (3, 11));
    assert_eq!(guest.call("args_get", &[100, 200]), SUCCESS);
    assert_eq!((guest.u32(100), guest.u32(104), guest.u32(108)), (200, 205, 210));
    assert_eq!(guest.bytes(199, 13), "\0prog\0ü x\0\0\0".as_bytes());
    assert_eq!(guest.u32(112), 0, "nothing follows the table");
}

#[test]
fn variables_are_names_and_values() {
    let mut guest = guest();
    assert_eq!(guest.call("environ_sizes_get", &[0, 4]), SUCCESS);
    assert_eq!((guest.u32(0), guest.u32(4)), (2, 13));
    assert_eq!(guest.call("environ_get", &[100, 200]), SUCCESS);
    assert_eq!((guest.u32(100), guest.u32(104)), (200, 206));
    assert_eq!(guest.bytes(200, 13), b"K=v=w\0EMPTY=\0");
}

#[test]
fn nothing_given_is_nothing_told() {
    let mut guest = Guest::new(&WasiConfig::new());
    for sizes in ["args_sizes_get", "environ_sizes_get"] {
        guest.put(0, &[9; 8]);
        assert_eq!(guest.call(sizes, &[0, 4]), SUCCESS);
        assert_eq!((guest.u32(0), guest.u32(4)), (0, 0), "{sizes}");
    }
    // Nothing is written, so no address is wrong.
    assert_eq!(guest.call("args_get", &[u64::from(u32::MAX), u64::from(u32::MAX)]), SUCCESS);
}

#[test]
fn addresses_outside_memory_are_faults() {
    let mut guest = guest();
    let end = 65_536;
    let far = u64::from(u32::MAX);
    // The table or the strings cut off by the end of memory, behind it, and wrapping around.
    for (table, strings) in
        [(end - 11, 0), (0, end - 10), (end, 0), (0, end), (far, 0), (0, far), (far - 3, 0), (0, far - 4)]
    {
        assert_eq!(guest.call("args_get", &[table, strings]), FAULT, "{table} {strings}");
    }
    assert_eq!(guest.call("environ_get", &[end - 7, 0]), FAULT);
    for call in ["args_sizes_get", "environ_sizes_get"] {
        for (count, size) in [(end - 3, 0), (0, end - 3), (far, 0), (0, far)] {
            assert_eq!(guest.call(call, &[count, size]), FAULT, "{call} {count} {size}");
        }
        assert_eq!(guest.call(call, &[end - 8, end - 4]), SUCCESS, "{call} at the very end");
    }
}

#[test]
fn a_guest_without_memory_is_told_so() {
    let mut guest = Guest::with_memory(&WasiConfig::new().arg("prog"), 0);
    assert_eq!(guest.call("args_sizes_get", &[0, 4]), FAULT);
    assert_eq!(guest.call("args_get", &[0, 0]), FAULT);
}

#[test]
fn strings_that_would_end_early_are_refused_at_once() {
    for config in [WasiConfig::new().arg("a\0b"), WasiConfig::new().env("K", "a\0b")] {
        assert!(matches!(Wasi::new(&config), Err(WasiError::Nul(_))));
    }
}
