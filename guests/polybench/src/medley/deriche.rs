//! `deriche`: Deriche's recursive smoothing filter on an image, in single precision, first along the rows, then
//! along the columns, each time forwards and backwards, and the two added.

use crate::grid::Grid;
use crate::{Array, Cells, Kernel};

/// The parameter of the filter.
const ALPHA: f32 = 0.25;

/// The kernel.
#[derive(Debug)]
pub struct Deriche {
    input: Grid<f32>,
    output: Grid<f32>,
    forth: Grid<f32>,
    back: Grid<f32>,
}

/// The coefficients: of the input forwards, of the input backwards, and of the filter's last two results.
struct Coefficients {
    forth: [f32; 2],
    back: [f32; 2],
    last: [f32; 2],
}

impl Coefficients {
    fn new(alpha: f32) -> Self {
        // Not the standard library's functions: theirs differ between targets.
        let decay = libm::expf(-alpha);
        let k = (1.0 - decay) * (1.0 - decay) / (1.0 + 2.0 * alpha * decay - libm::expf(2.0 * alpha));
        let twice = libm::expf(-2.0 * alpha);
        Self {
            forth: [k, k * decay * (alpha - 1.0)],
            back: [k * decay * (alpha + 1.0), -k * twice],
            last: [libm::powf(2.0, -alpha), -twice],
        }
    }

    /// Filters a line from its beginning.
    fn forth<'a>(&self, line: impl Iterator<Item = f32>, into: impl Iterator<Item = &'a mut f32>) {
        let (mut x1, mut y1, mut y2) = (0.0, 0.0, 0.0);
        for (x, y) in line.zip(into) {
            *y = self.forth[0] * x + self.forth[1] * x1 + self.last[0] * y1 + self.last[1] * y2;
            (x1, y2, y1) = (x, y1, *y);
        }
    }

    /// Filters a line that comes from its end; the first result does not see an element yet.
    fn back<'a>(&self, line: impl Iterator<Item = f32>, into: impl Iterator<Item = &'a mut f32>) {
        let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
        for (x, y) in line.zip(into) {
            *y = self.back[0] * x1 + self.back[1] * x2 + self.last[0] * y1 + self.last[1] * y2;
            (x2, x1, y2, y1) = (x1, x, y1, *y);
        }
    }
}

impl Kernel for Deriche {
    const NAME: &'static str = "deriche";
    const PARAMETERS: &'static [&'static str] = &["W", "H"];
    const PUBLISHED: [[usize; 2]; 5] = [[64, 64], [192, 128], [720, 480], [4096, 2160], [7680, 4320]];
    type Size = [usize; 2];

    #[expect(clippy::cast_precision_loss, reason = "below 65536")]
    fn new([w, h]: [usize; 2]) -> Self {
        Self {
            input: Grid::new(w, h, |i, j| ((313 * i + 991 * j) % 65536) as f32 / 65535.0),
            output: Grid::zeros(w, h),
            forth: Grid::zeros(w, h),
            back: Grid::zeros(w, h),
        }
    }

    #[inline(never)]
    fn run(&mut self) {
        let Self { input, output, forth, back } = self;
        let filter = Coefficients::new(ALPHA);
        for (line, into) in input.rows().zip(forth.rows_mut()) {
            filter.forth(line.iter().copied(), into.iter_mut());
        }
        for (line, into) in input.rows().zip(back.rows_mut()) {
            filter.back(line.iter().rev().copied(), into.iter_mut().rev());
        }
        add(output, forth, back);
        for j in 0..output.width() {
            filter.forth(output.column(j), forth.rows_mut().map(|row| &mut row[j]));
        }
        for j in 0..output.width() {
            filter.back(output.rows().rev().map(|row| row[j]), back.rows_mut().rev().map(|row| &mut row[j]));
        }
        add(output, forth, back);
    }

    fn results(&self) -> Vec<Array<'_>> {
        vec![Array::plain("imgOut", Cells::F32(self.output.cells()))]
    }
}

fn add(sum: &mut Grid<f32>, a: &Grid<f32>, b: &Grid<f32>) {
    for ((sum, a), b) in sum.cells_mut().iter_mut().zip(a.cells()).zip(b.cells()) {
        *sum = a + b;
    }
}
