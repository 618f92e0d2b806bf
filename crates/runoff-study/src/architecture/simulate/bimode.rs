//! The bi-mode predictor (Lee, Chen, Mudge, MICRO 1997).

use super::Predictor;
use super::counters::Counters;

/// Two tables indexed by address and global history, one for jumps that are mostly taken and one for the others; a table
/// indexed by the address alone chooses between them, so that jumps of different kinds do not disturb each other.
#[derive(Clone, Debug)]
pub struct BiMode {
    choice: Counters,
    taken: Counters,
    not_taken: Counters,
    history: u64,
    mask: u64,
}

impl BiMode {
    /// With so many counters in either direction table and in the choosing one, powers of two.
    pub fn new(direction: usize, choice: usize) -> Self {
        Self {
            choice: Counters::new(choice, 1),
            taken: Counters::new(direction, 2),
            not_taken: Counters::new(direction, 1),
            history: 0,
            mask: direction as u64 - 1,
        }
    }

    fn index(&self, address: u64) -> u64 {
        (address ^ self.history) & self.mask
    }
}

impl Predictor for BiMode {
    fn predict(&self, address: u64) -> bool {
        let table = if self.choice.says(address) { &self.taken } else { &self.not_taken };
        table.says(self.index(address))
    }

    fn learn(&mut self, address: u64, taken: bool) {
        let chosen = self.choice.says(address);
        let index = self.index(address);
        let table = if chosen { &mut self.taken } else { &mut self.not_taken };
        let right = table.says(index) == taken;
        table.learn(index, taken);
        // A choice that was against the outcome but led to the right prediction stays.
        if !(right && chosen != taken) {
            self.choice.learn(address, taken);
        }
        self.history = (self.history << 1 | u64::from(taken)) & self.mask;
    }
}
