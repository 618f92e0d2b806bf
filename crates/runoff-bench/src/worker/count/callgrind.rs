//! Reading Callgrind's files: the totals and the caches, nothing else of them.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

use runoff_data::Event;

/// Longest line that is looked at; those with totals are short, names of functions may be long.
const MAX_LINE: u64 = 64 << 10;

/// Largest file that is read, bytes.
const MAX_FILE: u64 = 1 << 30;

/// What a file of Callgrind's says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Totals by Callgrind's names: `Ir`, `I1mr`, `Bcm` …
    pub totals: BTreeMap<String, u64>,
    /// The simulated caches, in Callgrind's words.
    pub caches: Vec<String>,
}

/// Why a file of Callgrind's cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// It cannot be read at all.
    #[error("cannot read Callgrind's counts: {0}")]
    Io(#[from] io::Error),
    /// It says no events.
    #[error("Callgrind's file names no events")]
    NoEvents,
    /// It gives no totals, or other than it announced.
    #[error("Callgrind's file gives {found} totals for {named} events")]
    Totals {
        /// Events named.
        named: usize,
        /// Totals found.
        found: usize,
    },
    /// A total is no number.
    #[error("Callgrind's total of {event} is no count")]
    NoCount {
        /// The event.
        event: String,
    },
    /// It is larger than anything Callgrind writes.
    #[error("Callgrind's file is larger than any should be")]
    TooLarge,
}

impl Profile {
    /// Reads a file: a header with `events:` and `desc:` lines, costs, and `totals:` (or `summary:`) of all costs.
    pub fn read(input: impl Read) -> Result<Self, ProfileError> {
        let mut input = io::BufReader::new(input.take(MAX_FILE + 1));
        let (mut events, mut totals, mut caches) = (None, None, Vec::new());
        let (mut line, mut size) = (Vec::new(), 0);
        loop {
            line.clear();
            let read = (&mut input).take(MAX_LINE).read_until(b'\n', &mut line)?;
            size += read as u64;
            if size > MAX_FILE {
                return Err(ProfileError::TooLarge);
            }
            if read == 0 {
                break;
            }
            // Names of functions may be anything; the lines wanted are plain.
            let Ok(text) = std::str::from_utf8(&line) else { continue };
            let words = |rest: &str| rest.split_ascii_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
            if let Some(rest) = text.strip_prefix("events:") {
                events = Some(words(rest));
            } else if let Some(rest) = text.strip_prefix("totals:").or_else(|| text.strip_prefix("summary:"))
            {
                totals = Some(words(rest));
            } else if let Some(rest) = text.strip_prefix("desc:") {
                let rest = rest.trim();
                if ["I1 cache", "D1 cache", "LL cache"].iter().any(|c| rest.starts_with(c))
                    && caches.len() < 3
                {
                    caches.push(rest.to_owned());
                }
            }
        }
        let events = events.filter(|e| !e.is_empty()).ok_or(ProfileError::NoEvents)?;
        let totals = totals.unwrap_or_default();
        // Callgrind leaves out zeros at the end.
        if totals.is_empty() || totals.len() > events.len() {
            return Err(ProfileError::Totals { named: events.len(), found: totals.len() });
        }
        let mut profile = Self { totals: BTreeMap::new(), caches };
        for (i, event) in events.into_iter().enumerate() {
            let count = match totals.get(i) {
                None => 0,
                Some(text) => text.parse().map_err(|_| ProfileError::NoCount { event: event.clone() })?,
            };
            profile.totals.insert(event, count);
        }
        Ok(profile)
    }

