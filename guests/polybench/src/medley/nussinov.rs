//! `nussinov`: the largest number of base pairs in a folded RNA, for every stretch of it, by Nussinov's recurrence.

use crate::grid::Grid;
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Nussinov {
    /// Bases A, G, C, U as 0 to 3; two bond when they add up to 3.
    bases: Vec<u8>,
    table: Grid<i32>,
}

impl Kernel for Nussinov {
    const NAME: &'static str = "nussinov";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = [[60], [180], [500], [2500], [5500]];
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        Self { bases: [1, 2, 3, 0].into_iter().cycle().take(n).collect(), table: Grid::zeros(n, n) }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { bases, table } = self;
        let n = table.width();
        for i in (0..n).rev() {
            let (_, row, below) = table.around(i);
            for j in i + 1..n {
                let mut best = row[j].max(row[j - 1]).max(below[j]);
                // Neighbours do not bond.
                let bond = i32::from(i + 1 < j && bases[i] + bases[j] == 3);
                best = best.max(below[j - 1] + bond);
                for (left, right) in row[i + 1..j].iter().zip(below[n..].chunks_exact(n)) {
                    best = best.max(left + right[j]);
                }
                row[j] = best;
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::upper("table", Cells::I32(self.table.cells()), self.table.width())]
    }
}
