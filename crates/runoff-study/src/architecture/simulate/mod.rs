//! Caches and branch predictors, fed with what was executed. Pure: no processor, no clock.

mod bimode;
mod cache;
mod counters;
mod machine;
mod predictor;
mod tournament;
mod twobit;

pub use cache::{Cache, LINE};
pub use machine::{CacheCount, Figures, Machine, PredictorCount, SIZES};
pub use predictor::{Predictor, TargetBuffer};

pub use bimode::BiMode;
pub use tournament::Tournament;
pub use twobit::TwoBit;

#[cfg(test)]
mod tests;
