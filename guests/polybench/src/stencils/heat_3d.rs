//! `heat-3d`: the heat equation in three dimensions, to and fro between two arrays.

use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel. Rows hold the last dimension, the other two one after the other.
#[derive(Debug)]
pub struct Heat3d {
    steps: usize,
    a: Grid<f64>,
    b: Grid<f64>,
}

impl Kernel for Heat3d {
    const NAME: &'static str = "heat-3d";
    const PARAMETERS: &'static [&'static str] = &["TSTEPS", "N"];
    const PUBLISHED: [[usize; 2]; 5] = [[20, 10], [40, 20], [100, 40], [500, 120], [1000, 200]];
    type Size = [usize; 2];

    fn new([steps, n]: [usize; 2]) -> Self {
        let a = Grid::new(n * n, n, |row, k| ratio((row / n + row % n + n - k) * 10, n));
        Self { steps, b: a.clone(), a }
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
        for j in 1..n - 1 {
            let row = |i: usize, j: usize| &from.row(i * n + j)[1..n - 1];
            let (below, above) = (row(i + 1, j), row(i - 1, j));
            let (after, before) = (row(i, j + 1), row(i, j - 1));
            let line = from.row(i * n + j);
            let to = &mut to.row_mut(i * n + j)[1..n - 1];
            let around = below.iter().zip(above).zip(after.iter().zip(before));
            for ((to, line), ((below, above), (after, before))) in
                to.iter_mut().zip(line.windows(3)).zip(around)
            {
                let twice = 2.0 * line[1];
                *to = 0.125 * (below - twice + above)
                    + 0.125 * (after - twice + before)
                    + 0.125 * (line[2] - twice + line[0])
                    + line[1];
            }
        }
    }
}
