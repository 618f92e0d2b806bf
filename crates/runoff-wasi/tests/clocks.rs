//! Clocks and randomness: a guest sees what was injected.

mod harness;

use harness::{FAULT, Guest, INVAL, SUCCESS, frozen};
use runoff_wasi::{Clocks, Randomness, WasiConfig};

const FAR: u64 = u32::MAX as u64;

fn now(guest: &mut Guest, clock: u64) -> u64 {
    assert_eq!(guest.call("clock_time_get", &[clock, 1, 8]), SUCCESS);
    guest.u64(8)
}

#[test]
fn clocks_are_the_injected_ones() {
    let clocks = frozen();
    let mut guest = Guest::new(&WasiConfig::new().clocks(clocks.clone()));
    assert_eq!((now(&mut guest, 0), now(&mut guest, 1)), (1_000_000_000, 5));
    assert!(clocks.sleep(std::time::Duration::from_nanos(30)));
    assert_eq!((now(&mut guest, 0), now(&mut guest, 1)), (1_000_000_030, 35));
}

#[test]
fn processor_time_never_goes_back() {
    let mut guest = Guest::new(&WasiConfig::new());
    for clock in [2, 3] {
        let before = now(&mut guest, clock);
        assert!(now(&mut guest, clock) >= before);
    }
}

#[test]
fn every_clock_has_a_resolution_and_no_other_exists() {
    let mut guest = Guest::new(&WasiConfig::new());
    for clock in 0..4 {
        guest.put(8, &[0; 8]);
        assert_eq!(guest.call("clock_res_get", &[clock, 8]), SUCCESS);
        assert!((1..=1_000_000_000).contains(&guest.u64(8)), "{clock}");
    }
    for clock in [4, 77, FAR] {
        assert_eq!(guest.call("clock_res_get", &[clock, 8]), INVAL);
        assert_eq!(guest.call("clock_time_get", &[clock, 1, 8]), INVAL);
    }
}

#[test]
fn times_are_not_written_outside_memory() {
    let mut guest = Guest::new(&WasiConfig::new().clocks(frozen()));
    for at in [65_529, 65_536, FAR - 7, FAR] {
        assert_eq!(guest.call("clock_time_get", &[0, 1, at]), FAULT, "{at}");
        assert_eq!(guest.call("clock_res_get", &[0, at]), FAULT, "{at}");
    }
    assert_eq!(guest.call("clock_time_get", &[0, 1, 65_528]), SUCCESS);
}

fn draw(guest: &mut Guest, length: u64) -> Vec<u8> {
    assert_eq!(guest.call("random_get", &[8, length]), SUCCESS);
    guest.bytes(8, length as usize).to_vec()
}

fn seeded(seed: u64) -> Guest {
    Guest::new(&WasiConfig::new().randomness(Randomness::Seed(seed)))
}

#[test]
fn seeded_randomness_repeats_and_goes_on() {
    let mut guest = seeded(1);
    let (first, second) = (draw(&mut guest, 100), draw(&mut guest, 100));
    assert_ne!(first, second);
    let mut again = seeded(1);
    assert_eq!((draw(&mut again, 100), draw(&mut again, 100)), (first.clone(), second));
    assert_ne!(draw(&mut seeded(2), 100), first);
}

#[test]
fn randomness_of_the_system_differs_between_guests() {
    let config = WasiConfig::new();
    assert_ne!(draw(&mut Guest::new(&config), 32), draw(&mut Guest::new(&config), 32));
}

#[test]
fn randomness_fills_exactly_what_was_asked_for() {
    let mut guest = seeded(1);
    draw(&mut guest, 100);
    assert!(
        guest.bytes(0, 8).iter().chain(guest.bytes(108, 100)).all(|b| *b == 0),
        "neighbours are left alone"
    );
    for (at, length) in [(65_500, 37), (65_537, 0), (0, FAR), (FAR, FAR), (FAR, 1)] {
        assert_eq!(guest.call("random_get", &[at, length]), FAULT, "{at} {length}");
    }
    assert_eq!(guest.call("random_get", &[0, 0]), SUCCESS);
    assert_eq!(guest.call("random_get", &[65_536, 0]), SUCCESS);
}
