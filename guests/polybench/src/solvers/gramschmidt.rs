//! `gramschmidt`: `A = Q R` by the modified Gram-Schmidt process; `A` is overwritten.

use crate::grid::{Grid, dot, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Gramschmidt {
    a: Grid<f64>,
    r: Grid<f64>,
    q: Grid<f64>,
}

impl Kernel for Gramschmidt {
    const NAME: &'static str = "gramschmidt";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = [[20, 30], [60, 80], [200, 240], [1000, 1200], [2000, 2600]];
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            a: Grid::new(m, n, |i, j| ratio(i * j % m, m) * 100.0 + 10.0),
            r: Grid::zeros(n, n),
            q: Grid::zeros(m, n),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, r, q } = self;
        let n = a.width();
        for k in 0..n {
            let norm = dot(a.column(k), a.column(k)).sqrt();
            r.row_mut(k)[k] = norm;
            for (q, a) in q.rows_mut().zip(a.rows()) {
                q[k] = a[k] / norm;
            }
            for j in k + 1..n {
                let part = dot(q.column(k), a.column(j));
                r.row_mut(k)[j] = part;
                for (a, q) in a.rows_mut().zip(q.rows()) {
                    a[j] -= q[k] * part;
                }
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("R", Cells::F64(self.r.cells())), Array::plain("Q", Cells::F64(self.q.cells()))]
    }
}
