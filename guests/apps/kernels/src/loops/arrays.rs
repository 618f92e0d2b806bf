//! What the loops work on.

use runoff_guest_apps_inputs::Random;

use crate::digest::words;

/// Arrays of one length, and the scalars that reductions leave.
#[derive(Clone, Debug)]
pub struct Arrays {
    /// 32-bit integers: two to read, one to write.
    pub(crate) a: Vec<i32>,
    pub(crate) b: Vec<i32>,
    pub(crate) c: Vec<i32>,
    /// 16-bit and 8-bit integers.
    pub(crate) half: Vec<i16>,
    pub(crate) bytes: Vec<u8>,
    /// Floats; `x` holds complex numbers as well, real parts at even places.
    pub(crate) x: Vec<f32>,
    pub(crate) y: Vec<f32>,
    pub(crate) z: Vec<f32>,
    /// A matrix as square as the length allows, row by row, and the sums of its rows.
    pub(crate) matrix: Vec<f64>,
    pub(crate) row_sums: Vec<f64>,
    /// Integer reductions: differences, dot, largest, its place.
    pub(crate) totals: [i64; 4],
    /// Float reductions: dot32, dot64.
    pub(crate) sums: [f64; 2],
}

impl Arrays {
    /// Arrays of `length` elements, always with the same contents.
    pub fn new(length: usize) -> Self {
        let mut random = Random::new(17);
        let mut integers = |end: u32| -> Vec<i32> { (0..length).map(|_| random.below(end) as i32).collect() };
        let (a, b, c) = (integers(10_000), integers(10_000), integers(10_000));
        let half = integers(4096).iter().map(|v| *v as i16 - 2048).collect();
        let bytes = integers(256).iter().map(|v| *v as u8).collect();
        let mut floats = || -> Vec<f32> { (0..length).map(|_| random.within(-1.0, 1.0) as f32).collect() };
        let (x, y, z) = (floats(), floats(), floats());
        let matrix = (0..length).map(|_| random.within(-1.0, 1.0)).collect();
        let row_sums = vec![0.0; length.isqrt()];
        Self { a, b, c, half, bytes, x, y, z, matrix, row_sums, totals: [0; 4], sums: [0.0; 2] }
    }

    /// Depends on the bits of everything.
    pub fn digest(&self) -> u64 {
        let integers = [&self.a, &self.b, &self.c].into_iter().flatten().map(|v| *v as u64);
        let small = self.half.iter().map(|v| *v as u64).chain(self.bytes.iter().map(|v| u64::from(*v)));
        let singles = [&self.x, &self.y, &self.z].into_iter().flatten().map(|v| u64::from(v.to_bits()));
        let doubles =
            [&self.matrix[..], &self.row_sums, &self.sums].into_iter().flatten().map(|v| v.to_bits());
        let totals = self.totals.iter().map(|v| *v as u64);
        words(integers.chain(small).chain(singles).chain(doubles).chain(totals))
    }
}
