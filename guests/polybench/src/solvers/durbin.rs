//! `durbin`: solves the Yule-Walker equations of a symmetric Toeplitz matrix by the Levinson-Durbin recursion.

use super::PUBLISHED;
use crate::grid::{dot, real};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Durbin {
    r: Vec<f64>,
    y: Vec<f64>,
    z: Vec<f64>,
}

impl Kernel for Durbin {
    const NAME: &'static str = "durbin";
    const PARAMETERS: &'static [&'static str] = &["N"];
    const PUBLISHED: [[usize; 1]; 5] = PUBLISHED;
    type Size = [usize; 1];

    fn new([n]: [usize; 1]) -> Self {
        Self { r: (0..n).map(|i| real(n + 1 - i)).collect(), y: vec![0.0; n], z: vec![0.0; n] }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { r, y, z } = self;
        let (mut alpha, mut beta) = (-r[0], 1.0);
        y[0] = alpha;
        for k in 1..r.len() {
            beta *= 1.0 - alpha * alpha;
            let sum = dot(r[..k].iter().rev().copied(), y[..k].iter().copied());
            alpha = -(r[k] + sum) / beta;
            let (z, known) = (&mut z[..k], &mut y[..k]);
            for ((z, y), mirrored) in z.iter_mut().zip(&*known).zip(known.iter().rev()) {
                *z = y + alpha * mirrored;
            }
            known.copy_from_slice(z);
            y[k] = alpha;
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("y", Cells::F64(&self.y))]
    }
}
