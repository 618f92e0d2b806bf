//! Products of matrices and vectors.

mod atax;
mod bicg;
mod doitgen;
mod mvt;
mod three_mm;
mod two_mm;

pub use atax::Atax;
pub use bicg::Bicg;
pub use doitgen::Doitgen;
pub use mvt::Mvt;
pub use three_mm::ThreeMm;
pub use two_mm::TwoMm;

use crate::grid::{Grid, dot};

/// `C := A B`, element by element.
fn multiply(a: &Grid<f64>, b: &Grid<f64>, c: &mut Grid<f64>) {
    for (c, a) in c.rows_mut().zip(a.rows()) {
        for (j, c) in c.iter_mut().enumerate() {
            *c = dot(a.iter().copied(), b.column(j));
        }
    }
}
