//! A tournament of a local and a global predictor (`McFarling` 1993; the sizes are those of the Alpha 21264).

use super::Predictor;
use super::counters::Counters;

/// The own history of a jump against that of all jumps; a third table, indexed by the latter, learns whom to believe.
#[derive(Clone, Debug)]
pub struct Tournament {
    histories: Vec<u64>,
    local: Counters,
    global: Counters,
    /// High: believe the global one.
    choice: Counters,
    history: u64,
    local_mask: u64,
    global_mask: u64,
}

impl Tournament {
    /// With so many local histories and counters, global counters, and choosing counters; powers of two.
    pub fn new(local: usize, global: usize, choice: usize) -> Self {
        Self {
            histories: vec![0; local],
            local: Counters::new(local, 1),
            global: Counters::new(global, 1),
            choice: Counters::new(choice, 1),
            history: 0,
            local_mask: local as u64 - 1,
            global_mask: global.max(choice) as u64 - 1,
        }
    }

    fn place(&self, address: u64) -> usize {
        (address % self.histories.len() as u64) as usize
    }
}

impl Predictor for Tournament {
    fn predict(&self, address: u64) -> bool {
        if self.choice.says(self.history) {
            self.global.says(self.history)
        } else {
            self.local.says(self.histories[self.place(address)])
        }
    }

    fn learn(&mut self, address: u64, taken: bool) {
        let place = self.place(address);
        let own = self.histories[place];
        let (local, global) = (self.local.says(own), self.global.says(self.history));
        if local != global {
            self.choice.learn(self.history, global == taken);
        }
        self.local.learn(own, taken);
        self.global.learn(self.history, taken);
        self.histories[place] = (own << 1 | u64::from(taken)) & self.local_mask;
        self.history = (self.history << 1 | u64::from(taken)) & self.global_mask;
    }
}
