//! `trmm`: `B := alpha Aᵀ B` for a lower triangular `A` with ones on the diagonal.

use super::{ALPHA, PUBLISHED};
use crate::grid::{Grid, column, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Trmm {
    a: Grid<f64>,
    b: Grid<f64>,
}

impl Kernel for Trmm {
    const NAME: &'static str = "trmm";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = PUBLISHED;
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            a: Grid::new(m, m, |i, j| match j {
                _ if j < i => ratio((i + j) % m, m),
                _ if j == i => 1.0,
                _ => 0.0,
            }),
            b: Grid::new(m, n, |i, j| ratio((n + i - j) % n, n)),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, b } = self;
        let (m, n) = (a.width(), b.width());
        for i in 0..m {
            let (_, row, below) = b.around(i);
            let a = &a.cells()[(i + 1) * m..];
            for (j, x) in row.iter_mut().enumerate() {
                let sum = column(a, m, i).zip(column(below, n, j)).fold(*x, |sum, (a, b)| sum + a * b);
                *x = ALPHA * sum;
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::matrix("B", Cells::F64(self.b.cells()), self.b.width(), self.a.width())]
    }
}
