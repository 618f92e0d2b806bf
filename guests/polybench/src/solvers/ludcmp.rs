//! `ludcmp`: solves `A x = b` by `A = L U`, `L y = b`, `U x = y`.

use super::{PUBLISHED, decompose, positive_definite};
use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Ludcmp {
    a: Grid<f64>,
    b: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Kernel for Ludcmp {
    const NAME: &'static str = "ludcmp";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = PUBLISHED;
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        Self {
            a: positive_definite(n),
            b: (0..n).map(|i| ratio(i + 1, n) / 2.0 + 4.0).collect(),
            x: vec![0.0; n],
            y: vec![0.0; n],
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, b, x, y } = self;
        decompose(a);
        for (i, (a, b)) in a.rows().zip(b).enumerate() {
            let (known, rest) = y.split_at_mut(i);
            rest[0] = a.iter().zip(known).fold(*b, |rest, (a, y)| rest - a * *y);
        }
        for (i, (a, y)) in a.rows().zip(y).enumerate().rev() {
            let (rest, known) = x.split_at_mut(i + 1);
            rest[i] = a[i + 1..].iter().zip(known).fold(*y, |rest, (a, x)| rest - a * *x) / a[i];
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("x", Cells::F64(&self.x))]
    }
}
