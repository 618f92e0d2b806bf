//! `mvt`: `x1 := x1 + A y1` and `x2 := x2 + Aᵀ y2`.

use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Mvt {
    a: Grid<f64>,
    x1: Vec<f64>,
    x2: Vec<f64>,
    y1: Vec<f64>,
    y2: Vec<f64>,
}

impl Kernel for Mvt {
    const NAME: &'static str = "mvt";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = [[40], [120], [400], [2000], [4000]];
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        let from = |first: usize| (0..n).map(|i| ratio((i + first) % n, n)).collect();
        Self {
            a: Grid::new(n, n, |i, j| ratio(i * j % n, n)),
            x1: from(0),
            x2: from(1),
            y1: from(3),
            y2: from(4),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        for (x, a) in self.x1.iter_mut().zip(self.a.rows()) {
            *x = a.iter().zip(&self.y1).fold(*x, |x, (a, y)| x + a * y);
        }
        for (i, x) in self.x2.iter_mut().enumerate() {
            *x = self.a.column(i).zip(&self.y2).fold(*x, |x, (a, y)| x + a * y);
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("x1", Cells::F64(&self.x1)), Array::plain("x2", Cells::F64(&self.x2))]
    }
}
