//! `covariance`: the covariance matrix, `cov = Dᵀ D / (N - 1)` for the centred table `D`.

use super::{PUBLISHED, means};
use crate::grid::{Grid, dot, real};
use crate::{Array, Cells, Kernel};

/// The kernel.
#[derive(Debug)]
pub struct Covariance {
    data: Grid<f64>,
    cov: Grid<f64>,
    mean: Vec<f64>,
}

impl Kernel for Covariance {
    const NAME: &'static str = "covariance";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = PUBLISHED;
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            data: Grid::new(n, m, |i, j| real(i) * real(j) / real(m)),
            cov: Grid::zeros(m, m),
            mean: vec![0.0; m],
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { data, cov, mean } = self;
        let n = real(data.rows().len());
        means(data, mean);
        for row in data.rows_mut() {
            for (x, mean) in row.iter_mut().zip(&*mean) {
                *x -= mean;
            }
        }
        for i in 0..cov.width() {
            for j in i..cov.width() {
                let sum = dot(data.column(i), data.column(j)) / (n - 1.0);
                cov.row_mut(i)[j] = sum;
                cov.row_mut(j)[i] = sum;
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("cov", Cells::F64(self.cov.cells()))]
    }
}
