//! Integral images: the sum over any rectangle from four numbers.

/// A picture in shades of grey, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Grey {
    /// Pixels in a row.
    pub(crate) width: usize,
    /// Rows.
    pub(crate) height: usize,
    /// The samples.
    pub(crate) samples: Vec<u8>,
}

/// Sums of all samples, and of their squares, above and to the left of each corner between pixels.
#[derive(Debug)]
pub(crate) struct Integral {
    stride: usize,
    sums: Vec<u32>,
    squares: Vec<u64>,
}

impl Integral {
    /// Of a picture of less than 2²⁴ pixels, so that 32 bits hold the sums.
    pub(crate) fn new(grey: &Grey) -> Self {
        let stride = grey.width + 1;
        let mut sums = vec![0; stride * (grey.height + 1)];
        let mut squares = vec![0; stride * (grey.height + 1)];
        for (y, row) in grey.samples.chunks_exact(grey.width).enumerate() {
            let (mut sum, mut square) = (0, 0);
            for (x, sample) in row.iter().enumerate() {
                sum += u32::from(*sample);
                square += u64::from(*sample) * u64::from(*sample);
                let (above, here) = (y * stride + x + 1, (y + 1) * stride + x + 1);
                sums[here] = sums[above] + sum;
                squares[here] = squares[above] + square;
            }
        }
        Self { stride, sums, squares }
    }

    /// Sum over a rectangle.
    #[inline]
    pub(crate) fn sum(&self, x: usize, y: usize, w: usize, h: usize) -> u32 {
        let (top, bottom) = (y * self.stride + x, (y + h) * self.stride + x);
        (self.sums[bottom + w] + self.sums[top]).wrapping_sub(self.sums[bottom] + self.sums[top + w])
    }

    /// Mean and standard deviation over a square.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "sums of squares are far below 2⁵³")]
    pub(crate) fn contrast(&self, x: usize, y: usize, side: usize) -> (f64, f64) {
        let (top, bottom) = (y * self.stride + x, (y + side) * self.stride + x);
        let s = &self.squares;
        let squares = (s[bottom + side] + s[top]) - (s[bottom] + s[top + side]);
        let area = (side * side) as f64;
        let mean = f64::from(self.sum(x, y, side, side)) / area;
        (mean, (squares as f64 / area - mean * mean).max(0.0).sqrt())
    }
}
