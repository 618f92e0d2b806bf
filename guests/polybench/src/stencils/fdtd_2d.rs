//! `fdtd-2d`: electromagnetic waves in two dimensions by finite differences in the time domain.

use crate::grid::{Grid, real};
use crate::{Array, Cells, Kernel};

/// The kernel: the two components of the electric field, the magnetic field, and the source at every step.
#[derive(Debug)]
pub struct Fdtd2d {
    ex: Grid<f64>,
    ey: Grid<f64>,
    hz: Grid<f64>,
    source: Vec<f64>,
}

impl Kernel for Fdtd2d {
    const NAME: &'static str = "fdtd-2d";
    const PARAMETERS: &'static [&'static str] = &["TMAX", "NX", "NY"];
    const PUBLISHED: [[usize; 3]; 5] =
        [[20, 20, 30], [40, 60, 80], [100, 200, 240], [500, 1000, 1200], [1000, 2000, 2600]];
    type Size = [usize; 3];

    fn new([steps, nx, ny]: [usize; 3]) -> Self {
        let field =
            |first: usize, by: usize| Grid::new(nx, ny, move |i, j| real(i) * real(j + first) / real(by));
        Self { ex: field(1, nx), ey: field(2, ny), hz: field(3, nx), source: (0..steps).map(real).collect() }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { ex, ey, hz, source } = self;
        let n = hz.width();
        for source in source {
            ey.row_mut(0).fill(*source);
            let pairs = hz.rows().zip(hz.rows().skip(1));
            for (ey, (before, hz)) in ey.rows_mut().skip(1).zip(pairs) {
                for ((ey, hz), before) in ey.iter_mut().zip(hz).zip(before) {
                    *ey -= 0.5 * (hz - before);
                }
            }
            for (ex, hz) in ex.rows_mut().zip(hz.rows()) {
                for ((ex, hz), before) in ex[1..].iter_mut().zip(&hz[1..]).zip(hz) {
                    *ex -= 0.5 * (hz - before);
                }
            }
            let pairs = ey.rows().zip(ey.rows().skip(1));
            for ((hz, ex), (ey, below)) in hz.rows_mut().zip(ex.rows()).zip(pairs) {
                let vertical = ey.iter().zip(below);
                for (((hz, ex), next), (ey, below)) in
                    hz[..n - 1].iter_mut().zip(ex).zip(&ex[1..]).zip(vertical)
                {
                    *hz -= 0.7 * (next - ex + below - ey);
                }
            }
        }
    }

    fn results(&self) -> Vec<Array<'_>> {
        let (columns, stride) = (self.ex.width(), self.ex.rows().len());
        let field = |name, cells| Array::matrix(name, Cells::F64(cells), columns, stride);
        vec![field("ex", self.ex.cells()), field("ey", self.ey.cells()), field("hz", self.hz.cells())]
    }
}
