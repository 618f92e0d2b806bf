//! The traces a policy must stand.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Attack, CostTable, Source, Trace, attack, generate};

/// How a library is put together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mix {
    /// Traces.
    pub traces: usize,
    /// Most calls of a generated trace.
    pub most_calls: usize,
    /// Standard deviation of ln(work) that size does not explain.
    pub noise: f64,
    /// Whether a tenth are herds during a build, which no policy can withstand.
    pub build_herds: bool,
    /// Seed.
    pub seed: u64,
}

/// Trace number `index`: of ten, five from Azure's distributions, two from Huawei's, three attacks. It does not depend
/// on the others.
pub fn library(table: &CostTable, mix: &Mix, index: usize) -> Trace {
    let mut rng =
        ChaCha8Rng::seed_from_u64(mix.seed.wrapping_add((index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let module = rng.random_range(0..table.modules.len());
    match index % 10 {
        4 if mix.build_herds => attack(Attack::BuildHerd, module, &table.modules[module], &mut rng),
        0..5 => generate(Source::Azure, module, mix.most_calls, mix.noise, &mut rng),
        5..7 => generate(Source::Huawei, module, mix.most_calls, mix.noise, &mut rng),
        _ => {
            let kind = Attack::ALL[(index / 10 * 3 + index % 10 - 7) % Attack::ALL.len()];
            attack(kind, module, &table.modules[module], &mut rng)
        }
    }
}
