//! `adi`: heat diffusion in two dimensions by alternating directions implicitly, a tridiagonal system per line.

use crate::grid::{Grid, ratio, real};
use crate::{Array, Cells, Kernel};

/// The kernel. `p` and `q` are the coefficients of the backward substitution.
#[derive(Debug)]
pub struct Adi {
    steps: usize,
    u: Grid<f64>,
    v: Grid<f64>,
    p: Grid<f64>,
    q: Grid<f64>,
}

impl Kernel for Adi {
    const NAME: &'static str = "adi";
    const PARAMETERS: &'static [&'static str] = &["TSTEPS", "N"];
    const PUBLISHED: [[usize; 2]; 5] = [[20, 20], [40, 60], [100, 200], [500, 1000], [1000, 2000]];
    type Size = [usize; 2];

    fn new([steps, n]: [usize; 2]) -> Self {
        Self {
            steps,
            u: Grid::new(n, n, |i, j| ratio(i + n - j, n)),
            v: Grid::zeros(n, n),
            p: Grid::zeros(n, n),
            q: Grid::zeros(n, n),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let n = self.u.width();
        let step = 1.0 / real(n);
        let time = 1.0 / real(self.steps);
        let (columns, rows) = (2.0 * time / (step * step), time / (step * step));
        let (columns, rows) = (Implicit::new(columns), Implicit::new(rows));
        for _ in 0..self.steps {
            self.sweep_columns(&columns, rows.beside);
            self.sweep_rows(&rows, columns.beside);
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("u", Cells::F64(self.u.cells()))]
    }
}

/// The coefficients of one direction's tridiagonal systems.
struct Implicit {
    /// On the diagonal.
    diagonal: f64,
    /// On both sides of it.
    beside: f64,
}

impl Implicit {
    /// `number` is the diffusion number: time step over square of the distance, times the conductivity.
    fn new(number: f64) -> Self {
        Self { diagonal: 1.0 + number, beside: -number / 2.0 }
    }

    /// The divisor of an element, given the `p` of the one before.
    fn pivot(&self, p: f64) -> f64 {
        self.beside * p + self.diagonal
    }
}

/// The explicit part: minus the second difference, weighted with the other direction's coefficient beside the diagonal.
fn explicit(other: f64, before: f64, here: f64, after: f64) -> f64 {
    -other * before + (1.0 + 2.0 * other) * here - other * after
}

impl Adi {
    /// From `u` to `v`, implicit in the first direction.
    fn sweep_columns(&mut self, own: &Implicit, other: f64) {
        let Self { u, v, p, q, .. } = self;
        let width = u.width();
        for i in 1..width - 1 {
            let (p, q) = (p.row_mut(i), q.row_mut(i));
            v.row_mut(0)[i] = 1.0;
            (p[0], q[0]) = (0.0, 1.0);
            let (mut p_before, mut q_before) = (p[0], q[0]);
            let inner = p[1..width - 1].iter_mut().zip(&mut q[1..width - 1]);
            for ((p, q), u) in inner.zip(u.rows().skip(1)) {
                let pivot = own.pivot(p_before);
                *p = -own.beside / pivot;
                *q = (explicit(other, u[i - 1], u[i], u[i + 1]) - own.beside * q_before) / pivot;
                (p_before, q_before) = (*p, *q);
            }
            let mut value = 1.0;
            v.row_mut(width - 1)[i] = value;
            let inner = p[1..width - 1].iter().zip(&q[1..width - 1]);
            for ((p, q), v) in inner.zip(v.cells_mut()[width..].chunks_exact_mut(width)).rev() {
                value = p * value + q;
                v[i] = value;
            }
        }
    }

    /// From `v` to `u`, implicit in the second direction.
    fn sweep_rows(&mut self, own: &Implicit, other: f64) {
        let Self { u, v, p, q, .. } = self;
        let width = u.width();
        for i in 1..width - 1 {
            let (p, q, u) = (p.row_mut(i), q.row_mut(i), u.row_mut(i));
            let (before, line, after) = (v.row(i - 1), v.row(i), v.row(i + 1));
            u[0] = 1.0;
            (p[0], q[0]) = (0.0, 1.0);
            let (mut p_before, mut q_before) = (p[0], q[0]);
            for j in 1..width - 1 {
                let pivot = own.pivot(p_before);
                p[j] = -own.beside / pivot;
                q[j] = (explicit(other, before[j], line[j], after[j]) - own.beside * q_before) / pivot;
                (p_before, q_before) = (p[j], q[j]);
            }
            let mut value = 1.0;
            u[width - 1] = value;
            let inner = p[1..width - 1].iter().zip(&q[1..width - 1]);
            for ((p, q), u) in inner.zip(&mut u[1..width - 1]).rev() {
                value = p * value + q;
                *u = value;
            }
        }
    }
}
