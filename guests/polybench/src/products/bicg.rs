//! `bicg`: `s := Aᵀ r` and `q := A p`, the products of a step of the biconjugate gradient method.

use crate::grid::{Grid, ratio};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Bicg {
    a: Grid<f64>,
    s: Vec<f64>,
    q: Vec<f64>,
    p: Vec<f64>,
    r: Vec<f64>,
}

impl Kernel for Bicg {
    const NAME: &'static str = "bicg";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = [[38, 42], [116, 124], [390, 410], [1900, 2100], [1800, 2200]];
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            a: Grid::new(n, m, |i, j| ratio(i * (j + 1) % n, n)),
            s: vec![0.0; m],
            q: vec![0.0; n],
            p: (0..m).map(|i| ratio(i, m)).collect(),
            r: (0..n).map(|i| ratio(i, n)).collect(),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { a, s, q, p, r } = self;
        s.fill(0.0);
        for ((a, q), r) in a.rows().zip(q).zip(r) {
            let mut sum = 0.0;
            for ((a, s), p) in a.iter().zip(&mut *s).zip(&*p) {
                *s += *r * a;
                sum += a * p;
            }
            *q = sum;
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("s", Cells::F64(&self.s)), Array::plain("q", Cells::F64(&self.q))]
    }
}
