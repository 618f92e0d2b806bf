//! `3mm`: `G := (A B) (C D)`.

use super::multiply;
use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct ThreeMm {
    a: Grid<f64>,
    b: Grid<f64>,
    c: Grid<f64>,
    d: Grid<f64>,
    e: Grid<f64>,
    f: Grid<f64>,
    g: Grid<f64>,
}

impl Kernel for ThreeMm {
    const NAME: &'static str = "3mm";
    const PARAMETERS: &'static [&'static str] = &["NI", "NJ", "NK", "NL", "NM"];
    const PUBLISHED: [[usize; 5]; 5] = [
        [16, 18, 20, 22, 24],
        [40, 50, 60, 70, 80],
        [180, 190, 200, 210, 220],
        [800, 900, 1000, 1100, 1200],
        [1600, 1800, 2000, 2200, 2400],
    ];
    type Size = [usize; 5];

    fn new([ni, nj, nk, nl, nm]: [usize; 5]) -> Self {
        Self {
            a: Grid::new(ni, nk, |i, j| ratio((i * j + 1) % ni, 5 * ni)),
            b: Grid::new(nk, nj, |i, j| ratio((i * (j + 1) + 2) % nj, 5 * nj)),
            c: Grid::new(nj, nm, |i, j| ratio(i * (j + 3) % nl, 5 * nl)),
            d: Grid::new(nm, nl, |i, j| ratio((i * (j + 2) + 2) % nk, 5 * nk)),
            e: Grid::zeros(ni, nj),
            f: Grid::zeros(nj, nl),
            g: Grid::zeros(ni, nl),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        multiply(&self.a, &self.b, &mut self.e);
        multiply(&self.c, &self.d, &mut self.f);
        multiply(&self.e, &self.f, &mut self.g);
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::matrix("G", Cells::F64(self.g.cells()), self.g.width(), self.a.rows().len())]
    }
}
