//! What predictors have in common.

/// Predicts the direction of conditional jumps.
pub trait Predictor {
    /// Whether the jump at an address will be taken.
    fn predict(&self, address: u64) -> bool;

    /// Learns what it did.
    fn learn(&mut self, address: u64, taken: bool);
}

/// Remembers where jumps lead, by address: without an entry a jump that is predicted as taken has nowhere to go.
#[derive(Clone, Debug)]
pub struct TargetBuffer {
    entries: Vec<Option<(u64, u64)>>,
}

impl TargetBuffer {
    /// An empty, directly mapped buffer.
    pub fn new(entries: usize) -> Self {
        Self { entries: vec![None; entries.max(1)] }
    }

    /// Where the jump at an address led last.
    pub fn target(&self, address: u64) -> Option<u64> {
        self.entries[self.place(address)].filter(|(from, _)| *from == address).map(|(_, to)| to)
    }

    /// Notes where a taken jump led.
    pub fn learn(&mut self, address: u64, target: u64) {
        let place = self.place(address);
        self.entries[place] = Some((address, target));
    }

    fn place(&self, address: u64) -> usize {
        (address % self.entries.len() as u64) as usize
    }
}
