//! Ending, signals, yielding; sockets, which no descriptor is; and what all functions have in common.

mod harness;

use harness::{BADF, Guest, INVAL, NOTSOCK, SUCCESS};
use runoff_runtime::{Caller, HostFailure, HostState, Imports, Value};
use runoff_wasi::{WASI_MODULE, WasiConfig};

#[test]
fn exit_codes_pass_as_they_are() {
    let mut guest = Guest::new(&WasiConfig::new());
    for code in [0_u64, 1, 200, u64::from(u32::MAX)] {
        let expected = (code as u32).cast_signed();
        assert_eq!(guest.call("proc_exit", &[code]), Err(HostFailure::Exit(expected)));
    }
}

#[test]
fn a_raised_signal_ends_as_a_shell_reports_it() {
    let mut guest = Guest::new(&WasiConfig::new());
    assert_eq!(guest.call("proc_raise", &[0]), SUCCESS);
    assert_eq!(guest.call("proc_raise", &[6]), Err(HostFailure::Exit(134)));
    for signal in [31, 255, u64::from(u32::MAX)] {
        assert_eq!(guest.call("proc_raise", &[signal]), INVAL);
    }
}

#[test]
fn yielding_goes_on() {
    assert_eq!(Guest::new(&WasiConfig::new()).call("sched_yield", &[]), SUCCESS);
}

#[test]
fn sockets_are_refused() {
    let mut guest = Guest::new(&WasiConfig::new());
    for (call, rest) in [
        ("sock_accept", &[0, 0][..]),
        ("sock_recv", &[0, 0, 0, 0, 0]),
        ("sock_send", &[0, 0, 0, 0]),
        ("sock_shutdown", &[3]),
    ] {
        for (fd, expected) in [(0, NOTSOCK), (2, NOTSOCK), (44, BADF)] {
            let args: Vec<u64> = [fd].iter().chain(rest).copied().collect();
            assert_eq!(guest.call(call, &args), expected, "{call}");
        }
    }
}

#[test]
fn there_are_46_functions() {
    assert_eq!(Guest::new(&WasiConfig::new()).functions().len(), 46);
}

/// Every function with zeros, with ones and with the largest numbers, on no memory at all.
#[test]
fn no_function_panics_without_memory() {
    for (name, arity) in Guest::new(&WasiConfig::new()).functions() {
        for bits in [0, 1, 3, u64::MAX, 1 << 31, 1 << 63] {
            let config = WasiConfig::new().arg("x").max_sleep(std::time::Duration::ZERO);
            let _answered = Guest::with_memory(&config, 0).call(&name, &vec![bits; arity]);
        }
    }
}

#[test]
fn an_instance_without_its_state_fails_in_words() {
    let mut imports = Imports::new();
    runoff_wasi::define(&mut imports);
    let mut state = HostState::new();
    let mut caller = Caller { memory: &mut [], state: &mut state };
    let yielding = imports.get(WASI_MODULE, "sched_yield").expect("the function");
    let answer = yielding.call(&mut caller, &[], &mut [Value::I32(0)]);
    assert!(matches!(answer, Err(HostFailure::Failed(_))));
}
