//! `gemm`: `C := alpha A B + beta C`.

use super::{ALPHA, BETA};
use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Gemm {
    a: Grid<f64>,
    b: Grid<f64>,
    c: Grid<f64>,
}

impl Kernel for Gemm {
    const NAME: &'static str = "gemm";
    const PARAMETERS: &'static [&'static str] = &["NI", "NJ", "NK"];
    const PUBLISHED: [[usize; 3]; 5] =
        [[20, 25, 30], [60, 70, 80], [200, 220, 240], [1000, 1100, 1200], [2000, 2300, 2600]];
    type Size = [usize; 3];

    fn new([ni, nj, nk]: [usize; 3]) -> Self {
        Self {
            a: Grid::new(ni, nk, |i, j| ratio(i * (j + 1) % nk, nk)),
            b: Grid::new(nk, nj, |i, j| ratio(i * (j + 2) % nj, nj)),
            c: Grid::new(ni, nj, |i, j| ratio((i * j + 1) % ni, ni)),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        for (c, a) in self.c.rows_mut().zip(self.a.rows()) {
            for c in &mut *c {
                *c *= BETA;
            }
            for (a, b) in a.iter().zip(self.b.rows()) {
                for (c, b) in c.iter_mut().zip(b) {
                    *c += ALPHA * a * b;
                }
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::matrix("C", Cells::F64(self.c.cells()), self.c.width(), self.a.rows().len())]
    }
}
