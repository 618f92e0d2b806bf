//! `seidel-2d`: means of nine neighbours in place, so that new values are used as soon as they are there.

use super::ramp;
use crate::grid::Grid;
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Seidel2d {
    steps: usize,
    a: Grid<f64>,
}

impl Kernel for Seidel2d {
    const NAME: &'static str = "seidel-2d";
    const PARAMETERS: &'static [&'static str] = &["TSTEPS", "N"];
    const PUBLISHED: [[usize; 2]; 5] = [[20, 40], [40, 120], [100, 400], [500, 2000], [1000, 4000]];
    type Size = [usize; 2];

    fn new([steps, n]: [usize; 2]) -> Self {
        Self { steps, a: ramp(n, 2) }
    }

    #[inline(never)]
    fn run(&mut self) {
        let n = self.a.width();
        for _ in 0..self.steps {
            for i in 1..n - 1 {
                let (above, line, below) = self.a.around(i);
                let (above, below) = (&above[(i - 1) * n..], &below[..n]);
                let mut before = line[0];
                for ((j, above), below) in (1..n - 1).zip(above.windows(3)).zip(below.windows(3)) {
                    let sum = above[0] + above[1] + above[2] + before + line[j] + line[j + 1];
                    before = (sum + below[0] + below[1] + below[2]) / 9.0;
                    line[j] = before;
                }
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("A", Cells::F64(self.a.cells()))]
    }
}
