//! `floyd-warshall`: the lengths of the shortest paths between all nodes of a graph.

use crate::grid::Grid;
use crate::{Array, Cells, Kernel};

/// The length of an edge that is not there.
const FAR: i32 = 999;

/// The kernel.
#[derive(Debug)]
pub struct FloydWarshall {
    path: Grid<i32>,
    via: Vec<i32>,
}

impl Kernel for FloydWarshall {
    const NAME: &'static str = "floyd-warshall";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = [[60], [180], [500], [2800], [5600]];
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        let length = |i: usize, j: usize| {
            let gap = [13, 7, 11].iter().any(|d| (i + j).is_multiple_of(*d));
            if gap { FAR } else { i32::try_from(i * j % 7).map_or(FAR, |length| length + 1) }
        };
        Self { path: Grid::new(n, n, length), via: vec![0; n] }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { path, via } = self;
        for k in 0..path.width() {
            // All lengths are positive, so neither row nor column k changes in this step.
            via.copy_from_slice(path.row(k));
            for row in path.rows_mut() {
                let first = row[k];
                for (x, second) in row.iter_mut().zip(&*via) {
                    *x = (*x).min(first + second);
                }
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("path", Cells::I32(self.path.cells()))]
    }
}
