//! `cholesky`: `A = L Lᵀ` for a positive definite `A`, in the lower triangle of `A`.

use super::{PUBLISHED, positive_definite};
use crate::grid::Grid;
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Cholesky {
    a: Grid<f64>,
}

impl Kernel for Cholesky {
    const NAME: &'static str = "cholesky";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = PUBLISHED;
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        Self { a: positive_definite(n) }
    }

    #[inline(never)]
    fn run(&mut self) {
        let n = self.a.width();
        for i in 0..n {
            let (above, row, _) = self.a.around(i);
            for (j, other) in above.chunks_exact(n).enumerate() {
                let (left, rest) = row.split_at_mut(j);
                let x = left.iter().zip(other).fold(rest[0], |x, (a, b)| x - a * b);
                rest[0] = x / other[j];
            }
            let (left, rest) = row.split_at_mut(i);
            rest[0] = left.iter().fold(rest[0], |x, a| x - a * a).sqrt();
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::lower("A", Cells::F64(self.a.cells()), self.a.width())]
    }
}
