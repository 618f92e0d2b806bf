//! What is followed, and what came of it.

use serde::Serialize;

use super::claims::{Claim, claims};
use super::published::{PUBLISHED, Published};
use super::simulate::{Figures, LINE};

/// A program of the study with its arguments: usually, and for a quick look.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// Its name in the catalogue.
    pub workload: &'static str,
    /// Arguments.
    pub args: &'static [&'static str],
    /// Arguments for a quick look.
    pub quick: &'static [&'static str],
}

/// The programs: the two of Table III, two others that source 004 analyses, its matrices of 17 × 17, and one with more code.
pub const PLAN: [Planned; 6] = [
    Planned { workload: "polybench/2mm", args: &["small"], quick: &["mini"] },
    Planned { workload: "polybench/symm", args: &["small"], quick: &["mini"] },
    Planned { workload: "polybench/heat-3d", args: &["small"], quick: &["mini"] },
    Planned { workload: "polybench/seidel-2d", args: &["small"], quick: &["mini"] },
    Planned { workload: "c/matmul-17", args: &["unoptimised", "20"], quick: &["unoptimised", "2"] },
    Planned { workload: "edge/unzip", args: &["65536"], quick: &["4096"] },
];

/// One call that was followed, or why it was not.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// The program.
    pub workload: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// The runtime.
    pub runtime: String,
    /// What was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
    /// Whether the measured part came to its end within the limit.
    pub complete: bool,
    /// Why there are no figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The whole study.
#[derive(Clone, Debug, Serialize)]
pub struct Study {
    /// Most instructions per call.
    pub instructions: u64,
    /// Lines per set of the caches.
    pub ways: usize,
    /// Bytes per line.
    pub line: u64,
    /// Every call.
    pub cells: Vec<Cell>,
    /// What the source reports.
    pub published: &'static [Published],
    /// What became of its claims.
    pub claims: Vec<Claim>,
}

impl Study {
    /// From its cells.
    pub fn new(instructions: u64, ways: usize, cells: Vec<Cell>) -> Self {
        let claims = claims(&cells);
        Self { instructions, ways, line: LINE, cells, published: &PUBLISHED, claims }
    }
}
