//! Simulated noise of several shapes: what a comparison must not be fooled by.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal, StudentT};

use crate::Blocks;

/// A shape of noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Normal, independent.
    Normal,
    /// Student t with three degrees of freedom: rare, large outliers.
    HeavyTailed,
    /// Two modes, as with two frequencies or two layouts, chosen per sample.
    Bimodal,
    /// A machine that gets slower and faster during the run, the same for both sides of a round.
    Drifting,
    /// Every process has a level of its own: layout, placement.
    ProcessShift,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 5] =
        [Self::Normal, Self::HeavyTailed, Self::Bimodal, Self::Drifting, Self::ProcessShift];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::HeavyTailed => "heavy-tailed",
            Self::Bimodal => "bimodal",
            Self::Drifting => "drifting",
            Self::ProcessShift => "process-shift",
        }
    }
}

/// Times around `base` with relative noise of size `relative`, `rounds` processes of `samples` samples.
pub fn simulate(shape: Shape, base: f64, relative: f64, rounds: u32, samples: usize, seed: u64) -> Blocks {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Blocks::new((0..rounds).map(|round| {
        let level = base * process_level(shape, relative, round, &mut rng);
        let values = (0..samples).map(|_| level * (1.0 + relative * sample_noise(shape, &mut rng)).max(0.05));
        (round, values.collect())
    }))
}

fn process_level(shape: Shape, relative: f64, round: u32, rng: &mut impl Rng) -> f64 {
    match shape {
        // Every process has some level of its own, even where the shape is about something else.
        Shape::Normal | Shape::HeavyTailed | Shape::Bimodal => 1.0 + 0.5 * relative * normal(rng),
        Shape::ProcessShift => 1.0 + 2.0 * relative * normal(rng),
        Shape::Drifting => {
            let drift = 3.0 * relative * (f64::from(round) * 0.7).sin() + 0.01 * f64::from(round);
            (1.0 + drift) * (1.0 + 0.5 * relative * normal(rng))
        }
    }
}

fn sample_noise(shape: Shape, rng: &mut impl Rng) -> f64 {
    match shape {
        Shape::Normal | Shape::Drifting | Shape::ProcessShift => normal(rng),
        Shape::HeavyTailed => StudentT::new(3.0).map_or(0.0, |t| t.sample(rng)),
        Shape::Bimodal => 0.3 * normal(rng) + if rng.random_bool(0.5) { 3.0 } else { 0.0 },
    }
}

fn normal(rng: &mut impl Rng) -> f64 {
    Normal::new(0.0, 1.0).map_or(0.0, |n| n.sample(rng))
}
