//! Counters and histograms; plain atomics, no locks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::execute::Fault;

/// Upper ends of the histogram's bins, seconds.
pub(super) const BINS: [f64; 16] = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.25,
    1.0, 5.0, 30.0,
];

/// Times in bins.
#[derive(Debug, Default)]
pub struct Histogram {
    bins: [AtomicU64; BINS.len() + 1],
    nanoseconds: AtomicU64,
}

impl Histogram {
    /// Counts a time.
    pub fn observe(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let bin = BINS.iter().position(|end| seconds <= *end).unwrap_or(BINS.len());
        self.bins[bin].fetch_add(1, Ordering::Relaxed);
        self.nanoseconds.fetch_add(took.as_nanos() as u64, Ordering::Relaxed);
    }

    /// Counts up to each bin's end, the last without an end.
    pub fn cumulative(&self) -> Vec<u64> {
        let mut sum = 0;
        self.bins.iter().map(|bin| (sum += bin.load(Ordering::Relaxed), sum).1).collect()
    }

    /// Takes over what another one counted.
    pub fn add(&self, other: &Self) {
        for (bin, more) in self.bins.iter().zip(&other.bins) {
            bin.fetch_add(more.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        self.nanoseconds.fetch_add(other.nanoseconds.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// The time below which a share of all lies, seconds, taking times to be spread evenly within a bin; `None` without
    /// any. Beyond the last bin it is that bin's lower end.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let counts = self.cumulative();
        let wanted = q * counts.last().filter(|n| **n > 0).copied()? as f64;
        let bin = counts.iter().position(|n| *n as f64 >= wanted)?;
        let low = if bin == 0 { 0.0 } else { BINS[bin - 1] };
        let below = if bin == 0 { 0 } else { counts[bin - 1] };
        let high = BINS.get(bin).copied().unwrap_or(low);
        let share = (wanted - below as f64) / (counts[bin] - below).max(1) as f64;
        Some(low + (high - low) * share)
    }

    /// Sum of all times, seconds.
    pub fn seconds(&self) -> f64 {
        self.nanoseconds.load(Ordering::Relaxed) as f64 / 1e9
    }
}

/// How a request ended, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer.
    Answered,
    /// With a fault of the function: trap, exit code, limit.
    Failed,
    /// At its deadline.
    Deadline,
    /// Its client left.
    Cancelled,
    /// For want of room or time.
    Overloaded,
    /// With a fault of an engine.
    Engine,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Answered, Self::Failed, Self::Deadline, Self::Cancelled, Self::Overloaded, Self::Engine];

    /// Its label.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "ok",
            Self::Failed => "fault",
            Self::Deadline => "deadline",
            Self::Cancelled => "cancelled",
            Self::Overloaded => "overloaded",
            Self::Engine => "engine",
        }
    }

    /// Of an ending.
    pub fn of<T>(ending: &Result<T, Fault>) -> Self {
        match ending {
            Ok(_) => Self::Answered,
            Err(Fault::Deadline) => Self::Deadline,
            Err(Fault::Cancelled) => Self::Cancelled,
            Err(Fault::Overloaded(_) | Fault::NoTier(_)) => Self::Overloaded,
            Err(Fault::Engine(_)) => Self::Engine,
            Err(_) => Self::Failed,
        }
    }
}

/// One function on one tier.
#[derive(Debug, Default)]
pub struct TierMetrics {
    /// Endings, as in [`Outcome::ALL`].
    pub outcomes: [AtomicU64; Outcome::ALL.len()],
    /// Setting up and running.
    pub exec: Histogram,
    /// The same of runs that were answered: the policy learns from no others, ns.
    pub answered_ns: AtomicU64,
}

