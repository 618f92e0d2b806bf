//! `jacobi-2d`: means of five neighbours, to and fro between two arrays.

use super::ramp;
use crate::grid::Grid;
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Jacobi2d {
    steps: usize,
    a: Grid<f64>,
    b: Grid<f64>,
}

impl Kernel for Jacobi2d {
    const NAME: &'static str = "jacobi-2d";
    const PARAMETERS: &'static [&'static str] = &["TSTEPS", "N"];
    const PUBLISHED: [[usize; 2]; 5] = [[20, 30], [40, 90], [100, 250], [500, 1300], [1000, 2800]];
    type Size = [usize; 2];

    fn new([steps, n]: [usize; 2]) -> Self {
        Self { steps, a: ramp(n, 2), b: ramp(n, 3) }
    }

    #[inline(never)]
    fn run(&mut self) {
        for _ in 0..self.steps {
            step(&self.a, &mut self.b);
            step(&self.b, &mut self.a);
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("A", Cells::F64(self.a.cells()))]
    }
}

fn step(from: &Grid<f64>, to: &mut Grid<f64>) {
    let n = from.width();
    for i in 1..n - 1 {
        let (above, line, below) = (&from.row(i - 1)[1..], from.row(i), &from.row(i + 1)[1..]);
        let inner = to.row_mut(i)[1..].iter_mut().zip(line.windows(3));
        for (((to, line), above), below) in inner.zip(above).zip(below) {
            *to = 0.2 * (line[1] + line[0] + line[2] + below + above);
        }
    }
}
