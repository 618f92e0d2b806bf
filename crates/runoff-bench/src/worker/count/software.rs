//! What the kernel counts of a thread, which needs no processor that counts.

use std::collections::BTreeMap;

use nix::sys::resource::{UsageWho, getrusage};
use runoff_data::Event;

/// Page faults and context switches of this thread so far; empty where the kernel does not tell.
pub(super) fn now() -> BTreeMap<Event, u64> {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_THREAD) else { return BTreeMap::new() };
    let faults = usage.minor_page_faults() + usage.major_page_faults();
    let switches = usage.voluntary_context_switches() + usage.involuntary_context_switches();
    [(Event::PageFaults, faults as u64), (Event::ContextSwitches, switches as u64)].into()
}

/// What was added between two readings.
pub(super) fn between(before: &BTreeMap<Event, u64>, after: &BTreeMap<Event, u64>) -> BTreeMap<Event, u64> {
    after.iter().filter_map(|(e, n)| Some((*e, n.checked_sub(*before.get(e)?)?))).collect()
}
