//! The order of blocks: complete rounds, each shuffled.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use runoff_data::BlockMode;

/// One (workload, runtime) cell of a round, as indices into the plan, with what to do in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Index of the workload.
    pub workload: usize,
    /// Index of the runtime.
    pub runtime: usize,
    /// Modes in the order they run: an artifact is loaded after it was saved.
    pub modes: Vec<BlockMode>,
}

/// The order of one round: every slot once, shuffled by the run's seed and the round's number, so that a
/// resumed run goes through the same orders.
pub fn round_order(seed: u64, round: u32, slots: &[Slot]) -> Vec<Slot> {
    let mut order = slots.to_vec();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    // Streams are independent sequences of one seed.
    rng.set_stream(u64::from(round));
    order.shuffle(&mut rng);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slots(n: usize) -> Vec<Slot> {
        (0..n).map(|i| Slot { workload: i / 3, runtime: i % 3, modes: vec![BlockMode::Jit] }).collect()
    }

    proptest! {
        #[test]
        fn every_round_is_complete_and_reproducible(seed: u64, round: u32, n in 0_usize..40) {
            let order = round_order(seed, round, &slots(n));
            prop_assert_eq!(&order, &round_order(seed, round, &slots(n)));
            let mut sorted = order;
            sorted.sort_by_key(|s| (s.workload, s.runtime));
            prop_assert_eq!(sorted, slots(n));
        }
    }

    #[test]
    fn rounds_differ() {
        assert_ne!(round_order(1, 0, &slots(30)), round_order(1, 1, &slots(30)));
    }
}
