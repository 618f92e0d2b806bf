//! FIFO and LRU: documents in one line, evicted at its end.

use alloc::vec::Vec;

use crate::Policy;
use crate::index::Index;

/// No neighbour.
const NONE: u32 = u32::MAX;

/// A cache that evicts the document at the end of a line: the one that came first, or, when hits go back to the
/// front, the one not used for longest. Every request takes constant time.
#[derive(Debug)]
pub struct Queue {
    capacity: u64,
    used: u64,
    /// Whether a hit moves the document to the front (LRU) or not (FIFO).
    refresh: bool,
    index: Index,
    slots: Vec<Slot>,
    free: Vec<u32>,
    front: u32,
    back: u32,
}

#[derive(Debug)]
struct Slot {
    id: u64,
    size: u64,
    /// Towards the front.
    newer: u32,
    /// Towards the back.
    older: u32,
}

impl Queue {
    /// First in, first out; capacity in bytes.
    pub fn fifo(capacity: u64) -> Self {
        Self::new(capacity, false)
    }

    /// Least recently used first; capacity in bytes.
    pub fn lru(capacity: u64) -> Self {
        Self::new(capacity, true)
    }

    fn new(capacity: u64, refresh: bool) -> Self {
        Self {
            capacity,
            used: 0,
            refresh,
            index: Index::default(),
            slots: Vec::new(),
            free: Vec::new(),
            front: NONE,
            back: NONE,
        }
    }

    fn unlink(&mut self, place: u32) {
        let Slot { newer, older, .. } = self.slots[place as usize];
        match newer {
            NONE => self.front = older,
            newer => self.slots[newer as usize].older = older,
        }
        match older {
            NONE => self.back = newer,
            older => self.slots[older as usize].newer = newer,
        }
    }

    fn link_front(&mut self, place: u32) {
        let older = core::mem::replace(&mut self.front, place);
        self.slots[place as usize].newer = NONE;
        self.slots[place as usize].older = older;
        match older {
            NONE => self.back = place,
            older => self.slots[older as usize].newer = place,
        }
    }

    fn remove(&mut self, place: u32) {
        self.unlink(place);
        let slot = &self.slots[place as usize];
        self.used -= slot.size;
        self.index.remove(&slot.id);
        self.free.push(place);
    }

    fn insert(&mut self, id: u64, size: u64) {
        let slot = Slot { id, size, newer: NONE, older: NONE };
        let place = if let Some(place) = self.free.pop() {
            self.slots[place as usize] = slot;
            place
        } else {
            self.slots.push(slot);
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 documents fit into memory")
        };
        self.index.insert(id, place);
        self.link_front(place);
        self.used += size;
    }
}

impl Policy for Queue {
    fn request(&mut self, id: u64, size: u64) -> bool {
        if let Some(&place) = self.index.get(&id) {
            if self.slots[place as usize].size == size {
                if self.refresh && self.front != place {
                    self.unlink(place);
                    self.link_front(place);
                }
                return true;
            }
            self.remove(place);
        }
        if size > self.capacity {
            return false;
        }
        while size > self.capacity - self.used {
            self.remove(self.back);
        }
        self.insert(id, size);
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
