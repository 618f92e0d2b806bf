//! Numbers that like edges.

/// The generator `SplitMix64`.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// An address or length near something that matters in a memory of this size.
    pub(crate) fn edge(&mut self, size: usize) -> u32 {
        let near = match self.below(6) {
            0 => 0,
            1 => u32::MAX,
            2 => i32::MAX as u32,
            3 => self.next() as u32,
            4 => size as u32,
            _ => self.below(size as u64 + 1) as u32,
        };
        match self.below(3) {
            0 => near,
            1 => near.wrapping_add(self.below(40) as u32),
            _ => near.wrapping_sub(self.below(40) as u32),
        }
    }
}
