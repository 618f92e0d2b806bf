//! Matrices whose sizes are known when the program runs, and numbers for their elements.

/// A matrix, row after row.
#[derive(Clone, Debug)]
pub(crate) struct Grid<T> {
    width: usize,
    cells: Vec<T>,
}

impl<T: Copy + Default> Grid<T> {
    /// A matrix of zeros; no side may be zero.
    pub(crate) fn zeros(height: usize, width: usize) -> Self {
        Self { width, cells: vec![T::default(); height * width] }
    }

    /// A matrix with these elements; no side may be zero.
    pub(crate) fn new(height: usize, width: usize, mut f: impl FnMut(usize, usize) -> T) -> Self {
        let mut cells = Vec::with_capacity(height * width);
        for i in 0..height {
            cells.extend((0..width).map(|j| f(i, j)));
        }
        Self { width, cells }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn row(&self, i: usize) -> &[T] {
        &self.cells[i * self.width..][..self.width]
    }

    pub(crate) fn row_mut(&mut self, i: usize) -> &mut [T] {
        &mut self.cells[i * self.width..][..self.width]
    }

    pub(crate) fn rows(&self) -> std::slice::ChunksExact<'_, T> {
        self.cells.chunks_exact(self.width)
    }

    pub(crate) fn rows_mut(&mut self) -> std::slice::ChunksExactMut<'_, T> {
        self.cells.chunks_exact_mut(self.width)
    }

    /// The elements above row `i`, row `i`, and the elements below it.
    pub(crate) fn around(&mut self, i: usize) -> (&mut [T], &mut [T], &mut [T]) {
        let (above, rest) = self.cells.split_at_mut(i * self.width);
        let (row, below) = rest.split_at_mut(self.width);
        (above, row, below)
    }

    /// A column from the top.
    pub(crate) fn column(&self, j: usize) -> impl Iterator<Item = T> {
        column(&self.cells, self.width, j)
    }

    pub(crate) fn cells(&self) -> &[T] {
        &self.cells
    }

    pub(crate) fn cells_mut(&mut self) -> &mut [T] {
        &mut self.cells
    }
}

/// Column `j` of whole rows of this width.
pub(crate) fn column<T: Copy>(rows: &[T], width: usize, j: usize) -> impl Iterator<Item = T> {
    rows.chunks_exact(width).map(move |row| row[j])
}

/// The sum of products, added from the left, from zero.
pub(crate) fn dot(a: impl IntoIterator<Item = f64>, b: impl IntoIterator<Item = f64>) -> f64 {
    a.into_iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) fn real(n: usize) -> f64 {
    n as f64
}

/// The quotient of two counts.
pub(crate) fn ratio(n: usize, d: usize) -> f64 {
    real(n) / real(d)
}
