//! Loops over floats. Sums are formed in the order of the elements, on every target.

use super::Arrays;

/// A multiple of one vector added to another.
pub(super) fn saxpy(arrays: &mut Arrays, round: i32) {
    let factor = 1.0 / (round + 2) as f32;
    for (y, x) in arrays.y.iter_mut().zip(&arrays.x) {
        *y = 0.5 * *y + factor * x;
    }
}

/// Dot product in single precision.
pub(super) fn dot32(arrays: &mut Arrays, round: i32) {
    let sum = arrays.x.iter().zip(&arrays.y).fold(round as f32, |sum, (x, y)| sum + x * y);
    arrays.sums[0] = f64::from(sum);
}

/// Dot product in double precision, of the matrix taken as a vector with itself backwards.
pub(super) fn dot64(arrays: &mut Arrays, round: i32) {
    let pairs = arrays.matrix.iter().zip(arrays.matrix.iter().rev());
    arrays.sums[1] = pairs.fold(f64::from(round), |sum, (x, y)| sum + x * y);
}

/// Products of complex numbers, real and imaginary parts side by side.
pub(super) fn complex(arrays: &mut Arrays, round: i32) {
    let turn = 1.0 / (round + 1) as f32;
    let pairs = arrays.x.chunks_exact(2).zip(arrays.y.chunks_exact(2));
    for (z, (x, y)) in arrays.z.chunks_exact_mut(2).zip(pairs) {
        z[0] = turn * (x[0] * y[0] - x[1] * y[1]);
        z[1] = turn * (x[0] * y[1] + x[1] * y[0]);
    }
}

/// Sums of the rows of a matrix.
pub(super) fn rows(arrays: &mut Arrays, round: i32) {
    let columns = arrays.row_sums.len();
    for (sum, row) in arrays.row_sums.iter_mut().zip(arrays.matrix.chunks_exact(columns)) {
        *sum = 0.25 * *sum + row.iter().fold(f64::from(round), |sum, x| sum + x);
    }
}

/// A filter with seven taps.
pub(super) fn filter(arrays: &mut Arrays, round: i32) {
    const TAPS: [f32; 7] = [0.015_625, 0.093_75, 0.234_375, 0.312_5, 0.234_375, 0.093_75, 0.015_625];
    let gain = 1.0 / (round + 1) as f32;
    for (z, x) in arrays.z.iter_mut().zip(arrays.x.windows(7)) {
        *z = gain * x.iter().zip(TAPS).fold(0.0, |sum, (x, tap)| sum + x * tap);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_exact() {
        let mut arrays = Arrays::new(16);
        arrays.x = (0..16_i16).map(f32::from).collect();
        arrays.y = vec![4.0; 16];
        dot32(&mut arrays, 0);
        assert_eq!(arrays.sums[0].to_bits(), 480.0_f64.to_bits());
        saxpy(&mut arrays, 2);
        assert_eq!(arrays.y[8].to_bits(), 4.0_f32.to_bits());
        // Binomial coefficients over 64: constant and linear signals pass unchanged.
        filter(&mut arrays, 0);
        assert!(arrays.z[..10].iter().zip(3_i16..).all(|(z, i)| z.to_bits() == f32::from(i).to_bits()));
    }

    #[test]
    fn matrices_and_complex_numbers() {
        let mut arrays = Arrays::new(16);
        arrays.matrix = (0..16).map(f64::from).collect();
        rows(&mut arrays, 0);
        assert_eq!(arrays.row_sums, [6.0, 22.0, 38.0, 54.0]);
        dot64(&mut arrays, 0);
        assert_eq!(arrays.sums[1].to_bits(), 560.0_f64.to_bits());
        // (1 + 2i)(3 + 4i) = −5 + 10i
        (arrays.x[0], arrays.x[1], arrays.y[0], arrays.y[1]) = (1.0, 2.0, 3.0, 4.0);
        complex(&mut arrays, 0);
        assert_eq!(arrays.z[..2], [-5.0, 10.0]);
    }
}
