//! `atax`: `y := Aᵀ (A x)`.

use crate::grid::{Grid, dot, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Atax {
    a: Grid<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Kernel for Atax {
    const NAME: &'static str = "atax";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = [[38, 42], [116, 124], [390, 410], [1900, 2100], [1800, 2200]];
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            a: Grid::new(m, n, |i, j| ratio((i + j) % n, 5 * m)),
            x: (0..n).map(|i| 1.0 + ratio(i, n)).collect(),
            y: vec![0.0; n],
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        self.y.fill(0.0);
        for a in self.a.rows() {
            let product = dot(a.iter().copied(), self.x.iter().copied());
            for (y, a) in self.y.iter_mut().zip(a) {
                *y += a * product;
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("y", Cells::F64(&self.y))]
    }
}
