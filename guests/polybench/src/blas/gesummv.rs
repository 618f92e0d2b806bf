//! `gesummv`: `y := alpha A x + beta B x`.

use super::{ALPHA, BETA};
use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Gesummv {
    a: Grid<f64>,
    b: Grid<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Kernel for Gesummv {
    const NAME: &'static str = "gesummv";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = [[30], [90], [250], [1300], [2800]];
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        Self {
            a: Grid::new(n, n, |i, j| ratio((i * j + 1) % n, n)),
            b: Grid::new(n, n, |i, j| ratio((i * j + 2) % n, n)),
            x: (0..n).map(|i| ratio(i, n)).collect(),
            y: vec![0.0; n],
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        for ((y, a), b) in self.y.iter_mut().zip(self.a.rows()).zip(self.b.rows()) {
            let (mut left, mut right) = (0.0, 0.0);
            for ((a, b), x) in a.iter().zip(b).zip(&self.x) {
                left += a * x;
                right += b * x;
            }
            *y = ALPHA * left + BETA * right;
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("y", Cells::F64(&self.y))]
    }
}
