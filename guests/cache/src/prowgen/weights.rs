//! Drawing one of many by weight.

use alloc::vec;
use alloc::vec::Vec;

/// Weights that change, with their running sums: a binary indexed tree (Fenwick 1994).
#[derive(Debug)]
pub(super) struct Weights {
    /// Place i (from 1) holds the sum of the weights of the 2^k places up to i, 2^k being the lowest bit of i.
    sums: Vec<u64>,
    total: u64,
}

impl Weights {
    pub(super) fn new(count: usize) -> Self {
        Self { sums: vec![0; count + 1], total: 0 }
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn add(&mut self, item: usize, weight: u64) {
        self.total += weight;
        self.change(item, |sum| sum + weight);
    }

    /// `weight` at most what the item has.
    pub(super) fn subtract(&mut self, item: usize, weight: u64) {
        self.total -= weight;
        self.change(item, |sum| sum - weight);
    }

    fn change(&mut self, item: usize, change: impl Fn(u64) -> u64) {
        let mut place = item + 1;
        while place < self.sums.len() {
            self.sums[place] = change(self.sums[place]);
            place += place & place.wrapping_neg();
        }
    }

    /// The item in whose part of the sum `point` lies; `point` is below the total.
    pub(super) fn find(&self, mut point: u64) -> usize {
        let mut place = 0;
        let mut step = (self.sums.len() - 1).checked_ilog2().map_or(0, |bits| 1 << bits);
        while step > 0 {
            let next = place + step;
            if next < self.sums.len() && self.sums[next] <= point {
                point -= self.sums[next];
                place = next;
            }
            step /= 2;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_point() {
        for count in [1, 2, 3, 7, 8, 9, 100] {
            let mut weights = Weights::new(count);
            let own = |item: usize| (item * 7) % 5;
            for item in 0..count {
                weights.add(item, own(item) as u64 + 3);
                weights.subtract(item, 3);
            }
            let expected: Vec<usize> =
                (0..count).flat_map(|item| core::iter::repeat_n(item, own(item))).collect();
            let found: Vec<usize> = (0..weights.total()).map(|point| weights.find(point)).collect();
            assert_eq!(found, expected);
        }
    }
}
