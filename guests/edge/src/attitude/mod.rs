//! Attitude from gyroscope, accelerometer and magnetometer by a fast complementary filter, on a generated flight.

mod filter;
mod flight;
mod quaternion;

pub use filter::{Filter, Gains};
pub use flight::{Flight, Sample};
pub use quaternion::{Quaternion, Vector};

use runoff_guest_program::{Io, say};

use crate::common::{Digest, number, refuse};

/// The command.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let samples = match args {
        [samples] => number(samples, 1..=10_000_000),
        _ => Err("argument: number of samples, 500 per second".to_owned()),
    };
    let samples = match samples {
        Ok(samples) => samples,
        Err(message) => return refuse(io, &message),
    };
    let flight = Flight::new(samples, 1);
    io.start();
    let estimates = estimate(&flight.samples, Gains::default());
    io.end();
    let digest = estimates.iter().fold(Digest::new(), |digest, q| digest.floats(&q.0)).hex();
    let error = rms_degrees(&estimates, &flight.truth);
    i32::from(!say!(io, "{samples} samples {digest}\nerror {error:.6} degrees\n"))
}

/// The attitude after each sample, from a start at rest in the frame's axes.
#[inline(never)]
pub fn estimate(samples: &[Sample], gains: Gains) -> Vec<Quaternion> {
    let mut filter = Filter::new(gains);
    samples.iter().map(|sample| filter.update(sample)).collect()
}

/// Root of the mean square of the angles between estimate and truth, degrees.
#[expect(clippy::cast_precision_loss, reason = "numbers of samples are exact")]
pub fn rms_degrees(estimates: &[Quaternion], truth: &[Quaternion]) -> f64 {
    let squares: f64 = estimates.iter().zip(truth).map(|(e, t)| e.angle_to(*t) * e.angle_to(*t)).sum();
    libm::sqrt(squares / estimates.len().max(1) as f64).to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_to_the_truth_and_far_closer_than_integration() {
        for seed in 1..=3 {
            let Flight { samples, truth } = Flight::new(27_716, seed);
            let error = rms_degrees(&estimate(&samples, Gains::default()), &truth);
            assert!(error < 3.0, "seed {seed}: {error} degrees");
            let none = Gains { accelerometer: 0.0, magnetometer: 0.0 };
            let drift = rms_degrees(&estimate(&samples, none), &truth);
            assert!(drift > 4.0 * error, "seed {seed}: {error} with, {drift} degrees without corrections");
        }
    }

    #[test]
    fn finds_the_attitude_from_a_wrong_start() {
        // At rest, turned by 60 degrees about an axis: ten seconds are enough.
        let turn = Quaternion::about([0.48, -0.6, 0.64], 60_f64.to_radians());
        let (up, field) = ([0.0, 0.0, 1.0], [0.25, 0.0, -0.13]);
        let sample = Sample {
            rate: [0.0; 3],
            acceleration: turn.conjugate().rotate(up),
            field: turn.conjugate().rotate(field),
        };
        let estimates = estimate(&vec![sample; 5000], Gains::default());
        assert!(estimates[0].angle_to(turn) > 0.9);
        assert!(estimates[4999].angle_to(turn) < 1e-6, "{}", estimates[4999].angle_to(turn));
    }

    #[test]
    fn disturbed_measurements_are_left_out() {
        let mut filter = Filter::new(Gains::default());
        let pushed = Sample { rate: [0.0; 3], acceleration: [1.0, 1.0, 1.0], field: [3.0, 3.0, 3.0] };
        for _ in 0..100 {
            filter.update(&pushed);
        }
        assert!(filter.update(&pushed).angle_to(Quaternion::IDENTITY) < 1e-12);
    }
}
