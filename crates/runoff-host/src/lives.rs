//! How often a function is called in a life of it, from its deployment to its end or the host's: what earlier lives had
//! is expected of the next one, so that the policy need not learn anew that a build pays.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// Lives after which old ones begin to fade.
const MEMORY: f64 = 4.0;

/// Most calls that are expected of any function; a damaged record may say more.
const MOST: f64 = 1e9;

/// The lives of one function, by its name: a new version of its code will be called as the old one was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lives {
    /// How many ended, at most so many as are remembered.
    pub number: f64,
    /// Mean of ln of their calls.
    pub mean_ln: f64,
    /// Calls of the one under way.
    pub calls: u64,
}

impl Lives {
    /// The life under way is over. One without calls says nothing: it may have lasted a second.
    fn end(&mut self) {
        if self.calls > 0 {
            self.number = (self.number + 1.0).min(MEMORY);
            self.mean_ln += ((self.calls as f64).ln() - self.mean_ln) / self.number;
            self.calls = 0;
        }
    }

    /// Calls of a typical life, their geometric mean in whole calls; 0 when there was none.
    pub fn expected(&self) -> f64 {
        if self.number > 0.0 { self.mean_ln.exp().round().min(MOST) } else { 0.0 }
    }
}

/// The lives of all functions, and which of them are not kept yet.
#[derive(Debug, Default)]
pub(crate) struct AllLives(Mutex<(HashMap<String, Lives>, HashSet<String>)>);

impl AllLives {
    fn lock(&self) -> MutexGuard<'_, (HashMap<String, Lives>, HashSet<String>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A life begins; `kept` is asked for what is known of a function that was not here before. Calls expected of it.
    pub(crate) fn begin(&self, name: &str, kept: impl FnOnce() -> Option<Lives>) -> f64 {
        let mut all = self.lock();
        let lives = all.0.entry(name.to_owned()).or_insert_with(|| kept().unwrap_or_default());
        lives.end();
        lives.expected()
    }

    /// The life under way has had so many calls.
    pub(crate) fn count(&self, name: &str, calls: u64) {
        let mut all = self.lock();
        let (lives, changed) = &mut *all;
        if let Some(lives) = lives.get_mut(name).filter(|l| l.calls != calls) {
            lives.calls = calls;
            changed.insert(name.to_owned());
        }
    }

    /// What changed since the last time, to be kept.
    pub(crate) fn take_changes(&self) -> Vec<(String, Lives)> {
        let mut all = self.lock();
        let changed = std::mem::take(&mut all.1);
        changed.into_iter().filter_map(|name| all.0.get(&name).copied().map(|l| (name, l))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_is_what_lives_had_and_old_ones_fade() {
        let all = AllLives::default();
        let mut kept: Option<Lives> = None;
        let mut expected = Vec::new();
        for calls in [50, 50, 0, 3, 3, 3, 3, 3, 3, 3, 3] {
            expected.push(all.begin("a", || kept));
            all.count("a", calls);
        }
        assert!((expected[1] - 50.0).abs() < 1e-9 && (expected[3] - 50.0).abs() < 1e-9, "{expected:?}");
        assert!(expected[0] == 0.0 && (3.0..5.0).contains(&expected[10]), "{expected:?}");
        // A host that was killed has kept what it counted until then.
        let changes = all.take_changes();
        assert!(changes.len() == 1 && all.take_changes().is_empty());
        kept = Some(changes[0].1);
        assert!((AllLives::default().begin("a", || kept) - expected[10]).abs() < 1.0);
    }
}
