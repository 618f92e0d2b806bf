//! `doitgen`: `A[r][q][·] := A[r][q][·] C4`, a product along the last of three dimensions (multiresolution analysis).

use crate::grid::{Grid, dot, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel. `a` holds the last dimension in its rows, the other two one after the other.
#[derive(Debug)]
pub struct Doitgen {
    a: Grid<f64>,
    c4: Grid<f64>,
    sum: Vec<f64>,
}

impl Kernel for Doitgen {
    const NAME: &'static str = "doitgen";
    const PARAMETERS: &'static [&'static str] = &["NQ", "NR", "NP"];
    const PUBLISHED: [[usize; 3]; 5] =
        [[8, 10, 12], [20, 25, 30], [40, 50, 60], [140, 150, 160], [220, 250, 270]];
    type Size = [usize; 3];

    fn new([nq, nr, np]: [usize; 3]) -> Self {
        Self {
            a: Grid::new(nr * nq, np, |row, k| ratio((row / nq * (row % nq) + k) % np, np)),
            c4: Grid::new(np, np, |i, j| ratio(i * j % np, np)),
            sum: vec![0.0; np],
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, c4, sum } = self;
        for a in a.rows_mut() {
            for (p, sum) in sum.iter_mut().enumerate() {
                *sum = dot(a.iter().copied(), c4.column(p));
            }
            a.copy_from_slice(sum);
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("A", Cells::F64(self.a.cells()))]
    }
}
