//! Counting with the processor's own counters, through `perf_event_open`.
//!
//! Counters are few, so events are counted in small groups, one group after the other over the same number of calls;
//! events of a group are counted at the same time and may be divided by each other.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use perf_event::events::{Cache, CacheId, CacheOp, CacheResult, Event as PerfEvent, Hardware};
use perf_event::{Builder, Counter, Group};
use runoff_data::{CounterSource, Counters, Event, Missing};

use super::{Calls, MAX_CALLS, absent, software};
use crate::worker::guest::CallError;

/// One group is counted for about this long.
const ENOUGH: Duration = Duration::from_millis(10);

/// Events counted together.
const GROUPS: [&[Event]; 3] = [
    &[Event::Cycles, Event::Instructions, Event::Branches, Event::BranchMisses],
    &[Event::CacheReferences, Event::CacheMisses],
    &[Event::L1dReferences, Event::L1dMisses, Event::L1iMisses],
];

/// Why this machine cannot count in hardware; `Ok` where it can.
pub fn pmu() -> Result<(), String> {
    let mut builder = Builder::new(Hardware::INSTRUCTIONS);
    match builder.exclude_kernel(true).build() {
        Ok(_) => Ok(()),
        Err(error) => Err(explain(&error)),
    }
}

pub(super) fn count(calls: &mut Calls<'_>, missing: &mut Vec<Missing>) -> Result<Counters, CallError> {
    // Warm, and how long a call takes.
    calls.counted(1, || {}, || {})?;
    let begin = Instant::now();
    calls.counted(1, || {}, || {})?;
    let one = begin.elapsed();
    let number = if calls.guest.is_command() { 1 } else { fitting(one) };
    if number > 1 {
        calls.counted(number, || {}, || {})?;
    }
    let mut counted = Counters {
        source: CounterSource::Hardware,
        calls: number,
        events: software_events(calls, number)?,
        cold: BTreeMap::new(),
        running: None,
        model: Vec::new(),
    };
    for events in GROUPS {
        group(calls, number, events, &mut counted, missing)?;
    }
    Ok(counted)
}

fn fitting(one: Duration) -> u64 {
    (ENOUGH.as_nanos() / one.as_nanos().max(1)).clamp(1, u128::from(MAX_CALLS)) as u64
}

fn software_events(calls: &mut Calls<'_>, number: u64) -> Result<BTreeMap<Event, u64>, CallError> {
    // Read after the instance is made: its page faults are not the guest's.
    let before = std::cell::OnceCell::new();
    let after = calls.counted(number, || drop(before.set(software::now())), software::now)?;
    Ok(before.get().map(|before| software::between(before, &after)).unwrap_or_default())
}

/// Counts a group over some calls; what cannot be counted is told, and does not keep the others from being counted.
fn group(
    calls: &mut Calls<'_>,
    number: u64,
    events: &[Event],
    counted: &mut Counters,
    missing: &mut Vec<Missing>,
) -> Result<(), CallError> {
    let mut members: Vec<(Event, Counter)> = Vec::new();
    let mut group = match Group::new() {
        Ok(group) => group,
        Err(error) => {
            let why = explain(&error);
            for event in events {
                absent(missing, event.name(), &why);
            }
            return Ok(());
        }
    };
    for event in events {
        match add(&mut group, *event) {
            Ok(counter) => members.push((*event, counter)),
            Err(error) => absent(missing, event.name(), explain(&error)),
        }
    }
    if members.is_empty() {
        return Ok(());
    }
    let group = std::cell::RefCell::new(group);
    let begin = || drop(group.borrow_mut().enable());
    let data = calls.counted(number, begin, || {
        let mut group = group.borrow_mut();
        group.disable().and_then(|()| group.read())
    })?;
    let data = match data {
        Ok(data) => data,
        Err(error) => {
            let why = explain(&error);
            for (event, _) in &members {
                absent(missing, event.name(), &why);
            }
            return Ok(());
        }
    };
    let enabled = data.time_enabled().unwrap_or_default().as_secs_f64();
    let running = data.time_running().unwrap_or_default().as_secs_f64();
    for (event, counter) in &members {
        match data.get(counter).and_then(|entry| scaled(entry.value(), running, enabled)) {
            // No call does without these: such a counter is none (some virtual machines have them).
            Some(0) if matches!(event, Event::Instructions | Event::Cycles | Event::Branches) => {
                absent(missing, event.name(), "its counter stays at zero");
            }
            Some(count) => drop(counted.events.insert(*event, count)),
            None => absent(missing, event.name(), "the kernel never gave it a counter: others use them all"),
        }
    }
    if running > 0.0 && enabled > 0.0 {
        let share = (running / enabled).min(1.0);
        counted.running = Some(counted.running.map_or(share, |least| least.min(share)));
    }
    Ok(())
}

