//! `syrk`: the lower triangle of `C := alpha A Aᵀ + beta C`.

use super::{ALPHA, BETA, PUBLISHED};
use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Syrk {
    a: Grid<f64>,
    c: Grid<f64>,
}

impl Kernel for Syrk {
    const NAME: &'static str = "syrk";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = PUBLISHED;
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            a: Grid::new(n, m, |i, j| ratio((i * j + 1) % n, n)),
            c: Grid::new(n, n, |i, j| ratio((i * j + 2) % m, m)),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, c } = self;
        let m = a.width();
        for (i, c) in c.rows_mut().enumerate() {
            let c = &mut c[..=i];
            for c in &mut *c {
                *c *= BETA;
            }
            let rows = &a.cells()[..(i + 1) * m];
            for (k, own) in a.row(i).iter().enumerate() {
                let factor = ALPHA * own;
                let mut at = k;
                for c in &mut *c {
                    *c += factor * rows[at];
                    at += m;
                }
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("C", Cells::F64(self.c.cells()))]
    }
}
