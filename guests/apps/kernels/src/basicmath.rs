//! Elementary mathematics: roots of cubic equations, integer square roots, angles.

use std::f64::consts::PI;

use libm::{acos, cbrt, cos};
use runoff_guest_apps_inputs::{Number, Random, numbers, refuse};
use runoff_guest_program::{Io, say};

use crate::digest::floats;

const WANTED: [Number; 3] = [
    Number { name: "CUBICS", range: 1..=10_000_000, default: None },
    Number { name: "ROOTS", range: 1..=100_000_000, default: None },
    Number { name: "ANGLES", range: 1..=10_000_000, default: None },
];

/// The program: that many equations, square roots, and angles there and back.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [cubics, squares, angles] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "basicmath", &message, "CUBICS ROOTS ANGLES"),
    };
    let mut random = Random::new(37);
    let equations: Vec<[f64; 4]> = (0..cubics)
        .map(|_| {
            let mut coefficient = |low: f64, high: f64| random.within(low, high);
            [
                coefficient(1.0, 9.0),
                coefficient(-20.0, 20.0),
                coefficient(-30.0, 30.0),
                coefficient(-20.0, 20.0),
            ]
        })
        .collect();
    let mut found = Vec::with_capacity(3 * cubics);
    io.start();
    for &[a, b, c, d] in &equations {
        match cubic_roots(a, b, c, d) {
            Roots::One(x) => found.push(x),
            Roots::Three(xs) => found.extend(xs),
        }
    }
    // From small to large arguments, over the whole range of 32 bits.
    let step = u32::MAX / squares as u32;
    let square_roots: u64 = (0..squares as u32).map(|i| u64::from(square_root(i * step))).sum();
    let turned: f64 = (0..angles)
        .map(|i| {
            let degrees = 360.0 * i as f64 / angles as f64;
            radians_to_degrees(degrees_to_radians(degrees))
        })
        .fold(0.0, |sum, x| sum + x);
    io.end();
    let said = say!(
        io,
        "real roots {} square roots {square_roots} degrees {turned:.6} digest {:016x}\n",
        found.len(),
        floats(found.iter().chain([&turned]))
    );
    i32::from(!said)
}

/// The real roots of a cubic equation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Roots {
    /// One real root.
    One(f64),
    /// Three, of which some may be equal.
    Three([f64; 3]),
}

/// The real roots of a·x³ + b·x² + c·x + d = 0, a ≠ 0: by Cardano's formula where there is one, by Viète's with
/// angles where there are three.
pub fn cubic_roots(a: f64, b: f64, c: f64, d: f64) -> Roots {
    let (b, c, d) = (b / a, c / a, d / a);
    // x = t − b/3 gives t³ − 3q·t − 2r = 0.
    let third = b / 3.0;
    let q = third * third - c / 3.0;
    let r = 0.5 * (third * c - d) - third * third * third;
    let discriminant = r * r - q * q * q;
    if discriminant > 0.0 {
        let u = cbrt(r.abs() + discriminant.sqrt());
        let u = if r < 0.0 { -u } else { u };
        return Roots::One(u + if u == 0.0 { 0.0 } else { q / u } - third);
    }
    let radius = q.max(0.0).sqrt();
    let cosine = if radius == 0.0 { 0.0 } else { (r / (radius * radius * radius)).clamp(-1.0, 1.0) };
    let angle = acos(cosine);
    Roots::Three([0.0, 2.0, 4.0].map(|turn| 2.0 * radius * cos((angle + turn * PI) / 3.0) - third))
}

/// The largest number whose square is not larger, one bit of the root after the other.
pub fn square_root(number: u32) -> u32 {
    let (mut rest, mut root, mut bit) = (number, 0, 1 << 30);
    while bit != 0 {
        if rest >= root + bit {
            rest -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
        bit >>= 2;
    }
    root
}

/// Degrees in radians.
pub fn degrees_to_radians(degrees: f64) -> f64 {
    degrees * PI / 180.0
}

/// Radians in degrees.
pub fn radians_to_degrees(radians: f64) -> f64 {
    radians * 180.0 / PI
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_with_known_roots() {
        // (x − 1)(x − 2)(x − 3), (x − 1)(x² + x + 1), (x + 2)³
        let Roots::Three(mut roots) = cubic_roots(2.0, -12.0, 22.0, -12.0) else { panic!("three roots") };
        roots.sort_by(f64::total_cmp);
        assert!(roots.iter().zip([1.0, 2.0, 3.0]).all(|(x, right)| (x - right).abs() < 1e-12), "{roots:?}");
        assert_eq!(cubic_roots(1.0, 0.0, 0.0, -1.0), Roots::One(1.0));
        let Roots::Three(roots) = cubic_roots(1.0, 6.0, 12.0, 8.0) else { panic!("a triple root") };
        assert!(roots.iter().all(|x| (x + 2.0).abs() < 1e-5), "{roots:?}");
    }

    #[test]
    fn roots_solve_their_equations() {
        let mut random = Random::new(2);
        let mut three = 0;
        for _ in 0..10_000 {
            let [a, b, c, d] =
                [0; 4].map(|_| random.within(1.0, 9.0) * if random.below(2) == 0 { 1.0 } else { -1.0 });
            let roots = match cubic_roots(a, b, c, d) {
                Roots::One(x) => vec![x],
                Roots::Three(xs) => {
                    three += 1;
                    // Viète: the sum of the roots is −b/a.
                    assert!((xs.iter().sum::<f64>() + b / a).abs() < 1e-9);
                    xs.to_vec()
                }
            };
            for x in roots {
                let size = (a * x * x * x).abs() + (b * x * x).abs() + (c * x).abs() + d.abs();
                assert!((((a * x + b) * x + c) * x + d).abs() < 1e-6 * size, "{a} {b} {c} {d}: {x}");
            }
        }
        assert!(three > 1000 && three < 9000);
    }

    #[test]
    fn square_roots_by_their_definition() {
        for number in (0..70_000).chain([u32::MAX, u32::MAX - 1, 65_535 * 65_535, 65_535 * 65_535 - 1]) {
            let root = u64::from(square_root(number));
            assert!(
                root * root <= u64::from(number) && (root + 1) * (root + 1) > u64::from(number),
                "{number}"
            );
        }
    }

    #[test]
    fn half_a_turn_is_pi() {
        assert!((degrees_to_radians(180.0) - PI).abs() < f64::EPSILON);
        assert!((radians_to_degrees(PI / 6.0) - 30.0).abs() < 1e-13);
    }
}
