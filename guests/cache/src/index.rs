//! Which slot holds a document.

use alloc::vec;
use alloc::vec::Vec;

/// A slot with a document.
pub(crate) trait Named {
    /// The document.
    fn id(&self) -> u64;
}

/// Document to slot: open addressing with steps of one. The table holds numbers of slots only, documents are compared
/// where they lie, which a hit looks at anyway; so it is small enough to be kept at most a quarter full, and most
/// documents are found at the first place: branches that cannot be foreseen are what a search costs. Nothing in it
/// depends on how wide the machine's vectors are. The hash is fixed, so that a run costs the same every time.
#[derive(Debug)]
pub(crate) struct Index {
    /// A power of two of slots.
    table: Vec<u32>,
    /// 64 less the binary logarithm of the table's length.
    shift: u32,
    len: usize,
}

/// No slot.
const NONE: u32 = u32::MAX;

/// Places for each document, at least.
const FILL: usize = 4;

/// Binary logarithm of the length a table starts with.
const FIRST: u32 = 6;

impl Default for Index {
    fn default() -> Self {
        Self { table: vec![NONE; 1 << FIRST], shift: 64 - FIRST, len: 0 }
    }
}

impl Index {
    /// Documents in it.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Where a document is looked for first: the upper bits of a product with the golden ratio (Knuth, volume 3, 6.4).
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "no more bits are left than the table's length has")]
    fn home(&self, id: u64) -> usize {
        (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    /// The place of the document, or the free one where it would be.
    #[inline]
    fn place(&self, id: u64, slots: &[impl Named]) -> usize {
        let mask = self.table.len() - 1;
        let mut at = self.home(id) & mask;
        loop {
            let slot = self.table[at];
            if slot == NONE || slots[slot as usize].id() == id {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// The slot of a document.
    #[inline]
    pub(crate) fn get(&self, id: u64, slots: &[impl Named]) -> Option<u32> {
        let slot = self.table[self.place(id, slots)];
        (slot != NONE).then_some(slot)
    }

    /// Notes the slot of a document that is not in it yet.
    #[inline]
    pub(crate) fn insert(&mut self, slot: u32, slots: &[impl Named]) {
        if FILL * (self.len + 1) > self.table.len() {
            self.grow(slots);
        }
        let at = self.place(slots[slot as usize].id(), slots);
        self.table[at] = slot;
        self.len += 1;
    }

    #[cold]
    fn grow(&mut self, slots: &[impl Named]) {
        let old = core::mem::take(&mut self.table);
        self.table = vec![NONE; 2 * old.len()];
        self.shift -= 1;
        for slot in old.into_iter().filter(|slot| *slot != NONE) {
            let at = self.place(slots[slot as usize].id(), slots);
            self.table[at] = slot;
        }
    }

    /// Forgets a document that is in it, and moves those behind it that would not be found over the gap.
    #[inline]
    pub(crate) fn remove(&mut self, id: u64, slots: &[impl Named]) {
        let mask = self.table.len() - 1;
        let mut gap = self.place(id, slots);
        let mut at = gap;
        loop {
            at = (at + 1) & mask;
            let slot = self.table[at];
            if slot == NONE {
                break;
            }
            let home = self.home(slots[slot as usize].id());
            if at.wrapping_sub(home) & mask >= at.wrapping_sub(gap) & mask {
                self.table[gap] = slot;
                gap = at;
            }
        }
        self.table[gap] = NONE;
        self.len -= 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    impl Named for u64 {
        fn id(&self) -> u64 {
            *self
        }
    }

    /// Random insertions and removals, many of them of documents that are looked for at the same place.
    #[test]
    fn finds_what_a_map_finds() {
        let (mut index, mut slots, mut model) = (Index::default(), Vec::new(), HashMap::new());
        let mut random = 1_u64;
        for step in 0..200_000_u32 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let few = if step % 20_000 < 10_000 { 60 } else { 3000 };
            let id = (random >> 33) % few;
            assert_eq!(index.get(id, &slots), model.get(&id).copied(), "step {step}");
            if model.remove(&id).is_some() {
                index.remove(id, &slots);
            } else {
                let slot = u32::try_from(slots.len()).expect("few");
                slots.push(id);
                index.insert(slot, &slots);
                model.insert(id, slot);
            }
            assert_eq!(index.len(), model.len());
        }
        assert!(model.iter().all(|(id, slot)| index.get(*id, &slots) == Some(*slot)));
    }

    #[test]
    fn the_largest_numbers_are_documents_too() {
        let slots = [u64::MAX, 0, u64::MAX - 1];
        let mut index = Index::default();
        for slot in 0..3 {
            index.insert(slot, &slots);
        }
        assert_eq!([u64::MAX, 0, 1].map(|id| index.get(id, &slots)), [Some(0), Some(1), None]);
    }
}
