//! The policies by name.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::{Frequency, FrequencyAging, GreedyDual, GreedyDualFrequency, Keyed, Policy, Queue, Size};

/// A policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// First in, first out.
    Fifo,
    /// Least recently used.
    Lru,
    /// Least frequently used while in the cache.
    Lfu,
    /// LFU with halved counts.
    LfuAging,
    /// `GreedyDual-Size` with cost 1.
    Gds,
    /// `GreedyDual-Size` with frequency.
    Gdsf,
    /// Largest first: `GreedyDual-Size` without inflation.
    Size,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Fifo, Self::Lru, Self::Lfu, Self::LfuAging, Self::Gds, Self::Gdsf, Self::Size];

    /// The name that [`Kind::from_str`] reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fifo => "fifo",
            Self::Lru => "lru",
            Self::Lfu => "lfu",
            Self::LfuAging => "lfu-aging",
            Self::Gds => "gds",
            Self::Gdsf => "gdsf",
            Self::Size => "size",
        }
    }

    /// An empty cache of `capacity` bytes.
    pub fn build(self, capacity: u64) -> Box<dyn Policy> {
        match self {
            Self::Fifo => Box::new(Queue::fifo(capacity)),
            Self::Lru => Box::new(Queue::lru(capacity)),
            Self::Lfu => Box::new(Keyed::new(capacity, Frequency)),
            Self::LfuAging => Box::new(Keyed::new(capacity, FrequencyAging::default())),
            Self::Gds => Box::new(Keyed::new(capacity, GreedyDual::default())),
            Self::Gdsf => Box::new(Keyed::new(capacity, GreedyDualFrequency::default())),
            Self::Size => Box::new(Keyed::new(capacity, Size)),
        }
    }
}

/// A name that no policy has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind(pub String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no cache policy {:?}; there are", self.0)?;
        for kind in Kind::ALL {
            write!(f, " {}", kind.name())?;
        }
        Ok(())
    }
}

impl core::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownKind(name.into()))
    }
}
