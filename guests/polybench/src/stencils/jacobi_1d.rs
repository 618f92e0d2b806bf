//! `jacobi-1d`: means of three neighbours, to and fro between two arrays.

use crate::grid::real;
use crate::{Array, Cells, Kernel};

/// The suite's third.
const THIRD: f64 = 0.33333;

/// The kernel.
#[derive(Debug)]
pub struct Jacobi1d {
    steps: usize,
    a: Vec<f64>,
    b: Vec<f64>,
}

impl Kernel for Jacobi1d {
    const NAME: &'static str = "jacobi-1d";
    const PARAMETERS: &'static [&'static str] = &["TSTEPS", "N"];
    const PUBLISHED: [[usize; 2]; 5] = [[20, 30], [40, 120], [100, 400], [500, 2000], [1000, 4000]];
    type Size = [usize; 2];

    fn new([steps, n]: [usize; 2]) -> Self {
        let from = |first: usize| (0..n).map(|i| real(i + first) / real(n)).collect();
        Self { steps, a: from(2), b: from(3) }
    }

    #[inline(never)]
    fn run(&mut self) {
        for _ in 0..self.steps {
            step(&self.a, &mut self.b);
            step(&self.b, &mut self.a);
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("A", Cells::F64(&self.a))]
    }
}

fn step(from: &[f64], to: &mut [f64]) {
    for (to, from) in to[1..].iter_mut().zip(from.windows(3)) {
        *to = THIRD * (from[0] + from[1] + from[2]);
    }
}