/// One function.
#[derive(Debug)]
pub struct FunctionMetrics {
    /// By tier.
    pub tiers: Vec<TierMetrics>,
    /// Requests turned away at its limit.
    pub limited: AtomicU64,
    /// Requests answered 503 without a run: no runtime can run it, or there was no code in time.
    pub unserved: AtomicU64,
    /// Requests that waited for code.
    pub cold: AtomicU64,
    /// Runs raced by another tier.
    pub raced: AtomicU64,
    /// Tier of the last run, plus one.
    pub last_tier: AtomicU64,
    /// Times the tier changed from one run to the next.
    pub switches: AtomicU64,
}

impl FunctionMetrics {
    /// For so many tiers.
    pub fn new(tiers: usize) -> Self {
        Self {
            tiers: (0..tiers).map(|_| TierMetrics::default()).collect(),
            limited: AtomicU64::new(0),
            unserved: AtomicU64::new(0),
            cold: AtomicU64::new(0),
            raced: AtomicU64::new(0),
            last_tier: AtomicU64::new(0),
            switches: AtomicU64::new(0),
        }
    }

    /// Calls that ran, however they ended.
    pub fn calls(&self) -> u64 {
        self.tiers.iter().flat_map(|t| &t.outcomes).map(|n| n.load(Ordering::Relaxed)).sum()
    }

    /// A run ended.
    pub fn ended(&self, tier: usize, outcome: Outcome, took: Duration) {
        let Some(metrics) = self.tiers.get(tier) else { return };
        if let Some(place) = Outcome::ALL.iter().position(|o| *o == outcome) {
            metrics.outcomes[place].fetch_add(1, Ordering::Relaxed);
        }
        metrics.exec.observe(took);
        if outcome == Outcome::Answered {
            metrics.answered_ns.fetch_add(took.as_nanos() as u64, Ordering::Relaxed);
        }
        let this = tier as u64 + 1;
        let last = self.last_tier.swap(this, Ordering::Relaxed);
        if last != 0 && last != this {
            self.switches.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Builds of one tier.
#[derive(Debug, Default)]
pub struct BuildMetrics {
    /// Compilations, and what they took.
    pub compiles: Histogram,
    /// Loads of artifacts, and what they took.
    pub loads: Histogram,
    /// Builds and loads that failed.
    pub failures: AtomicU64,
}

/// The whole host.
#[derive(Debug)]
pub struct HostMetrics {
    /// Builds by tier.
    pub builds: Vec<BuildMetrics>,
    /// Builds asked for and not done.
    pub build_queue: AtomicU64,
    /// Answers by hundreds of their status: 1xx … 5xx.
    pub statuses: [AtomicU64; 5],
    /// From head to answer.
    pub requests: Histogram,
    /// Requests turned away because the host is full.
    pub shed: AtomicU64,
    /// Reloads that were taken, and those that were not.
    pub reloads: [AtomicU64; 2],
}

impl HostMetrics {
    /// For so many tiers.
    pub fn new(tiers: usize) -> Self {
        Self {
            builds: (0..tiers).map(|_| BuildMetrics::default()).collect(),
            build_queue: AtomicU64::new(0),
            statuses: Default::default(),
            requests: Histogram::default(),
            shed: AtomicU64::new(0),
            reloads: Default::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_in_the_bin_of_their_times() {
        let histogram = Histogram::default();
        assert_eq!(histogram.quantile(0.5), None);
        for _ in 0..90 {
            histogram.observe(Duration::from_micros(80));
        }
        for _ in 0..10 {
            histogram.observe(Duration::from_mins(1));
        }
        let (half, last) = (histogram.quantile(0.5).unwrap(), histogram.quantile(0.99).unwrap());
        assert!((50e-6..=100e-6).contains(&half), "{half}");
        assert!((last - 30.0).abs() < f64::EPSILON, "{last}");
        let merged = Histogram::default();
        merged.add(&histogram);
        merged.add(&histogram);
        assert_eq!(merged.quantile(0.5), Some(half));
        assert_eq!(merged.cumulative().last(), Some(&200));
    }
}
