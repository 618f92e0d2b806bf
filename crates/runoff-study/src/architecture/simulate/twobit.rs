//! The simplest predictor: what a jump did the last times.

use super::Predictor;
use super::counters::Counters;

/// A two-bit counter per jump, chosen by its address.
#[derive(Clone, Debug)]
pub struct TwoBit(Counters);

impl TwoBit {
    /// With so many counters, a power of two.
    pub fn new(counters: usize) -> Self {
        Self(Counters::new(counters, 1))
    }
}

impl Predictor for TwoBit {
    fn predict(&self, address: u64) -> bool {
        self.0.says(address)
    }

    fn learn(&mut self, address: u64, taken: bool) {
        self.0.learn(address, taken);
    }
}
