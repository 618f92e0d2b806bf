//! `trisolv`: solves `L x = b` for a lower triangular `L`.

use super::PUBLISHED;
use crate::grid::{Grid, ratio, real};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Trisolv {
    l: Grid<f64>,
    x: Vec<f64>,
    b: Vec<f64>,
}

impl Kernel for Trisolv {
    const NAME: &'static str = "trisolv";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = PUBLISHED;
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        Self {
            l: Grid::new(n, n, |i, j| if j <= i { ratio((i + n - j + 1) * 2, n) } else { 0.0 }),
            x: vec![-999.0; n],
            b: (0..n).map(real).collect(),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { l, x, b } = self;
        for (i, (l, b)) in l.rows().zip(b).enumerate() {
            let (known, rest) = x.split_at_mut(i);
            rest[0] = l.iter().zip(known).fold(*b, |rest, (l, x)| rest - l * *x) / l[i];
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::break_after("x", Cells::F64(&self.x))]
    }
}
