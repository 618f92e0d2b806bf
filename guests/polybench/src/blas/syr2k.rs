//! `syr2k`: the lower triangle of `C := alpha A Bᵀ + alpha B Aᵀ + beta C`.

use super::{ALPHA, BETA, PUBLISHED};
use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Syr2k {
    a: Grid<f64>,
    b: Grid<f64>,
    c: Grid<f64>,
}

impl Kernel for Syr2k {
    const NAME: &'static str = "syr2k";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = PUBLISHED;
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            a: Grid::new(n, m, |i, j| ratio((i * j + 1) % n, n)),
            b: Grid::new(n, m, |i, j| ratio((i * j + 2) % m, m)),
            c: Grid::new(n, n, |i, j| ratio((i * j + 3) % n, m)),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, b, c } = self;
        for (i, c) in c.rows_mut().enumerate() {
            let c = &mut c[..=i];
            for c in &mut *c {
                *c *= BETA;
            }
            for (k, (own_a, own_b)) in a.row(i).iter().zip(b.row(i)).enumerate() {
                for ((c, a), b) in c.iter_mut().zip(a.column(k)).zip(b.column(k)) {
                    *c += a * ALPHA * own_b + b * ALPHA * own_a;
                }
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("C", Cells::F64(self.c.cells()))]
    }
}
