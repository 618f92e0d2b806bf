//! FIFO and LRU: documents in one line, evicted at its end.

use alloc::vec::Vec;

use crate::Policy;
use crate::index::{Index, Named};

/// The slot without a document, where the line begins and ends: with it in the ring, no document is the last one.
const ENDS: u32 = 0;

/// A cache that evicts the document at the end of a line: the one that came first, or, when hits go back to the
/// front, the one not used for longest. Every request takes constant time.
#[derive(Debug)]
pub struct Queue {
    capacity: u64,
    used: u64,
    /// Whether a hit moves the document to the front (LRU) or not (FIFO).
    refresh: bool,
    /// The first of the slots that are free, each naming the next as `older`; `ENDS` when there is none.
    free: u32,
    index: Index,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    id: u64,
    size: u64,
    /// Towards the front.
    newer: u32,
    /// Towards the back.
    older: u32,
}

impl Named for Slot {
    #[inline]
    fn id(&self) -> u64 {
        self.id
    }
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
        let ends = Slot { id: 0, size: 0, newer: ENDS, older: ENDS };
        Self { capacity, used: 0, refresh, free: ENDS, index: Index::default(), slots: [ends].into() }
    }

    /// Takes the document at the back out.
    fn evict(&mut self) {
        self.remove(self.slots[ENDS as usize].newer);
    }

    fn remove(&mut self, place: u32) {
        let slots = self.slots.as_mut_slice();
        unlink(slots, place);
        let slot = &mut slots[place as usize];
        slot.older = core::mem::replace(&mut self.free, place);
        self.used -= slot.size;
        let id = slot.id;
        self.index.remove(id, slots);
    }

    fn insert(&mut self, id: u64, size: u64) {
        let slot = Slot { id, size, newer: ENDS, older: ENDS };
        let place = if self.free == ENDS {
            self.slots.push(slot);
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 documents fit into memory")
        } else {
            let place = self.free;
            self.free = core::mem::replace(&mut self.slots[place as usize], slot).older;
            place
        };
        self.index.insert(place, &self.slots);
        link_front(&mut self.slots, place);
        self.used += size;
    }
}

fn unlink(slots: &mut [Slot], place: u32) {
    let Slot { newer, older, .. } = slots[place as usize];
    slots[newer as usize].older = older;
    slots[older as usize].newer = newer;
}

fn link_front(slots: &mut [Slot], place: u32) {
    let first = core::mem::replace(&mut slots[ENDS as usize].older, place);
    slots[first as usize].newer = place;
    let slot = &mut slots[place as usize];
    (slot.newer, slot.older) = (ENDS, first);
}

impl Policy for Queue {
    #[inline]
    fn request(&mut self, id: u64, size: u64) -> bool {
        if let Some(place) = self.index.get(id, &self.slots) {
            let slots = self.slots.as_mut_slice();
            if slots[place as usize].size == size {
                if self.refresh && slots[ENDS as usize].older != place {
                    unlink(slots, place);
                    link_front(slots, place);
                }
                return true;
            }
            self.remove(place);
        }
        if size > self.capacity {
            return false;
        }
        while size > self.capacity - self.used {
            self.evict();
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
