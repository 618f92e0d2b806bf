//! Product of two square matrices, by its definition, on whole numbers and on floating-point ones.

use runoff_guest_program::{Io, say};

use crate::common::{Digest, Random, number, refuse};

/// A kind of number that matrices are made of.
pub trait Element: Copy + PartialEq {
    /// Nothing.
    const ZERO: Self;
    /// A small whole number.
    fn small(number: i16) -> Self;
    /// `self + a * b`; whole numbers wrap round.
    #[must_use]
    fn add_product(self, a: Self, b: Self) -> Self;
    /// Its bits.
    fn bits(self) -> u64;
}

impl Element for i32 {
    const ZERO: Self = 0;

    fn small(number: i16) -> Self {
        number.into()
    }

    fn add_product(self, a: Self, b: Self) -> Self {
        self.wrapping_add(a.wrapping_mul(b))
    }

    fn bits(self) -> u64 {
        u64::from(self.cast_unsigned())
    }
}

impl Element for f64 {
    const ZERO: Self = 0.0;

    fn small(number: i16) -> Self {
        number.into()
    }

    fn add_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }

    fn bits(self) -> u64 {
        self.to_bits()
    }
}

/// A matrix of n × n whole numbers from −512 to 511: with them sums of floating-point products are exact.
pub fn random<T: Element>(n: usize, seed: u64) -> Vec<T> {
    let mut random = Random::new(seed);
    (0..n * n).map(|_| T::small(i16::try_from(random.below(1024)).unwrap_or(0) - 512)).collect()
}

/// The product, row by row: every element is the sum over a row of `a` times a column of `b`.
#[inline(never)]
pub fn multiply<T: Element>(n: usize, a: &[T], b: &[T]) -> Vec<T> {
    let mut product = Vec::with_capacity(n * n);
    for row in a.chunks_exact(n) {
        for column in 0..n {
            let column = b[column..].iter().step_by(n);
            product.push(row.iter().zip(column).fold(T::ZERO, |sum, (&a, &b)| sum.add_product(a, b)));
        }
    }
    product
}

fn times_vector<T: Element>(n: usize, matrix: &[T], vector: &[T]) -> Vec<T> {
    let rows = matrix.chunks_exact(n);
    rows.map(|row| row.iter().zip(vector).fold(T::ZERO, |sum, (&m, &v)| sum.add_product(m, v))).collect()
}

/// Whether `product` times a random vector of zeros and ones is `a` times (`b` times the vector), ten times: a wrong
/// product passes with a probability of at most 2^−10 (Freivalds 1977).
pub fn is_product<T: Element>(n: usize, a: &[T], b: &[T], product: &[T]) -> bool {
    let mut random = Random::new(99);
    (0..10).all(|_| {
        let vector: Vec<T> = (0..n).map(|_| T::small(i16::from(random.below(2) == 1))).collect();
        times_vector(n, a, &times_vector(n, b, &vector)) == times_vector(n, product, &vector)
    })
}

/// The command.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let (run, n): (fn(usize, &mut dyn Io) -> bool, _) = match args {
        ["i32", n] => (run::<i32>, n),
        ["f64", n] => (run::<f64>, n),
        _ => return refuse(io, "arguments: i32|f64 N (rows and columns)"),
    };
    match number(n, 1..=5000) {
        Ok(n) => i32::from(!run(n, io)),
        Err(message) => refuse(io, &message),
    }
}

fn run<T: Element>(n: usize, io: &mut dyn Io) -> bool {
    let (a, b) = (random::<T>(n, 1), random::<T>(n, 2));
    io.start();
    let product = multiply(n, &a, &b);
    io.end();
    let digest = product.iter().fold(Digest::new(), |digest, x| digest.bytes(&x.bits().to_le_bytes()));
    let verdict = if is_product(n, &a, &b, &product) { "verified" } else { "WRONG" };
    say!(io, "{n} x {n} {} {verdict}\n", digest.hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_products() {
        let (a, b) = ([1, 2, 3, 4], [5, 6, 7, 8]);
        assert_eq!(multiply(2, &a, &b), [19, 22, 43, 50]);
        assert_eq!(multiply(1, &[i32::MAX], &[2]), [-2], "wraps round");
        assert_eq!(multiply(2, &a.map(f64::from), &b.map(f64::from)), [19.0, 22.0, 43.0, 50.0]);
    }

    #[test]
    fn a_wrong_element_is_found() {
        let n = 37;
        let (a, b) = (random::<i32>(n, 1), random::<i32>(n, 2));
        let mut product = multiply(n, &a, &b);
        assert!(is_product(n, &a, &b, &product));
        product[700] += 1;
        assert!(!is_product(n, &a, &b, &product));
    }

    #[test]
    fn whole_and_floating_numbers_agree() {
        let n = 64;
        let whole = multiply(n, &random::<i32>(n, 1), &random(n, 2));
        let floating = multiply(n, &random::<f64>(n, 1), &random(n, 2));
        let whole: Vec<f64> = whole.into_iter().map(f64::from).collect();
        assert_eq!(whole, floating);
    }
}
