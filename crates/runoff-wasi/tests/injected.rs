//! What an embedder injects is what the guest sees: arguments, streams, clocks, randomness.

mod harness;

use std::time::Duration;

use harness::{BADF, FAULT, Guest, INVAL, NOTSOCK, SUCCESS, frozen};
use runoff_runtime::HostFailure;
use runoff_wasi::{Output, Randomness, WasiConfig};

#[test]
fn arguments_and_environment_are_packed_as_specified() {
    let mut guest = Guest::new(&WasiConfig::new().arg("prog").arg("ü x").env("K", "v=w"));
    assert_eq!(guest.call("args_sizes_get", &[0, 4]), SUCCESS);
    assert_eq!((guest.u32(0), guest.u32(4)), (2, 10));
    assert_eq!(guest.call("args_get", &[100, 200]), SUCCESS);
    assert_eq!((guest.u32(100), guest.u32(104)), (200, 205));
    assert_eq!(guest.bytes(200, 10), "prog\0ü x\0".as_bytes());
    assert_eq!(guest.call("environ_get", &[100, 200]), SUCCESS);
    assert_eq!(guest.bytes(200, 6), b"K=v=w\0");
    for (list, buffer) in [(65_533, 0), (0, 65_530), (u64::from(u32::MAX), 0)] {
        assert_eq!(guest.call("args_get", &[list, buffer]), FAULT, "{list} {buffer}");
    }
}

#[test]
fn clocks_are_the_injected_ones_and_sleeping_lets_them_go_on() {
    let mut guest = Guest::new(&WasiConfig::new().clocks(frozen()).max_sleep(Duration::from_secs(1)));
    let mut now = |id: u64| {
        assert_eq!(guest.call("clock_time_get", &[id, 1, 8]), SUCCESS);
        guest.u64(8)
    };
    assert_eq!((now(0), now(1)), (1_000_000_000, 5));
    // One relative monotonic subscription of 7 ms.
    let mut subscription = [0_u8; 48];
    subscription[16..20].copy_from_slice(&1_u32.to_le_bytes());
    subscription[24..32].copy_from_slice(&7_000_000_u64.to_le_bytes());
    guest.put(1000, &subscription);
    assert_eq!(guest.call("poll_oneoff", &[1000, 2000, 1, 3000]), SUCCESS);
    assert_eq!(guest.u32(3000), 1);
    assert_eq!(guest.call("clock_time_get", &[1, 1, 8]), SUCCESS);
    assert_eq!(guest.u64(8), 7_000_005);
    assert_eq!(guest.call("clock_time_get", &[77, 1, 8]), INVAL);
    assert_eq!(guest.call("poll_oneoff", &[1000, 2000, 0, 3000]), INVAL);
    // More subscriptions than memory could hold are no reason to allocate.
    assert_eq!(guest.call("poll_oneoff", &[1000, 2000, u64::from(u32::MAX), 3000]), INVAL);
}

#[test]
fn too_long_a_sleep_ends_the_guest_instead_of_the_patience() {
    let mut guest = Guest::new(&WasiConfig::new().clocks(frozen()).max_sleep(Duration::from_millis(5)));
    let mut subscription = [0_u8; 48];
    subscription[16..20].copy_from_slice(&1_u32.to_le_bytes());
    subscription[24..32].copy_from_slice(&u64::MAX.to_le_bytes());
    guest.put(1000, &subscription);
    assert!(guest.call("poll_oneoff", &[1000, 2000, 1, 3000]).is_err());
}

#[test]
fn seeded_randomness_repeats_and_fills_exactly() {
    let draw = |seed| {
        let mut guest = Guest::new(&WasiConfig::new().randomness(Randomness::Seed(seed)));
        assert_eq!(guest.call("random_get", &[8, 100]), SUCCESS);
        assert!(
            guest.bytes(0, 8).iter().chain(guest.bytes(108, 8)).all(|b| *b == 0),
            "neighbours are left alone"
        );
        assert_eq!(guest.call("random_get", &[65_500, 100]), FAULT);
        guest.bytes(8, 100).to_vec()
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn standard_input_ends_and_output_is_capped() {
    let config = WasiConfig::new().stdin_bytes(*b"in").stdout(Output::Capture(10));
    let mut guest = Guest::new(&config);
    assert_eq!(guest.read(0), Ok(b"in".to_vec()));
    assert_eq!(guest.read(0), Ok(Vec::new()));
    assert_eq!(guest.write(1, b"12345"), Ok(5));
    assert_eq!(guest.stdout(), b"12345");
    assert!(matches!(guest.write(1, b"678901"), Err(Err(HostFailure::Failed(_)))), "the cap ends the guest");
    assert!(guest.stdout().len() <= 10);
    // Streams go one way.
    assert_eq!(guest.write(0, b"x"), Err(BADF));
    assert_eq!(guest.read(1), Err(BADF));
}

#[test]
fn vectors_that_lie_are_faults() {
    let mut guest = Guest::new(&WasiConfig::new());
    // A vector whose length runs out of memory, one whose list does, and one whose sum overflows.
    guest.put(0, &60_000_u32.to_le_bytes());
    guest.put(4, &10_000_u32.to_le_bytes());
    assert_eq!(guest.call("fd_write", &[1, 0, 1, 16]), FAULT);
    assert_eq!(guest.call("fd_write", &[1, 65_530, 1, 16]), FAULT);
    assert_eq!(guest.call("fd_write", &[1, 0, u64::from(u32::MAX), 16]), INVAL, "as systems limit vectors");
    assert_eq!(guest.stdout(), b"");
}

#[test]
fn sockets_are_refused_and_exit_codes_pass() {
    let mut guest = Guest::new(&WasiConfig::new());
    assert_eq!(guest.call("sock_shutdown", &[0, 0]), NOTSOCK);
    assert_eq!(guest.call("sock_shutdown", &[44, 0]), BADF);
    assert!(matches!(guest.call("proc_exit", &[200]), Err(HostFailure::Exit(200))));
}
