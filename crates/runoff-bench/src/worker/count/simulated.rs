//! Counting on the processor Valgrind simulates.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use runoff_data::{CounterSource, Counters, Event, Missing};
use runoff_runtimes::valgrind;

use super::{Calls, MAX_CALLS, Profile, absent};
use crate::worker::guest::CallError;

/// Instructions worth simulating for one cell: a second or two.
const ENOUGH: u64 = 50_000_000;

pub(super) fn count(
    calls: &mut Calls<'_>,
    dumps: &Path,
    missing: &mut Vec<Missing>,
) -> Result<Counters, CallError> {
    if !valgrind::running() {
        return Err(CallError::Unsupported("this worker does not run under Valgrind".into()));
    }
    // What an engine does once, it does before the simulation begins.
    calls.counted(1, || {}, || {})?;
    valgrind::start();
    let cold = profile_of(calls, 1, dumps)?.events();
    // The caches know the guest now, and a second call tells how long one is when they do.
    let one = profile_of(calls, 1, dumps)?;
    let length = one.events().get(&Event::Instructions).copied().unwrap_or(0);
    let number = if calls.guest.is_command() { 1 } else { worthwhile(length) };
    let profile = if number == 1 { one } else { profile_of(calls, number, dumps)? };
    valgrind::stop();
    for event in [Event::Cycles, Event::PageFaults, Event::ContextSwitches] {
        absent(missing, event.name(), "a simulated processor has none");
    }
    Ok(Counters {
        source: CounterSource::Simulated,
        calls: number,
        events: profile.events(),
        cold,
        running: None,
        model: profile.caches,
    })
}

/// How many calls are simulated together: a power of ten, so that small differences of a call do not change it.
fn worthwhile(instructions: u64) -> u64 {
    let fit = (ENOUGH / instructions.max(1)).clamp(1, MAX_CALLS);
    10_u64.pow(fit.ilog10())
}

/// The counts of some calls, from the file Callgrind writes when asked.
fn profile_of(calls: &mut Calls<'_>, number: u64, dumps: &Path) -> Result<Profile, CallError> {
    let failed = |words: String| CallError::Failed(words);
    let before =
        newest(dumps).map_err(|e| failed(format!("{}: {e}", dumps.display())))?.map_or(0, |(n, _)| n);
    calls.counted(number, valgrind::zero, valgrind::dump)?;
    let (after, path) = newest(dumps)
        .map_err(|e| failed(format!("{}: {e}", dumps.display())))?
        .filter(|(n, _)| *n > before)
        .ok_or_else(|| failed("Callgrind wrote no counts; is it Valgrind's tool callgrind?".into()))?;
    let profile = File::open(&path).map_err(Into::into).and_then(Profile::read);
    let _ = fs::remove_file(&path);
    profile.map_err(|e| failed(format!("dump {after}: {e}")))
}

/// The file with the highest number: Callgrind appends `.1`, `.2` … to the name it was given.
fn newest(dumps: &Path) -> std::io::Result<Option<(u32, PathBuf)>> {
    let (Some(folder), Some(name)) = (dumps.parent(), dumps.file_name().and_then(|n| n.to_str())) else {
        return Ok(None);
    };
    let mut found = None;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name();
        let number = file.to_str().and_then(|f| f.strip_prefix(name)?.strip_prefix('.')?.parse::<u32>().ok());
        if let Some(number) = number.filter(|n| found.as_ref().is_none_or(|(most, _)| n > most)) {
            found = Some((number, entry.path()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_calls_are_powers_of_ten() {
        assert_eq!(worthwhile(0), 1000);
        assert_eq!(worthwhile(40_000), 1000);
        assert_eq!(worthwhile(60_000), 100);
        assert_eq!(worthwhile(4_999_999), 10);
        assert_eq!(worthwhile(5_100_000), 1);
        assert_eq!(worthwhile(u64::MAX), 1);
    }

    #[test]
    fn the_newest_dump_has_the_highest_number() {
        let folder = tempfile::tempdir().expect("a folder");
        let base = folder.path().join("out");
        assert_eq!(newest(&base).expect("readable"), None);
        for name in ["out", "out.2", "out.10", "out.x", "other.99", "out.3.1"] {
            fs::write(folder.path().join(name), "").expect("a file");
        }
        assert_eq!(newest(&base).expect("readable").map(|(n, _)| n), Some(10));
    }
}
