//! Which slot holds a document.

use core::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashMap;

/// Document to slot. The hash is fixed, so that a run costs the same every time.
pub(crate) type Index = HashMap<u64, u32, BuildHasherDefault<IdHasher>>;

/// Multiplicative hashing of one 64-bit number, folded on both sides: the table takes the group from the low bits
/// and the tag from the high ones.
#[derive(Debug, Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(self.0 ^ u64::from(byte));
        }
    }

    fn write_u64(&mut self, id: u64) {
        let product = (id ^ (id >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ (product >> 29);
    }
}
