//! Failures of one function as operators are told of them: some in words, the rest of the while as a number. A function
//! that always fails would otherwise fill the log with one sentence. The metrics count each.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a while is.
const WHILE: Duration = Duration::from_secs(10);

/// Failures said in words in a while.
const MOST: u32 = 10;

/// What was said of a function's failures.
#[derive(Debug)]
pub(crate) struct Repeats {
    /// How many are said in words in a while.
    most: u32,
    said: Mutex<Said>,
}

#[derive(Debug, Default)]
struct Said {
    since: Option<Instant>,
    in_words: u32,
    kept_back: u64,
}

impl Default for Repeats {
    fn default() -> Self {
        Self::saying(MOST)
    }
}

impl Repeats {
    /// So many are said in words in a while.
    pub(crate) fn saying(most: u32) -> Self {
        Self { most, said: Mutex::default() }
    }

    /// Whether a failure is to be said in words: then how many were kept back before it.
    pub(crate) fn next(&self, now: Instant) -> Option<u64> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.since.is_none_or(|since| now.saturating_duration_since(since) >= WHILE) {
            let kept_back = said.kept_back;
            *said = Said { since: Some(now), in_words: 1, kept_back: 0 };
            return Some(kept_back);
        }
        if said.in_words < self.most {
            said.in_words += 1;
            return Some(0);
        }
        said.kept_back += 1;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_said_and_the_rest_is_counted() {
        let (repeats, start) = (Repeats::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        for ms in 0..u64::from(MOST) {
            assert_eq!(repeats.next(at(ms)), Some(0));
        }
        for ms in 0..500 {
            assert_eq!(repeats.next(at(100 + ms)), None);
        }
        assert_eq!(repeats.next(at(10_000)), Some(500));
        assert_eq!(repeats.next(at(10_001)), Some(0), "a new while");
        let once = Repeats::saying(1);
        assert_eq!([at(0), at(1), at(10_000)].map(|now| once.next(now)), [Some(0), None, Some(1)]);
    }
}
