//! `symm`: `C := alpha A B + beta C` for a symmetric `A` of which only the lower triangle is read.

use super::{ALPHA, BETA, PUBLISHED};
use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// What stands where nothing is read.
const UNUSED: f64 = -999.0;

/// The kernel.
#[derive(Debug)]
pub struct Symm {
    a: Grid<f64>,
    b: Grid<f64>,
    c: Grid<f64>,
}

impl Kernel for Symm {
    const NAME: &'static str = "symm";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = PUBLISHED;
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            a: Grid::new(m, m, |i, j| if j <= i { ratio((i + j) % 100, m) } else { UNUSED }),
            b: Grid::new(m, n, |i, j| ratio((n + i - j) % 100, m)),
            c: Grid::new(m, n, |i, j| ratio((i + j) % 100, m)),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, b, c } = self;
        let width = c.width();
        for (i, a) in a.rows().enumerate() {
            let (above, c, _) = c.around(i);
            for (j, (c, own)) in c.iter_mut().zip(b.row(i)).enumerate() {
                let mut sum = 0.0;
                for ((a, above), b) in a[..i].iter().zip(above.chunks_exact_mut(width)).zip(b.rows()) {
                    above[j] += ALPHA * own * a;
                    sum += b[j] * a;
                }
                *c = BETA * *c + ALPHA * own * a[i] + ALPHA * sum;
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::matrix("C", Cells::F64(self.c.cells()), self.c.width(), self.a.width())]
    }
}
