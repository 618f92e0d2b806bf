//! What stays in memory: greedy-dual with frequency and size (Cherkasova 1998; for functions `FaasCache`, ASPLOS 2021).

use std::collections::BTreeMap;

/// Loaded code under one budget. A key's priority is clock + uses · cost / bytes, where cost is the time to get it
/// back; the lowest goes first, and the clock rises to what went, so that what was useful long ago grows old.
#[derive(Clone, Debug)]
pub struct Residents<K> {
    budget: u64,
    used: u64,
    clock: f64,
    held: BTreeMap<K, Held>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    bytes: u64,
    cost_ns: f64,
    uses: f64,
    priority: f64,
}

impl<K: Ord + Copy> Residents<K> {
    /// Nothing held, under a budget in bytes.
    pub fn new(budget: u64) -> Self {
        Self { budget, used: 0, clock: 0.0, held: BTreeMap::new() }
    }

    /// Bytes held.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Holds a key of this size that takes `cost_ns` to get back.
    pub fn hold(&mut self, key: K, bytes: u64, cost_ns: f64) {
        self.release(key);
        self.used += bytes;
        self.held.insert(key, Held { bytes, cost_ns, uses: 0.0, priority: 0.0 });
        self.touch(key);
    }

    /// Counts a use.
    pub fn touch(&mut self, key: K) {
        let clock = self.clock;
        if let Some(held) = self.held.get_mut(&key) {
            held.uses += 1.0;
            held.priority = clock + held.uses * held.cost_ns / held.bytes.max(1) as f64;
        }
    }

    /// Lets a key go.
    pub fn release(&mut self, key: K) {
        if let Some(held) = self.held.remove(&key) {
            self.used -= held.bytes;
        }
    }

    /// What has to go for the budget to hold, lowest priority first; `busy` keys stay, whatever the budget.
    pub fn shrink(&mut self, busy: impl Fn(K) -> bool) -> Vec<K> {
        let mut gone = Vec::new();
        while self.used > self.budget {
            let least = self
                .held
                .iter()
                .filter(|(key, _)| !busy(**key))
                .min_by(|a, b| a.1.priority.total_cmp(&b.1.priority))
                .map(|(key, held)| (*key, held.priority));
            let Some((key, priority)) = least else { break };
            self.clock = self.clock.max(priority);
            self.release(key);
            gone.push(key);
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_cheap_to_get_back_goes_first() {
        let mut held = Residents::new(100);
        held.hold("dear", 50, 1e9);
        held.hold("cheap", 50, 1e3);
        held.hold("new", 50, 1e6);
        assert_eq!(held.shrink(|_| false), ["cheap"]);
        assert_eq!(held.used(), 100);
    }

    #[test]
    fn what_was_useful_long_ago_grows_old() {
        let mut held = Residents::new(10);
        held.hold(0, 10, 100.0);
        for _ in 0..5 {
            held.touch(0);
        }
        // Newcomers are worth less each, but every one that goes raises the clock.
        let gone: Vec<usize> = (1..20)
            .flat_map(|i| {
                held.hold(i, 10, 100.0);
                held.shrink(|_| false)
            })
            .collect();
        assert!(gone[0] == 1 && gone.contains(&0), "{gone:?}");
    }

    #[test]
    fn busy_code_stays() {
        let mut held = Residents::new(1);
        held.hold(1, 10, 1.0);
        assert!(held.shrink(|_| true).is_empty());
        assert_eq!(held.shrink(|_| false), [1]);
    }

    proptest! {
        #[test]
        fn the_budget_holds(steps in prop::collection::vec((0_u8..20, 1_u64..50, 1.0_f64..1e6), 0..80)) {
            let mut held = Residents::new(100);
            for (key, bytes, cost) in steps {
                held.hold(key, bytes, cost);
                held.shrink(|_| false);
                prop_assert!(held.used() <= 100);
                prop_assert_eq!(held.used(), held.held.values().map(|h| h.bytes).sum::<u64>());
            }
        }
    }
}
