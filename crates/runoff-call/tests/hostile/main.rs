//! Guests that lie: about addresses and lengths, while their memory moves, while they call the host.
//!
//! The guest is written in Rust against the seam, so that it can lie in ways no engine would let it (its memory even
//! shrinks), and fast enough for many cases. What must hold: no panic, no byte from outside the memory as it is after
//! the call, no call after a failure.

mod drive;
mod host;
mod liar;
mod random;

use drive::Drive;
use random::Random;

fn cases(count: u64, seed: u64) -> drive::Seen {
    let mut random = Random::new(seed);
    let mut seen = drive::Seen::default();
    while seen.cases < count {
        Drive::new(random.next()).run(&mut seen);
    }
    seen
}

fn check(seen: &drive::Seen) {
    // The cases are only worth something if all that can happen does.
    for (what, count) in seen.kinds() {
        assert!(count > 0, "no case of `{what}` in {seen:?}");
    }
}

#[test]
fn lies_are_errors() {
    check(&cases(20_000, 1));
}

/// `cargo test --release -p runoff-call --test hostile -- --ignored`
#[test]
#[ignore = "half a minute"]
fn lies_are_errors_ten_million_times() {
    let seen = cases(10_000_000, 2);
    check(&seen);
}

#[test]
fn host_functions_stay_inside_what_the_guest_names() {
    let mut random = Random::new(3);
    for _ in 0..20_000 {
        host::case(&mut random);
    }
}

#[test]
#[ignore = "some seconds"]
fn host_functions_stay_inside_ten_million_times() {
    let mut random = Random::new(4);
    for _ in 0..10_000_000 {
        host::case(&mut random);
    }
}
