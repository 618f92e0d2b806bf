//! Policies that rank documents by a number: the lowest goes first.

use alloc::vec::Vec;

use crate::index::Index;
use crate::{Policy, Rule};

/// A cache that evicts the document with the lowest key, of equal ones the least recently used. A binary heap whose
/// members know their places: every request takes logarithmic time.
#[derive(Debug)]
pub struct Keyed<R> {
    capacity: u64,
    used: u64,
    rule: R,
    /// Requests so far: the clock that breaks ties.
    now: u64,
    /// Sum of the reference counts of all documents in the cache.
    references: u64,
    index: Index,
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Slots, each with a rank not above those of its two children.
    heap: Vec<u32>,
}

#[derive(Debug)]
struct Slot {
    id: u64,
    size: u64,
    key: u64,
    /// When it came or, for rules that refresh, was last used.
    time: u64,
    /// References since it came into the cache, halved by ageing.
    count: u64,
    /// Where it is in the heap.
    place: usize,
}

impl<R: Rule> Keyed<R> {
    /// An empty cache of `capacity` bytes.
    pub fn new(capacity: u64, rule: R) -> Self {
        Self {
            capacity,
            used: 0,
            rule,
            now: 0,
            references: 0,
            index: Index::default(),
            slots: Vec::new(),
            free: Vec::new(),
            heap: Vec::new(),
        }
    }

    /// The rule in its present state.
    pub fn rule(&self) -> &R {
        &self.rule
    }

    fn rank(&self, place: usize) -> (u64, u64) {
        let slot = &self.slots[self.heap[place] as usize];
        (slot.key, slot.time)
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.heap.swap(a, b);
        self.slots[self.heap[a] as usize].place = a;
        self.slots[self.heap[b] as usize].place = b;
    }

    fn sift_up(&mut self, mut place: usize) {
        while place > 0 {
            let parent = (place - 1) / 2;
            if self.rank(parent) <= self.rank(place) {
                break;
            }
            self.swap(place, parent);
            place = parent;
        }
    }

    fn sift_down(&mut self, mut place: usize) {
        loop {
            let mut lowest = place;
            for child in [2 * place + 1, 2 * place + 2] {
                if child < self.heap.len() && self.rank(child) < self.rank(lowest) {
                    lowest = child;
                }
            }
            if lowest == place {
                break;
            }
            self.swap(place, lowest);
            place = lowest;
        }
    }

    /// Takes a document out; gives its key.
    fn remove(&mut self, slot: u32) -> u64 {
        let Slot { id, size, key, count, place, .. } = self.slots[slot as usize];
        let last = self.heap.len() - 1;
        self.swap(place, last);
        self.heap.pop();
        if place < last {
            self.sift_up(place);
            self.sift_down(place);
        }
        self.index.remove(&id);
        self.free.push(slot);
        self.used -= size;
        self.references -= count;
        key
    }

    fn insert(&mut self, id: u64, size: u64) {
        let place = self.heap.len();
        let entry = Slot { id, size, key: self.rule.key(size, 1), time: self.now, count: 1, place };
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = entry;
            slot
        } else {
            self.slots.push(entry);
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 documents fit into memory")
        };
        self.index.insert(id, slot);
        self.heap.push(slot);
        self.sift_up(place);
        self.used += size;
        self.references += 1;
    }

    fn hit(&mut self, slot: u32) {
        let entry = &mut self.slots[slot as usize];
        entry.count += 1;
        self.references += 1;
        if R::REFRESHES {
            entry.key = self.rule.key(entry.size, entry.count);
            entry.time = self.now;
            let place = entry.place;
            self.sift_up(place);
            self.sift_down(self.slots[slot as usize].place);
        }
    }

    /// Halves all reference counts, down to one, and orders the documents anew: equal counts can arise.
    fn age(&mut self) {
        self.references = 0;
        for &slot in &self.heap {
            let entry = &mut self.slots[slot as usize];
            entry.count = (entry.count / 2).max(1);
            entry.key = self.rule.key(entry.size, entry.count);
            self.references += entry.count;
        }
        for place in (0..self.heap.len() / 2).rev() {
            self.sift_down(place);
        }
    }
}

impl<R: Rule> Policy for Keyed<R> {
    fn request(&mut self, id: u64, size: u64) -> bool {
        self.now += 1;
        let stored = self.index.get(&id).copied();
        if let Some(slot) = stored {
            if self.slots[slot as usize].size == size {
                self.hit(slot);
                if self.rule.is_time_to_age(self.references, self.heap.len()) {
                    self.age();
                }
                return true;
            }
            self.remove(slot);
        }
        if size > self.capacity {
            return false;
        }
        while size > self.capacity - self.used {
            let key = self.remove(self.heap[0]);
            self.rule.evicted(key);
        }
        self.insert(id, size);
        if self.rule.is_time_to_age(self.references, self.heap.len()) {
            self.age();
        }
        false
    }

    fn capacity(&self) -> u64 {
        self.capacity
    }

    fn used(&self) -> u64 {
        self.used
    }

    fn len(&self) -> usize {
        self.index.len()
    }
}
