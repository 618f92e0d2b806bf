//! Waiting: clocks, files that are always ready, and descriptors that are not open.

use super::clock::monotonic;
use super::left_nothing;
use crate::fd;
use crate::path;
use crate::raw;
use crate::report::{called, check, line};
use crate::words::{EXISTING, NOT_OPEN, READ, SANDBOX, STDOUT};
use runoff_guest_wasi_probe::{Event, Outcome, Subscription};

const MOST: usize = 4;
const CLOCK_READ: u8 = 1;
const FD_WRITE: u8 = 2;
const REALTIME: u32 = 0;
pub(super) const MONOTONIC: u32 = 1;
pub(super) const MILLISECOND: u64 = 1_000_000;

/// Waits, prints the events sorted by what they belong to, and gives the time it took.
pub(super) fn wait(what: &str, subscriptions: &[Subscription]) -> u64 {
    let mut events = [[0_u8; Event::BYTES]; MOST];
    let mut count = 0;
    let before = monotonic();
    // SAFETY: there are as many subscriptions as said, room for as many events, and `count` takes their number.
    let errno = unsafe {
        raw::poll_oneoff(
            subscriptions.as_ptr().cast(),
            events.as_mut_ptr().cast(),
            subscriptions.len() as u32,
            &raw mut count,
        )
    };
    let took = monotonic() - before;
    called!(errno, "poll_oneoff({what})"; "{count} events");
    let mut events = events.map(|bytes| Event::read(&bytes));
    let events = &mut events[..(count as usize).min(MOST)];
    events.sort_unstable_by_key(|event| event.userdata);
    for event in events.iter().filter(|_| errno == 0) {
        const TAGS: [&str; 3] = ["clock", "read", "write"];
        let tag = TAGS.get(usize::from(event.tag)).unwrap_or(&"unknown");
        line(format_args!("  {} {tag}: {}", event.userdata, Outcome(u32::from(event.error))));
    }
    took
}

fn took_at_least(took: u64, milliseconds: u64) {
    check("it waited that long", took >= milliseconds * MILLISECOND);
}

pub(crate) fn poll() {
    wait("nothing", &[]);
    clocks();
    descriptors();
    left_nothing();
}

fn clocks() {
    let relative = |id, milliseconds| Subscription::clock(id, MONOTONIC, milliseconds * MILLISECOND, false);
    wait("0 ms", &[relative(1, 0)]);
    let took = wait("5 ms", &[relative(1, 5)]);
    took_at_least(took, 5);
    let took = wait("5 ms of real time", &[Subscription::clock(1, REALTIME, 5 * MILLISECOND, false)]);
    took_at_least(took, 4);
    let took = wait("5 ms and a minute", &[relative(1, 60_000), relative(2, 5)]);
    took_at_least(took, 5);
    check("it did not wait longer", took < 10_000 * MILLISECOND);
    wait("a time that has passed", &[Subscription::clock(1, REALTIME, 1, true)]);
    let later = monotonic() + 5 * MILLISECOND;
    let took = wait("a time in 5 ms", &[Subscription::clock(1, MONOTONIC, later, true)]);
    took_at_least(took, 4);
}

fn descriptors() {
    path::make(SANDBOX, b"a", b"content");
    let a = path::open(SANDBOX, b"a", EXISTING, READ);
    let minute = Subscription::clock(9, MONOTONIC, 60_000 * MILLISECOND, false);
    wait("reading a file", &[Subscription::fd(1, CLOCK_READ, a.number)]);
    wait("reading a file, or a minute", &[minute, Subscription::fd(1, CLOCK_READ, a.number)]);
    wait("writing standard output", &[Subscription::fd(1, FD_WRITE, STDOUT.number)]);
    wait("writing standard output, or a minute", &[Subscription::fd(1, FD_WRITE, STDOUT.number), minute]);
    wait("reading one not open", &[Subscription::fd(1, CLOCK_READ, NOT_OPEN.number)]);
    wait("writing one not open, or a minute", &[Subscription::fd(1, FD_WRITE, NOT_OPEN.number), minute]);
    fd::close(a);
    path::unlink(SANDBOX, b"a");
}
