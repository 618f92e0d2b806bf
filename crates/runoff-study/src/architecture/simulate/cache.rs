//! A cache with the policy every simulator has: sets of a few lines, the least recently used one leaves.

/// Bytes of a line.
pub const LINE: u64 = 64;

/// A set-associative cache that replaces the least recently used line of a set. Writes allocate.
#[derive(Clone, Debug)]
pub struct Cache {
    /// Lines of each set, the latest used first.
    sets: Vec<Vec<u64>>,
    ways: usize,
    accesses: u64,
    misses: u64,
}

impl Cache {
    /// An empty cache of so many bytes, of which each set holds so many lines. Both are at least one line.
    pub fn new(bytes: u64, ways: usize) -> Self {
        let ways = ways.max(1);
        let sets = (bytes / LINE).max(1).div_ceil(ways as u64).max(1);
        Self { sets: vec![Vec::with_capacity(ways); sets as usize], ways, accesses: 0, misses: 0 }
    }

    /// One that has a single set: any line may be anywhere.
    pub fn fully_associative(bytes: u64) -> Self {
        Self::new(bytes, (bytes / LINE).max(1) as usize)
    }

    /// Uses a line; whether it was there.
    pub fn line(&mut self, line: u64) -> bool {
        let count = self.sets.len() as u64;
        let set = &mut self.sets[(line % count) as usize];
        self.accesses += 1;
        if let Some(at) = set.iter().position(|l| *l == line) {
            set[..=at].rotate_right(1);
            return true;
        }
        self.misses += 1;
        if set.len() == self.ways {
            set.pop();
        }
        set.insert(0, line);
        false
    }

    /// Uses some bytes: every line they touch.
    pub fn bytes(&mut self, address: u64, length: u64) {
        let last = address.saturating_add(length.max(1) - 1) / LINE;
        for line in address / LINE..=last {
            self.line(line);
        }
    }

    /// How many lines were used.
    pub fn accesses(&self) -> u64 {
        self.accesses
    }

    /// How many of them were not there.
    pub fn misses(&self) -> u64 {
        self.misses
    }
}
