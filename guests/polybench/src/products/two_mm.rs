//! `2mm`: `D := alpha A B C + beta D`.

use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

const ALPHA: f64 = 1.5;
const BETA: f64 = 1.2;

/// The kernel.
#[derive(Debug)]
pub struct TwoMm {
    a: Grid<f64>,
    b: Grid<f64>,
    c: Grid<f64>,
    d: Grid<f64>,
    product: Grid<f64>,
}

impl Kernel for TwoMm {
    const NAME: &'static str = "2mm";
    const PARAMETERS: &'static [&'static str] = &["NI", "NJ", "NK", "NL"];
    const PUBLISHED: [[usize; 4]; 5] = [
        [16, 18, 22, 24],
        [40, 50, 70, 80],
        [180, 190, 210, 220],
        [800, 900, 1100, 1200],
        [1600, 1800, 2200, 2400],
    ];
    type Size = [usize; 4];

    fn new([ni, nj, nk, nl]: [usize; 4]) -> Self {
        Self {
            a: Grid::new(ni, nk, |i, j| ratio((i * j + 1) % ni, ni)),
            b: Grid::new(nk, nj, |i, j| ratio(i * (j + 1) % nj, nj)),
            c: Grid::new(nj, nl, |i, j| ratio((i * (j + 3) + 1) % nl, nl)),
            d: Grid::new(ni, nl, |i, j| ratio(i * (j + 2) % nk, nk)),
            product: Grid::zeros(ni, nj),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, b, c, d, product } = self;
        for (product, a) in product.rows_mut().zip(a.rows()) {
            for (j, x) in product.iter_mut().enumerate() {
                *x = a.iter().zip(b.column(j)).fold(0.0, |sum, (a, b)| sum + ALPHA * a * b);
            }
        }
        for (d, product) in d.rows_mut().zip(product.rows()) {
            for (j, d) in d.iter_mut().enumerate() {
                *d = product.iter().zip(c.column(j)).fold(*d * BETA, |sum, (x, c)| sum + x * c);
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::matrix("D", Cells::F64(self.d.cells()), self.d.width(), self.a.rows().len())]
    }
}
