//! The Mandelbrot set: how many steps of z² + c until a point leaves the circle of radius 2.

use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

use crate::digest::words;

const WANTED: [Number; 2] = [
    Number { name: "SIDE", range: 1..=10_000, default: None },
    Number { name: "LIMIT", range: 1..=1_000_000, default: None },
];

/// The program: `SIDE`² points of the square from −2 − 1.25i to 0.5 + 1.25i, at most `LIMIT` steps each.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [side, limit] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "mandelbrot", &message, "SIDE LIMIT"),
    };
    io.start();
    let steps = picture(side, limit as u32);
    io.end();
    let inside = steps.iter().filter(|s| **s == limit as u32).count();
    let area = 6.25 * inside as f64 / (side * side) as f64;
    let digest = words(steps.iter().map(|s| u64::from(*s)));
    i32::from(!say!(io, "inside {inside} area {area:.4} digest {digest:016x}\n"))
}

/// The steps of all points, row by row, each taken in the middle of its little square.
pub fn picture(side: usize, limit: u32) -> Vec<u32> {
    // From −1.25 to 1.25, the same on both sides of 0.
    let at = |i: usize| 1.25 * (2.0 * i as f64 + 1.0 - side as f64) / side as f64;
    let mut steps = Vec::with_capacity(side * side);
    for row in 0..side {
        for column in 0..side {
            steps.push(escape(at(column) - 0.75, at(row), limit));
        }
    }
    steps
}

/// How many steps the point stays within the circle, at most `limit`.
pub fn escape(re: f64, im: f64, limit: u32) -> u32 {
    let (mut x, mut y) = (0.0, 0.0);
    for step in 0..limit {
        let (xx, yy) = (x * x, y * y);
        if xx + yy > 4.0 {
            return step;
        }
        y = 2.0 * x * y + im;
        x = xx - yy + re;
    }
    limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_whose_fate_is_known() {
        for (re, im) in [(0.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.25, 0.0), (-2.0, 0.0)] {
            assert_eq!(escape(re, im, 5000), 5000, "{re} {im}");
        }
        // 1, 2, 5: the third value is outside; 3 at once.
        assert_eq!((escape(1.0, 0.0, 100), escape(3.0, 0.0, 100)), (3, 1));
    }

    #[test]
    fn the_area_is_the_published_one() {
        // Estimates of the area converge to about 1.5065918849.
        let steps = picture(400, 2000);
        let area = 6.25 * steps.iter().filter(|s| **s == 2000).count() as f64 / 160_000.0;
        assert!((area - 1.5066).abs() < 0.01, "{area}");
        // The set is its own mirror image.
        let rows: Vec<&[u32]> = steps.chunks(400).collect();
        assert!((0..200).all(|row| rows[row] == rows[399 - row]));
    }
}
