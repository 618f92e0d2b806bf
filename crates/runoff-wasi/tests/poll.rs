//! Waiting with `poll_oneoff`.

mod harness;

use std::sync::Arc;
use std::time::Duration;

use harness::{Answer, FAULT, Frozen, Guest, INVAL, Restless, SUCCESS, frozen};
use runoff_runtime::HostFailure;
use runoff_wasi::WasiConfig;

const FAR: u64 = u32::MAX as u64;
const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;
const MS: u64 = 1_000_000;

type Subscription = [u8; 48];

fn clock(userdata: u64, id: u32, timeout: u64, absolute: bool) -> Subscription {
    let mut out = [0; 48];
    out[..8].copy_from_slice(&userdata.to_le_bytes());
    out[16..20].copy_from_slice(&id.to_le_bytes());
    out[24..32].copy_from_slice(&timeout.to_le_bytes());
    out[40] = absolute.into();
    out
}

/// Kind 1: readable, 2: writable.
fn descriptor(userdata: u64, kind: u8, fd: u32) -> Subscription {
    let mut out = clock(userdata, fd, 0, false);
    out[8] = kind;
    out
}

/// User data, error number and kind of an event.
type Event = (u64, u16, u8);

fn poll(guest: &mut Guest, subscriptions: &[Subscription]) -> Result<Vec<Event>, Answer> {
    guest.put(1_000, &subscriptions.concat());
    let answer = guest.call("poll_oneoff", &[1_000, 20_000, subscriptions.len() as u64, 8]);
    if answer != SUCCESS {
        return Err(answer);
    }
    let event = |at: usize| {
        let errno = u16::from_le_bytes([guest.memory[at + 8], guest.memory[at + 9]]);
        (guest.u64(at), errno, guest.memory[at + 10])
    };
    Ok((0..guest.u32(8) as usize).map(|i| event(20_000 + i * 32)).collect())
}

fn guest() -> (Guest, Arc<Frozen>) {
    let clocks = frozen();
    (Guest::new(&WasiConfig::new().clocks(clocks.clone()).max_sleep(Duration::from_secs(1))), clocks)
}

#[test]
fn a_relative_timeout_is_slept() {
    for id in [REALTIME, MONOTONIC] {
        let (mut guest, clocks) = guest();
        assert_eq!(poll(&mut guest, &[clock(42, id, 7 * MS, false)]), Ok(vec![(42, 0, 0)]));
        assert_eq!(clocks.slept(), 7 * MS);
    }
}

#[test]
fn who_is_woken_early_is_not_told_that_time_is_up() {
    let mut guest = Guest::new(&WasiConfig::new().clocks(Arc::new(Restless)));
    let answer = poll(&mut guest, &[clock(1, MONOTONIC, MS, false)]);
    assert!(matches!(answer, Err(Err(HostFailure::Failed(_)))), "{answer:?}");
}

#[test]
fn an_absolute_timeout_is_slept_up_to_and_never_past() {
    for (id, start) in [(REALTIME, 1_000_000_000), (MONOTONIC, 5)] {
        let (mut guest, clocks) = guest();
        let due = start + 3 * MS;
        assert_eq!(poll(&mut guest, &[clock(1, id, due, true)]), Ok(vec![(1, 0, 0)]));
        assert_eq!(clocks.slept(), 3 * MS);
        // Now it has passed, like one long ago.
        for due in [due, 0] {
            assert_eq!(poll(&mut guest, &[clock(2, id, due, true)]), Ok(vec![(2, 0, 0)]));
        }
        assert_eq!(clocks.slept(), 3 * MS);
    }
}

#[test]
fn the_shortest_timeout_wins_and_equal_ones_come_together() {
    let (mut guest, clocks) = guest();
    let subscriptions = [
        clock(1, MONOTONIC, 9 * MS, false),
        clock(2, MONOTONIC, 4 * MS, false),
        clock(3, MONOTONIC, 4 * MS + 5, true),
        clock(4, REALTIME, 5 * MS, false),
    ];
    assert_eq!(poll(&mut guest, &subscriptions), Ok(vec![(2, 0, 0), (3, 0, 0)]));
    assert_eq!(clocks.slept(), 4 * MS);
}

