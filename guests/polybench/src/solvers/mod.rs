//! Decompositions and systems of linear equations.

mod cholesky;
mod durbin;
mod gramschmidt;
mod lu;
mod ludcmp;
mod trisolv;

pub use cholesky::Cholesky;
pub use durbin::Durbin;
pub use gramschmidt::Gramschmidt;
pub use lu::Lu;
pub use ludcmp::Ludcmp;
pub use trisolv::Trisolv;

use crate::grid::{Grid, ratio};

/// The published sizes of all but `gramschmidt`.
const PUBLISHED: [[usize; 1]; 5] = [[40], [120], [400], [2000], [4000]];

/// The positive definite matrix of the suite: `L Lᵀ` for a lower triangular `L` with ones on the diagonal and, in
/// every row, the same values left of it.
///
/// The suite adds up all products, in the order of the inner dimension. Rows differ in their last product only, and
/// what follows is zero, so that one sum serves all.
fn positive_definite(n: usize) -> Grid<f64> {
    let mut a = Grid::zeros(n, n);
    let mut sum = 0.0;
    for j in 0..n {
        let value = -ratio(j, n) + 1.0;
        a.row_mut(j)[j] = sum + 1.0;
        for i in j + 1..n {
            a.row_mut(i)[j] = sum + value;
            a.row_mut(j)[i] = sum + value;
        }
        sum += value * value;
    }
    a
}

/// `A = L U` in place, for an `L` with ones on the diagonal; no pivoting.
fn decompose(a: &mut Grid<f64>) {
    let n = a.width();
    for i in 0..n {
        let (above, row, _) = a.around(i);
        for j in 0..n {
            let (left, rest) = row.split_at_mut(j);
            let x = &mut rest[0];
            let known = j.min(i);
            *x = left[..known].iter().zip(above.chunks_exact(n)).fold(*x, |x, (l, u)| x - l * u[j]);
            if j < i {
                *x /= above[j * n + j];
            }
        }
    }
}
