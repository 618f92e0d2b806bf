//! How the ranked policies rank.

/// Gives documents the keys by which they are ranked; the lowest is evicted first.
pub trait Rule {
    /// Whether a hit gives the document a new key and a new time.
    const REFRESHES: bool = true;

    /// Key of a document of `size` bytes that was referenced `count` times since it came.
    fn key(&self, size: u64, count: u64) -> u64;

    /// A document with this key was evicted for want of room.
    fn evicted(&mut self, key: u64) {
        let _ = key;
    }

    /// Whether the counts of all documents are to be halved, given their sum and the number of documents.
    fn is_time_to_age(&self, references: u64, documents: usize) -> bool {
        let _ = (references, documents);
        false
    }
}

/// LFU in the cache: least frequently used first; the count is lost with the document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frequency;

impl Rule for Frequency {
    fn key(&self, _size: u64, count: u64) -> u64 {
        count
    }
}

/// LFU whose counts are halved when their average exceeds a limit, so that what was popular long ago can leave
/// (Robinson and Devarakonda 1990; LFU-Aging in Arlitt and Williamson 1996).
#[derive(Clone, Copy, Debug)]
pub struct FrequencyAging {
    /// Average count above which all are halved; at least 2, so that halving helps.
    average: u64,
}

impl FrequencyAging {
    /// Ageing above this average count; less than 2 is taken as 2.
    pub fn new(average: u64) -> Self {
        Self { average: average.max(2) }
    }
}

/// An average of 10 references.
impl Default for FrequencyAging {
    fn default() -> Self {
        Self::new(10)
    }
}

impl Rule for FrequencyAging {
    fn key(&self, _size: u64, count: u64) -> u64 {
        count
    }

    fn is_time_to_age(&self, references: u64, documents: usize) -> bool {
        references > self.average.saturating_mul(documents as u64)
    }
}

/// `GreedyDual-Size` with cost 1: a document is worth L + 1/size, refreshed by hits; L is the worth of what was
/// evicted last (Cao and Irani 1997).
#[derive(Clone, Copy, Debug, Default)]
pub struct GreedyDual {
    inflation: f64,
}

impl GreedyDual {
    /// L: never falls, and grows with every eviction of a document that was worth more.
    pub fn inflation(&self) -> f64 {
        self.inflation
    }
}

impl Rule for GreedyDual {
    fn key(&self, size: u64, _count: u64) -> u64 {
        worth(self.inflation, 1, size)
    }

    fn evicted(&mut self, key: u64) {
        self.inflation = f64::from_bits(key);
    }
}

/// `GreedyDual-Size` with frequency: a document is worth L + count/size (Cherkasova 1998, cost 1).
#[derive(Clone, Copy, Debug, Default)]
pub struct GreedyDualFrequency {
    inflation: f64,
}

impl Rule for GreedyDualFrequency {
    fn key(&self, size: u64, count: u64) -> u64 {
        worth(self.inflation, count, size)
    }

    fn evicted(&mut self, key: u64) {
        self.inflation = f64::from_bits(key);
    }
}

/// L + count/size as a key: the bits of floating-point numbers that are not negative are ordered like the numbers.
/// An empty document counts as one byte.
#[expect(clippy::cast_precision_loss, reason = "sizes and counts are far below 2^52")]
fn worth(inflation: f64, count: u64, size: u64) -> u64 {
    (inflation + count as f64 / size.max(1) as f64).to_bits()
}

/// Largest first, of equal ones the oldest: what `GreedyDual-Size` is without its inflation term, as the simulator study
/// had it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Size;

impl Rule for Size {
    const REFRESHES: bool = false;

    fn key(&self, size: u64, _count: u64) -> u64 {
        u64::MAX - size
    }
}
