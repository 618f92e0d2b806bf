//! What is built next.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Why something is to be built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// Calls wait for it.
    pub urgent: bool,
    /// It is an optimising tier; baseline ones go first.
    pub optimising: bool,
    /// Time saved per time spent building: rate of calls · (time now − time then) / build time.
    pub worth: f64,
    /// How long it will take, nanoseconds.
    pub expect_ns: f64,
}

#[derive(Clone, Copy, Debug)]
struct Running {
    since: u64,
    wanted: Wanted,
}

/// Builds that run and wait; at most one per key.
#[derive(Clone, Debug)]
pub struct Builds<K> {
    slots: usize,
    urgent_slots: usize,
    running: BTreeMap<K, Running>,
    waiting: BTreeMap<K, Wanted>,
}

impl<K: Ord + Copy> Builds<K> {
    /// For `slots` builds at once in the background, and `urgent_slots` more that calls wait for.
    pub fn new(slots: usize, urgent_slots: usize) -> Self {
        Self { slots, urgent_slots, running: BTreeMap::new(), waiting: BTreeMap::new() }
    }

    /// Asks for a build. One that runs or waits is not asked for twice, but may become urgent.
    pub fn want(&mut self, key: K, wanted: Wanted) {
        if let Some(running) = self.running.get_mut(&key) {
            running.wanted.urgent |= wanted.urgent;
            return;
        }
        let urgent = wanted.urgent || self.waiting.get(&key).is_some_and(|w| w.urgent);
        self.waiting.insert(key, Wanted { urgent, ..wanted });
    }

    /// Takes back what has not begun and nobody waits for.
    pub fn unwant(&mut self, key: K) {
        if self.waiting.get(&key).is_some_and(|w| !w.urgent) {
            self.waiting.remove(&key);
        }
    }

    /// Forgets a build in any state; whether it was running.
    pub fn remove(&mut self, key: K) -> bool {
        self.waiting.remove(&key);
        self.running.remove(&key).is_some()
    }

    /// The builds to start now.
    pub fn start(&mut self, now: u64) -> Vec<K> {
        let mut started = Vec::new();
        loop {
            let free = self.running.len() < self.slots;
            let urgent_free = self.running.len() < self.slots + self.urgent_slots;
            let next = self
                .waiting
                .iter()
                .filter(|(_, w)| free || (urgent_free && w.urgent))
                .min_by(|a, b| order(a.1, b.1))
                .map(|(key, wanted)| (*key, *wanted));
            let Some((key, wanted)) = next else { return started };
            self.waiting.remove(&key);
            self.running.insert(key, Running { since: now, wanted });
            started.push(key);
        }
    }

    /// Whether it runs.
    pub fn runs(&self, key: K) -> bool {
        self.running.contains_key(&key)
    }

    /// Whether it runs, and has not taken much longer than expected.
    pub fn on_time(&self, key: K, now: u64) -> bool {
        let elapsed = |r: &Running| now.saturating_sub(r.since) as f64;
        self.running.get(&key).is_some_and(|r| elapsed(r) <= LATE * r.wanted.expect_ns)
    }

    /// Whether it runs or waits.
    pub fn pending(&self, key: K) -> bool {
        self.runs(key) || self.waiting.contains_key(&key)
    }

    /// Time until a build is there, if asked for with urgency now; `expect_ns` for one nobody asked for yet.
    pub fn time_left(&self, key: K, expect_ns: f64, now: u64) -> f64 {
        if let Some(running) = self.running.get(&key) {
            return left(running, now);
        }
        let most = self.slots + self.urgent_slots;
        let expect = self.waiting.get(&key).map_or(expect_ns, |w| w.expect_ns);
        if self.running.len() < most {
            return expect;
        }
        // All are busy: the urgent ones before it and the first that ends.
        let first = self.running.values().map(|r| left(r, now)).fold(f64::INFINITY, f64::min);
        let urgent: f64 = self.waiting.values().filter(|w| w.urgent).map(|w| w.expect_ns).sum();
        first + urgent / most as f64 + expect
    }
}

/// A build that takes so many times as long as expected may take for ever.
const LATE: f64 = 1.5;

/// A build that is overdue is expected to take half as long again as it has.
fn left(running: &Running, now: u64) -> f64 {
    let elapsed = now.saturating_sub(running.since) as f64;
    let left = running.wanted.expect_ns - elapsed;
    if left > 0.0 { left } else { 0.5 * elapsed }
}

fn order(a: &Wanted, b: &Wanted) -> Ordering {
    b.urgent.cmp(&a.urgent).then(a.optimising.cmp(&b.optimising)).then_with(|| b.worth.total_cmp(&a.worth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wanted(urgent: bool, optimising: bool, worth: f64) -> Wanted {
        Wanted { urgent, optimising, worth, expect_ns: 100.0 }
    }

    #[test]
    fn urgent_then_baseline_then_what_saves_most() {
        let mut builds = Builds::new(0, 0);
        builds.want("worth", wanted(false, true, 9.0));
        builds.want("less", wanted(false, true, 1.0));
        builds.want("baseline", wanted(false, false, 0.1));
        builds.want("urgent", wanted(true, true, 0.0));
        builds.slots = 1;
        let mut order = Vec::new();
        while let [key] = builds.start(0)[..] {
            order.push(key);
            builds.remove(key);
        }
        assert_eq!(order, ["urgent", "baseline", "worth", "less"]);
    }

    #[test]
    fn callers_do_not_wait_for_background_builds() {
        let mut builds = Builds::new(1, 1);
        builds.want(1, wanted(false, true, 1.0));
        builds.want(2, wanted(false, true, 1.0));
        assert_eq!(builds.start(0), [1]);
        builds.want(3, wanted(true, true, 0.0));
        assert_eq!(builds.start(0), [3]);
        assert!((builds.time_left(1, 0.0, 40) - 60.0).abs() < 1e-9);
        assert!((builds.time_left(1, 0.0, 200) - 100.0).abs() < 1e-9);
        builds.unwant(2);
        assert!(!builds.pending(2) && builds.pending(1));
    }

    proptest! {
        #[test]
        fn never_two_of_a_kind_nor_more_than_there_are_slots(
            steps in prop::collection::vec((0_u8..3, 0_u8..6, any::<bool>()), 0..200),
            slots in 0_usize..3, urgent in 0_usize..3,
        ) {
            let mut builds = Builds::new(slots, urgent);
            let mut running: Vec<u8> = Vec::new();
            for (what, key, flag) in steps {
                match what {
                    0 => builds.want(key, wanted(flag, !flag, f64::from(key))),
                    1 if builds.remove(key) => running.retain(|k| *k != key),
                    1 => {}
                    _ => builds.unwant(key),
                }
                for started in builds.start(0) {
                    prop_assert!(!running.contains(&started), "{started} is built twice");
                    running.push(started);
                }
                prop_assert!(running.len() <= slots + urgent);
            }
        }
    }
}