    /// Counts under our names: an event is there when all it is made of is.
    pub fn events(&self) -> BTreeMap<Event, u64> {
        let made_of: [(Event, &[&str]); 12] = [
            (Event::Instructions, &["Ir"]),
            (Event::Branches, &["Bc", "Bi"]),
            (Event::BranchMisses, &["Bcm", "Bim"]),
            (Event::ConditionalBranches, &["Bc"]),
            (Event::ConditionalMisses, &["Bcm"]),
            (Event::IndirectBranches, &["Bi"]),
            (Event::IndirectMisses, &["Bim"]),
            (Event::L1iMisses, &["I1mr"]),
            (Event::L1dReferences, &["Dr", "Dw"]),
            (Event::L1dMisses, &["D1mr", "D1mw"]),
            (Event::CacheReferences, &["I1mr", "D1mr", "D1mw"]),
            (Event::CacheMisses, &["ILmr", "DLmr", "DLmw"]),
        ];
        let sum = |names: &[&str]| {
            names.iter().try_fold(0_u64, |sum, name| sum.checked_add(*self.totals.get(*name)?))
        };
        made_of.into_iter().filter_map(|(event, names)| Some((event, sum(names)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILE: &str = "# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\npid: 7\n\
        desc: I1 cache: 32768 B, 64 B, 8-way associative\ndesc: D1 cache: 49152 B, 64 B, 12-way associative\n\
        desc: LL cache: 2097152 B, 64 B, 16-way associative\ndesc: Trigger: Client Request\n\
        events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw Bc Bcm Bi Bim\n\nfn=(1) totals: 9\n12 1 1\n\n\
        totals: 1000 200 100 3 20 10 2 5 1 90 9 10\n";

    #[test]
    fn totals_become_events() {
        let profile = Profile::read(FILE.as_bytes()).expect("a profile");
        assert_eq!(profile.caches.len(), 3);
        let events = profile.events();
        let expected = [
            (Event::Instructions, 1000),
            (Event::Branches, 100),
            (Event::BranchMisses, 9),
            (Event::ConditionalBranches, 90),
            (Event::ConditionalMisses, 9),
            (Event::IndirectBranches, 10),
            (Event::IndirectMisses, 0),
            (Event::L1iMisses, 3),
            (Event::L1dReferences, 300),
            (Event::L1dMisses, 30),
            (Event::CacheReferences, 33),
            (Event::CacheMisses, 8),
        ];
        assert_eq!(events, expected.into());
    }

    #[test]
    fn what_was_not_simulated_is_absent() {
        let profile = Profile::read("events: Ir\nsummary: 5\n".as_bytes()).expect("a profile");
        assert_eq!(profile.events(), [(Event::Instructions, 5)].into());
    }

    #[test]
    fn damaged_files_are_refused_with_a_reason() {
        let long = format!("events: Ir\nfn=(1) {}\n", "x".repeat(200_000));
        for (text, words) in [
            ("", "names no events"),
            ("events:\ntotals: 1\n", "names no events"),
            ("events: Ir Dr\n", "0 totals for 2"),
            ("events: Ir\ntotals: 1 2\n", "2 totals for 1"),
            ("events: Ir\ntotals: many\n", "Ir is no count"),
            ("events: Ir\ntotals: -1\n", "Ir is no count"),
            ("events: Ir\ntotals: 99999999999999999999\n", "Ir is no count"),
            (long.as_str(), "0 totals for 1"),
        ] {
            let error = Profile::read(text.as_bytes()).expect_err(words).to_string();
            assert!(error.contains(words), "{words}: {error}");
        }
    }

    #[test]
    fn sums_that_do_not_fit_are_absent() {
        let text = format!("events: Bc Bi\ntotals: {} 1\n", u64::MAX);
        let events = Profile::read(text.as_bytes()).expect("a profile").events();
        assert_eq!(events.get(&Event::Branches), None);
        assert_eq!(events.get(&Event::IndirectBranches), Some(&1));
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Profile::read(bytes.as_slice()).map(|p| p.events());
        }

        #[test]
        fn lines_among_real_ones_do_no_harm(noise in "\\PC{0,80}") {
            let wanted = ["events:", "totals:", "summary:", "desc:"].iter().any(|w| noise.starts_with(w));
            let text = FILE.replace("12 1 1", &noise);
            prop_assume!(!wanted);
            prop_assert_eq!(Profile::read(text.as_bytes()).expect("a profile").totals["Ir"], 1000);
        }
    }
}
