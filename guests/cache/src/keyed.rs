//! Policies that rank documents by a number: the lowest goes first.

use alloc::vec::Vec;

use crate::index::{Index, Named};
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
    /// Each goes before its two children.
    heap: Vec<Ranked>,
}

#[derive(Debug)]
struct Slot {
    id: u64,
    size: u64,
    /// References since it came into the cache, halved by ageing.
    count: u64,
    /// Where it is in the heap.
    place: usize,
}

impl Named for Slot {
    #[inline]
    fn id(&self) -> u64 {
        self.id
    }
}

/// A document in the heap, with all that its order depends on: comparing two looks at nothing else.
#[derive(Clone, Copy, Debug)]
struct Ranked {
    key: u64,
    /// When it came or, for rules that refresh, was last used; no two are the same.
    time: u64,
    slot: u32,
}

impl Ranked {
    /// Whether it is evicted before the other. One value without a branch: which of two it is cannot be foreseen.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "`||` and `&&` are branches")]
    fn goes_before(&self, other: &Self) -> bool {
        (self.key < other.key) | ((self.key == other.key) & (self.time < other.time))
    }
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

    #[inline]
    fn put(&mut self, place: usize, document: Ranked) {
        self.heap[place] = document;
        self.slots[document.slot as usize].place = place;
    }

    /// Puts a document where it belongs, at this place or above; what goes after it moves down.
    fn sift_up(&mut self, mut place: usize, document: Ranked) {
        while place > 0 {
            let parent = (place - 1) / 2;
            let above = self.heap[parent];
            if above.goes_before(&document) {
                break;
            }
            self.put(place, above);
            place = parent;
        }
        self.put(place, document);
    }

    /// Puts a document where it belongs, at this place or below; what goes before it moves up.
    fn sift_down(&mut self, mut place: usize, document: Ranked) {
        loop {
            let left = 2 * place + 1;
            let child = match self.heap.get(left..) {
                Some([first, second, ..]) => left + usize::from(second.goes_before(first)),
                Some([_]) => left,
                _ => break,
            };
            let below = self.heap[child];
            if document.goes_before(&below) {
                break;
            }
            self.put(place, below);
            place = child;
        }
        self.put(place, document);
    }

    /// Puts a document where it belongs, from this place on.
    fn settle(&mut self, place: usize, document: Ranked) {
        if place > 0 && document.goes_before(&self.heap[(place - 1) / 2]) {
            self.sift_up(place, document);
        } else {
            self.sift_down(place, document);
        }
    }

    /// Takes a document out; gives its key.
    fn remove(&mut self, slot: u32) -> u64 {
        let Slot { id, size, count, place } = self.slots[slot as usize];
        let key = self.heap[place].key;
        if let Some(last) = self.heap.pop()
            && place < self.heap.len()
        {
            self.settle(place, last);
        }
        self.index.remove(id, &self.slots);
        self.free.push(slot);
        self.used -= size;
        self.references -= count;
        key
    }

    fn insert(&mut self, id: u64, size: u64) {
        let place = self.heap.len();
        let entry = Slot { id, size, count: 1, place };
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = entry;
            slot
        } else {
            self.slots.push(entry);
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 documents fit into memory")
        };
        self.index.insert(slot, &self.slots);
        let document = Ranked { key: self.rule.key(size, 1), time: self.now, slot };
        self.heap.push(document);
        self.sift_up(place, document);
        self.used += size;
        self.references += 1;
    }

    fn hit(&mut self, slot: u32) {
        let entry = &mut self.slots[slot as usize];
        entry.count += 1;
        self.references += 1;
        if R::REFRESHES {
            let key = self.rule.key(entry.size, entry.count);
            let place = entry.place;
            self.settle(place, Ranked { key, time: self.now, slot });
        }
    }

    /// Halves all reference counts, down to one, and orders the documents anew: equal counts can arise.
    fn age(&mut self) {
        self.references = 0;
        for document in &mut self.heap {
            let entry = &mut self.slots[document.slot as usize];
            entry.count = (entry.count / 2).max(1);
            document.key = self.rule.key(entry.size, entry.count);
            self.references += entry.count;
        }
        for place in (0..self.heap.len() / 2).rev() {
            self.sift_down(place, self.heap[place]);
        }
    }
}

impl<R: Rule> Policy for Keyed<R> {
    fn request(&mut self, id: u64, size: u64) -> bool {
        self.now += 1;
        let stored = self.index.get(id, &self.slots);
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
            let key = self.remove(self.heap[0].slot);
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
