//! What source 004 reports.

use serde::Serialize;

/// A row of its Table III: mispredicted branches, per cent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Published {
    /// The program, as this project calls it.
    pub workload: &'static str,
    /// The runtime.
    pub runtime: &'static str,
    /// 2-bit local, bi-mode, tournament.
    pub percent: [f64; 3],
}

/// Table III.
pub const PUBLISHED: [Published; 4] = [
    Published { workload: "polybench/2mm", runtime: "WAVM", percent: [22.15, 6.91, 2.73] },
    Published { workload: "polybench/2mm", runtime: "Wasmtime 0.19", percent: [16.47, 5.40, 1.92] },
    Published { workload: "polybench/symm", runtime: "WAVM", percent: [24.83, 6.23, 3.28] },
    Published { workload: "polybench/symm", runtime: "Wasmtime 0.19", percent: [18.31, 6.54, 4.03] },
];
