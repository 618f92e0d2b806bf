//! Statistics of a table of `N` observations of `M` variables.

mod correlation;
mod covariance;

pub use correlation::Correlation;
pub use covariance::Covariance;

use crate::grid::{Grid, real};

/// The published sizes of both kernels, `M` and `N`.
const PUBLISHED: [[usize; 2]; 5] = [[28, 32], [80, 100], [240, 260], [1200, 1400], [2600, 3000]];

/// The mean of every column.
fn means(data: &Grid<f64>, mean: &mut [f64]) {
    let n = real(data.rows().len());
    for (j, mean) in mean.iter_mut().enumerate() {
        *mean = data.column(j).fold(0.0, |sum, x| sum + x) / n;
    }
}