/// What the count would be had the counter run all the time; `None` when it never did.
fn scaled(count: u64, running: f64, enabled: f64) -> Option<u64> {
    (running > 0.0 && enabled > 0.0).then(|| (count as f64 * (enabled / running).max(1.0)).round() as u64)
}

fn add(group: &mut Group, event: Event) -> std::io::Result<Counter> {
    let l1d = |result| Cache { which: CacheId::L1D, operation: CacheOp::READ, result };
    let l1i = Cache { which: CacheId::L1I, operation: CacheOp::READ, result: CacheResult::MISS };
    match event {
        Event::Instructions => member(group, Hardware::INSTRUCTIONS),
        Event::Cycles => member(group, Hardware::CPU_CYCLES),
        Event::Branches => member(group, Hardware::BRANCH_INSTRUCTIONS),
        Event::BranchMisses => member(group, Hardware::BRANCH_MISSES),
        Event::CacheReferences => member(group, Hardware::CACHE_REFERENCES),
        Event::CacheMisses => member(group, Hardware::CACHE_MISSES),
        Event::L1dReferences => member(group, l1d(CacheResult::ACCESS)),
        Event::L1dMisses => member(group, l1d(CacheResult::MISS)),
        Event::L1iMisses => member(group, l1i),
        _ => Err(std::io::Error::from_raw_os_error(nix::libc::ENOENT)),
    }
}

fn member(group: &mut Group, event: impl PerfEvent) -> std::io::Result<Counter> {
    // User code only: an unprivileged user may count no other, and the guest is user code.
    group.add(Builder::new(event).exclude_kernel(true).exclude_hv(true))
}

/// What an error of `perf_event_open` means here.
fn explain(error: &std::io::Error) -> String {
    use nix::libc::{EACCES, EMFILE, ENODEV, ENOENT, ENOSYS, EOPNOTSUPP, EPERM};
    let level = std::fs::read_to_string("/proc/sys/kernel/perf_event_paranoid");
    let level = level.map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned());
    match error.raw_os_error() {
        Some(EACCES | EPERM) => {
            format!(
                "not permitted: perf_event_paranoid is {level}, 2 or less is needed (or the container forbids it)"
            )
        }
        Some(ENOENT | ENODEV | EOPNOTSUPP) => {
            "this processor shows no such counter (usual in a virtual machine)".into()
        }
        Some(ENOSYS) => "this kernel has no perf_event_open".into(),
        Some(EMFILE) => "no more files can be opened".into(),
        _ => format!("perf_event_open: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_scaled_to_the_whole_time_and_never_made_up() {
        assert_eq!(scaled(100, 1.0, 1.0), Some(100));
        assert_eq!(scaled(100, 1.0, 2.0), Some(200));
        assert_eq!(scaled(100, 0.0, 2.0), None, "never ran: absent and not zero");
        assert_eq!(scaled(0, 0.0, 0.0), None);
    }

    #[test]
    fn long_calls_are_counted_one_by_one() {
        assert_eq!(fitting(Duration::from_secs(1)), 1);
        assert_eq!(fitting(Duration::from_micros(100)), 100);
        assert_eq!(fitting(Duration::ZERO), MAX_CALLS);
    }

    #[test]
    fn groups_are_read_as_they_are_used_here() {
        // Page faults are events of a group like any other, and are there without a processor that counts.
        let Ok(mut group) = Group::new() else { return };
        let Ok(faults) =
            group.add(Builder::new(perf_event::events::Software::PAGE_FAULTS).exclude_kernel(true))
        else {
            return;
        };
        group.enable().expect("a group");
        // Larger than what an allocator keeps: fresh pages, each touched for the first time.
        let mut memory = vec![0_u8; 64 << 20];
        for page in memory.chunks_mut(4096) {
            page[0] = 1;
        }
        std::hint::black_box(&memory);
        group.disable().expect("a group");
        let data = group.read().expect("counts");
        let (enabled, running) = (data.time_enabled().expect("a time"), data.time_running().expect("a time"));
        assert!(enabled >= running && running > Duration::ZERO, "{enabled:?} {running:?}");
        let count = data.get(&faults).expect("a count").value();
        let scaled = scaled(count, running.as_secs_f64(), enabled.as_secs_f64());
        // Pages may be large ones.
        assert!(count > 10 && scaled.is_some_and(|n| n >= count), "{count} {scaled:?}");
    }

    #[test]
    fn errors_are_told_in_words() {
        use nix::libc::{EACCES, ENOENT};
        let explained = |code| explain(&std::io::Error::from_raw_os_error(code));
        assert!(explained(EACCES).contains("perf_event_paranoid"));
        assert!(explained(ENOENT).contains("no such counter"));
    }
}
