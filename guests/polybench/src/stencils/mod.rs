//! Steps of partial differential equations on regular grids.

mod adi;
mod fdtd_2d;
mod heat_3d;
mod jacobi_1d;
mod jacobi_2d;
mod seidel_2d;

pub use adi::Adi;
pub use fdtd_2d::Fdtd2d;
pub use heat_3d::Heat3d;
pub use jacobi_1d::Jacobi1d;
pub use jacobi_2d::Jacobi2d;
pub use seidel_2d::Seidel2d;

use crate::grid::{Grid, real};

/// A matrix with `(i (j + first) + first) / n`.
fn ramp(n: usize, first: usize) -> Grid<f64> {
    Grid::new(n, n, |i, j| (real(i) * real(j + first) + real(first)) / real(n))
}
