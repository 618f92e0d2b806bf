//! What is known of one runtime running one module.

use runoff_stats::{Blocks, median};

/// The measured curve of one process.
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessCurve {
    round: u32,
    startup_ns: f64,
    points: Vec<(u64, f64)>,
    steady_ns: f64,
}

impl ProcessCurve {
    /// From the round it was measured in, start-up, points (calls, cumulative ns, rising) and the steady call;
    /// without one, the last stretch of the curve stands for it.
    pub fn new(round: u32, startup_ns: f64, points: Vec<(u64, f64)>, steady_ns: Option<f64>) -> Self {
        let slope = match points.as_slice() {
            [.., (n0, t0), (n1, t1)] if n1 > n0 => (t1 - t0).max(0.0) / (n1 - n0) as f64,
            [(n, t)] => t / (*n).max(1) as f64,
            _ => 0.0,
        };
        Self { round, startup_ns, points, steady_ns: steady_ns.unwrap_or(slope) }
    }

    /// Time of `n` calls in a row, start-up not included, nanoseconds.
    pub fn calls(&self, n: u64) -> f64 {
        let mut before = (0_u64, 0.0);
        for &(calls, ns) in &self.points {
            if n <= calls {
                let share = (n - before.0) as f64 / (calls - before.0).max(1) as f64;
                return before.1 + share * (ns - before.1);
            }
            before = (calls, ns);
        }
        before.1 + (n - before.0) as f64 * self.steady_ns
    }

    /// Time from nothing to the end of `n` calls, nanoseconds.
    pub fn total(&self, n: u64) -> f64 {
        self.startup_ns + self.calls(n)
    }
}

/// What a host can do with a runtime beyond running modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// A call can be stopped without killing the process.
    Deadline,
    /// Linear memory can be capped to the page.
    MemoryCap,
    /// Compiled code can be saved and loaded.
    Save,
    /// One compiled module serves several threads.
    Threads,
}

impl Ability {
    /// All abilities.
    pub const ALL: [Self; 4] = [Self::Deadline, Self::MemoryCap, Self::Save, Self::Threads];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::MemoryCap => "memory-cap",
            Self::Save => "save",
            Self::Threads => "shared-module",
        }
    }
}

/// A runtime that may be chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    /// Runtime id.
    pub runtime: String,
    /// One curve per process.
    pub curves: Vec<ProcessCurve>,
    /// Peak resident set, bytes.
    pub peak_rss: Option<u64>,
    /// Saved artifact, bytes.
    pub artifact_bytes: Option<u64>,
    /// Proposals it runs, by name.
    pub features: Vec<String>,
    /// What else can be done with it.
    pub abilities: Vec<Ability>,
    /// Whether it may run guests nobody vouches for in the host's process.
    pub untrusted: bool,
    /// Where it may run such guests, for people: `killable child`.
    pub trust: Option<String>,
    /// What its licence forbids, for people.
    pub restriction: Option<String>,
    /// For a runtime that is a process of its own: what starting it takes, nanoseconds. The curves leave it out.
    pub own_process_ns: Option<f64>,
    /// Why it cannot be used at all.
    pub unusable: Option<String>,
}

impl Candidate {
    /// Time of `n` calls with start-up, one value per process.
    pub fn totals(&self, n: u64) -> Blocks {
        Blocks::new(self.curves.iter().map(|c| (c.round, vec![c.total(n)])))
    }

    /// Median time of `n` calls with start-up, nanoseconds; infinite when unknown.
    pub fn median_total(&self, n: u64) -> f64 {
        median(&self.curves.iter().map(|c| c.total(n)).collect::<Vec<_>>()).unwrap_or(f64::INFINITY)
    }

    /// Median time of `n` calls without start-up, nanoseconds; infinite when unknown.
    pub fn median_calls(&self, n: u64) -> f64 {
        median(&self.curves.iter().map(|c| c.calls(n)).collect::<Vec<_>>()).unwrap_or(f64::INFINITY)
    }

    /// Median steady call, nanoseconds.
    pub fn median_steady(&self) -> f64 {
        median(&self.curves.iter().map(|c| c.steady_ns).collect::<Vec<_>>()).unwrap_or(f64::INFINITY)
    }

    /// Median start-up, nanoseconds.
    pub fn median_startup(&self) -> f64 {
        median(&self.curves.iter().map(|c| c.startup_ns).collect::<Vec<_>>()).unwrap_or(f64::INFINITY)
    }

    /// Call numbers measured in every process.
    pub fn measured_calls(&self) -> Vec<u64> {
        let Some(first) = self.curves.first() else { return Vec::new() };
        let everywhere = |n: u64| self.curves.iter().all(|c| c.points.iter().any(|(m, _)| *m == n));
        first.points.iter().map(|(n, _)| *n).filter(|n| everywhere(*n)).collect()
    }

    pub(crate) fn by_round(&self) -> impl Iterator<Item = (u32, &ProcessCurve)> {
        self.curves.iter().map(|c| (c.round, c))
    }
}
