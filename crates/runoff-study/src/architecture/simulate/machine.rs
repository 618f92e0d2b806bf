//! All of it at once, over one stream of instructions.

use serde::Serialize;

use super::{BiMode, Cache, Predictor, TargetBuffer, Tournament, TwoBit};

/// Sizes of either cache, bytes.
pub const SIZES: [u64; 8] = [8 << 10, 16 << 10, 32 << 10, 64 << 10, 128 << 10, 256 << 10, 512 << 10, 1 << 20];

/// Entries of the target buffer that source 004 gives every predictor.
const TARGETS: usize = 2048;

/// Instruction and data caches of every size, and the three predictors, each with a target buffer.
pub struct Machine {
    code: Vec<(u64, Cache)>,
    data: Vec<(u64, Cache)>,
    predictors: Vec<(&'static str, Box<dyn Predictor>, u64)>,
    targets: TargetBuffer,
    instructions: u64,
    conditional: u64,
    taken: u64,
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machine").field("instructions", &self.instructions).finish_non_exhaustive()
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Instructions executed.
    pub instructions: u64,
    /// Conditional jumps among them.
    pub conditional: u64,
    /// Those that were taken.
    pub taken: u64,
    /// Instruction caches by size.
    pub code: Vec<CacheCount>,
    /// Data caches by size.
    pub data: Vec<CacheCount>,
    /// Predictors.
    pub predictors: Vec<PredictorCount>,
}

/// What one cache counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CacheCount {
    /// Its size, bytes.
    pub bytes: u64,
    /// Lines used.
    pub accesses: u64,
    /// Lines that were not there.
    pub misses: u64,
}

impl CacheCount {
    /// Misses per access.
    pub fn rate(&self) -> f64 {
        self.misses as f64 / self.accesses.max(1) as f64
    }
}

/// What one predictor counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PredictorCount {
    /// Its name.
    pub predictor: &'static str,
    /// Conditional jumps it got wrong.
    pub mispredicted: u64,
}

impl Machine {
    /// Nothing executed yet; caches with so many lines a set.
    pub fn new(ways: usize) -> Self {
        let caches = || SIZES.iter().map(|bytes| (*bytes, Cache::new(*bytes, ways))).collect();
        Self {
            code: caches(),
            data: caches(),
            // Sizes of source 004, §V, read as numbers of counters: that is what its simulator's settings are.
            predictors: vec![
                ("2-bit", Box::new(TwoBit::new(TARGETS)), 0),
                ("bi-mode", Box::new(BiMode::new(2048, 2048)), 0),
                ("tournament", Box::new(Tournament::new(1024, 4096, 4096)), 0),
            ],
            targets: TargetBuffer::new(TARGETS),
            instructions: 0,
            conditional: 0,
            taken: 0,
        }
    }

    /// An instruction was fetched.
    pub fn fetch(&mut self, address: u64, length: u64) {
        self.instructions += 1;
        for (_, cache) in &mut self.code {
            cache.bytes(address, length);
        }
    }

    /// Data were read or written.
    pub fn access(&mut self, address: u64, length: u64) {
        for (_, cache) in &mut self.data {
            cache.bytes(address, length);
        }
    }

    /// A conditional jump was taken, to where, or not.
    pub fn jump(&mut self, address: u64, taken: Option<u64>) {
        self.conditional += 1;
        let known = self.targets.target(address);
        for (_, predictor, wrong) in &mut self.predictors {
            // Without a target there is nowhere to go, whatever the direction.
            let predicted = if predictor.predict(address) { known } else { None };
            *wrong += u64::from(predicted != taken);
            predictor.learn(address, taken.is_some());
        }
        if let Some(target) = taken {
            self.taken += 1;
            self.targets.learn(address, target);
        }
    }

    /// What was found so far.
    pub fn figures(&self) -> Figures {
        let count = |(bytes, cache): &(u64, Cache)| CacheCount {
            bytes: *bytes,
            accesses: cache.accesses(),
            misses: cache.misses(),
        };
        let predictor = |(name, _, wrong): &(&'static str, _, u64)| PredictorCount {
            predictor: name,
            mispredicted: *wrong,
        };
        Figures {
            instructions: self.instructions,
            conditional: self.conditional,
            taken: self.taken,
            code: self.code.iter().map(count).collect(),
            data: self.data.iter().map(count).collect(),
            predictors: self.predictors.iter().map(predictor).collect(),
        }
    }
}

impl Figures {
    /// Mispredicted jumps per conditional jump.
    pub fn misprediction(&self, predictor: &str) -> Option<f64> {
        let found = self.predictors.iter().find(|p| p.predictor == predictor)?;
        (self.conditional > 0).then(|| found.mispredicted as f64 / self.conditional as f64)
    }
}
