//! `correlation`: the matrix of Pearson's coefficients, `corr = Zᵀ Z` for the standardised table `Z`.

use super::{PUBLISHED, means};
use crate::grid::{Grid, dot, ratio, real};
use crate::{Array, Cells, Kernel};

/// Deviations up to this are taken for 1, as the suite defines it, so that nothing is divided by zero.
const EPSILON: f64 = 0.1;

/// The kernel.
#[derive(Debug)]
pub struct Correlation {
    data: Grid<f64>,
    corr: Grid<f64>,
    mean: Vec<f64>,
    deviation: Vec<f64>,
}

impl Kernel for Correlation {
    const NAME: &'static str = "correlation";
    const PARAMETERS: &'static [&'static str] = &["M", "N"];
    const PUBLISHED: [[usize; 2]; 5] = PUBLISHED;
    type Size = [usize; 2];

    fn new([m, n]: [usize; 2]) -> Self {
        Self {
            data: Grid::new(n, m, |i, j| ratio(i * j, m) + real(i)),
            corr: Grid::zeros(m, m),
            mean: vec![0.0; m],
            deviation: vec![0.0; m],
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { data, corr, mean, deviation } = self;
        let n = real(data.rows().len());
        means(data, mean);
        for (j, (deviation, mean)) in deviation.iter_mut().zip(&*mean).enumerate() {
            let variance = data.column(j).fold(0.0, |sum, x| sum + (x - mean) * (x - mean)) / n;
            *deviation = variance.sqrt();
            if *deviation <= EPSILON {
                *deviation = 1.0;
            }
        }
        let root = n.sqrt();
        for row in data.rows_mut() {
            for ((x, mean), deviation) in row.iter_mut().zip(&*mean).zip(&*deviation) {
                *x = (*x - mean) / (root * deviation);
            }
        }
        for i in 0..corr.width() {
            corr.row_mut(i)[i] = 1.0;
            for j in i + 1..corr.width() {
                let sum = dot(data.column(i), data.column(j));
                corr.row_mut(i)[j] = sum;
                corr.row_mut(j)[i] = sum;
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("corr", Cells::F64(self.corr.cells()))]
    }
}
