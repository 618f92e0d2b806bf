//! `gemver`: `A := A + u1 v1ᵀ + u2 v2ᵀ`, `x := beta Aᵀ y + z`, `w := alpha A x`.

use super::{ALPHA, BETA};
use crate::grid::{Grid, ratio, real};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Gemver {
    a: Grid<f64>,
    u1: Vec<f64>,
    v1: Vec<f64>,
    u2: Vec<f64>,
    v2: Vec<f64>,
    w: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
    z: Vec<f64>,
}

impl Kernel for Gemver {
    const NAME: &'static str = "gemver";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = [[40], [120], [400], [2000], [4000]];
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        let part = |divisor: f64| (0..n).map(|i| ratio(i + 1, n) / divisor).collect();
        Self {
            a: Grid::new(n, n, |i, j| ratio(i * j % n, n)),
            u1: (0..n).map(real).collect(),
            u2: part(2.0),
            v1: part(4.0),
            v2: part(6.0),
            y: part(8.0),
            z: part(9.0),
            x: vec![0.0; n],
            w: vec![0.0; n],
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        for ((row, u1), u2) in self.a.rows_mut().zip(&self.u1).zip(&self.u2) {
            for ((a, v1), v2) in row.iter_mut().zip(&self.v1).zip(&self.v2) {
                *a = *a + u1 * v1 + u2 * v2;
            }
        }
        for (i, x) in self.x.iter_mut().enumerate() {
            *x = self.a.column(i).zip(&self.y).fold(*x, |x, (a, y)| x + BETA * a * y);
        }
        for (x, z) in self.x.iter_mut().zip(&self.z) {
            *x += z;
        }
        for (w, row) in self.w.iter_mut().zip(self.a.rows()) {
            *w = row.iter().zip(&self.x).fold(*w, |w, (a, x)| w + ALPHA * a * x);
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("w", Cells::F64(&self.w))]
    }
}
