//! The norm of the infinite matrix with 1, 1/2, 1/3, … along its diagonals, cut off at n
//! (problem 3 of the SIAM hundred-digit challenge, 2002).

use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

const WANTED: [Number; 1] = [Number { name: "N", range: 1..=20_000, default: None }];

/// The program: the norm of the n × n corner.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [n] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "spectral", &message, "N"),
    };
    io.start();
    let norm = norm(n);
    io.end();
    i32::from(!say!(io, "norm {norm:.9} bits {:016x}\n", norm.to_bits()))
}

/// The element in a row and column: 1 over the number of the diagonal walk.
fn element(row: usize, column: usize) -> f64 {
    let diagonal = row + column;
    1.0 / (diagonal * (diagonal + 1) / 2 + row + 1) as f64
}

/// The product with a vector, of the matrix or, with the indices the other way round, of its transpose.
fn times(vector: &[f64], element: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    (0..vector.len())
        .map(|row| vector.iter().enumerate().fold(0.0, |sum, (column, v)| sum + element(row, column) * v))
        .collect()
}

/// Power iteration: ten times the product of transpose and matrix.
pub fn norm(n: usize) -> f64 {
    let mut u = vec![1.0; n];
    let mut v = u.clone();
    for _ in 0..10 {
        v = times(&times(&u, element), |row, column| element(column, row));
        u = times(&times(&v, element), |row, column| element(column, row));
    }
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b);
    (dot(&u, &v) / dot(&v, &v)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        assert_eq!(format!("{:.9}", norm(100)), "1.274219991");
        // The infinite matrix has 1.2742241528…; the corner comes close from below.
        let large = norm(1000);
        assert!(large < 1.274_224_152_8 && large > 1.274_224, "{large}");
    }

    #[test]
    fn the_matrix_begins_as_defined() {
        let first = [(0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (2, 0)].map(|(r, c)| 1.0 / element(r, c));
        assert_eq!(first.map(|x| x.round() as u32), [1, 2, 3, 4, 5, 6]);
    }
}
