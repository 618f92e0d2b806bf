//! `lu`: `A = L U` in place, without pivoting.

use super::{PUBLISHED, decompose, positive_definite};
use crate::grid::Grid;
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Lu {
    a: Grid<f64>,
}

impl Kernel for Lu {
    const NAME: &'static str = "lu";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = PUBLISHED;
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        Self { a: positive_definite(n) }
    }

    #[inline(never)]
    fn run(&mut self) {
        decompose(&mut self.a);
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("A", Cells::F64(self.a.cells()))]
    }
}