#[test]
fn descriptors_are_ready_at_once() {
    let (mut guest, clocks) = guest();
    let subscriptions = [clock(1, MONOTONIC, 9 * MS, false), descriptor(2, 1, 0), descriptor(3, 2, 1)];
    assert_eq!(poll(&mut guest, &subscriptions), Ok(vec![(2, 0, 1), (3, 0, 2)]));
    assert_eq!(clocks.slept(), 0);
}

#[test]
fn what_is_wrong_with_one_subscription_is_its_own_event() {
    let (mut guest, clocks) = guest();
    let subscriptions = [descriptor(1, 1, 77), descriptor(2, 2, u32::MAX), clock(3, 9, 1, false)];
    assert_eq!(poll(&mut guest, &subscriptions), Ok(vec![(1, 8, 1), (2, 8, 2), (3, 28, 0)]));
    assert_eq!(clocks.slept(), 0);
}

#[test]
fn an_unknown_kind_is_refused() {
    let (mut guest, _) = guest();
    assert_eq!(poll(&mut guest, &[descriptor(1, 3, 0)]), Err(INVAL));
}

#[test]
fn too_long_a_sleep_ends_the_guest_instead_of_the_patience() {
    for subscription in [
        clock(1, MONOTONIC, 1_000 * MS + 1, false),
        clock(1, REALTIME, u64::MAX, false),
        clock(1, REALTIME, u64::MAX, true),
    ] {
        let (mut guest, clocks) = guest();
        assert!(matches!(poll(&mut guest, &[subscription]), Err(Err(HostFailure::Failed(_)))));
        assert_eq!(clocks.slept(), 0);
        // As long as may be is not too long.
        assert_eq!(poll(&mut guest, &[clock(1, MONOTONIC, 1_000 * MS, false)]), Ok(vec![(1, 0, 0)]));
    }
}

#[test]
fn numbers_of_subscriptions_are_checked_before_anything_is_read() {
    let (mut guest, _) = guest();
    assert_eq!(guest.call("poll_oneoff", &[1_000, 20_000, 0, 8]), INVAL, "waiting for nothing");
    // Some of these overflow 32 bits when multiplied by the size of a subscription.
    for count in [4_097, 1 << 27, 1 << 28, 89_478_486, 1 << 31, FAR] {
        assert_eq!(guest.call("poll_oneoff", &[0, 0, count, 8]), INVAL, "{count}");
    }
    assert_eq!(guest.call("poll_oneoff", &[0, 0, 4_096, 8]), FAULT, "more than memory holds");
}

#[test]
fn addresses_outside_memory_are_faults() {
    let (mut guest, clocks) = guest();
    guest.put(1_000, &clock(1, MONOTONIC, 1, false));
    for (input, output, count) in [
        (65_489, 20_000, 8),
        (FAR, 20_000, 8),
        (1_000, 65_505, 8),
        (1_000, FAR, 8),
        (1_000, 20_000, 65_533),
        (1_000, 20_000, FAR),
    ] {
        assert_eq!(guest.call("poll_oneoff", &[input, output, 1, count]), FAULT, "{input} {output} {count}");
    }
    assert!(clocks.slept() <= 2, "what is refused for its addresses does not wait first");
}

#[test]
fn events_may_be_written_over_their_subscriptions() {
    let (mut guest, _) = guest();
    guest.put(1_000, &[descriptor(1, 1, 0), descriptor(2, 2, 1), descriptor(3, 2, 2)].concat());
    assert_eq!(guest.call("poll_oneoff", &[1_000, 1_000, 3, 8]), SUCCESS);
    assert_eq!([1_000, 1_032, 1_064].map(|at| guest.u64(at)), [1, 2, 3]);
}
