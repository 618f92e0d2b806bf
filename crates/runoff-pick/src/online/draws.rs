//! Randomness comes from outside.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Where the policy's chance comes from.
pub trait Draws {
    /// A draw from the standard normal distribution.
    fn normal(&mut self) -> f64;
}

/// No chance: the best estimate always, nothing is explored. The deterministic core.
#[derive(Clone, Copy, Debug, Default)]
pub struct Certain;

impl Draws for Certain {
    fn normal(&mut self) -> f64 {
        0.0
    }
}

/// Chance that repeats itself for the same seed.
#[derive(Clone, Debug)]
pub struct Seeded(ChaCha8Rng);

impl Seeded {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }
}

impl Draws for Seeded {
    fn normal(&mut self) -> f64 {
        normal(&mut self.0)
    }
}

fn normal(rng: &mut impl Rng) -> f64 {
    StandardNormal.sample(rng)
}
