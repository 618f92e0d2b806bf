//! A flight whose attitude is known, and what cheap sensors on board measure.

use super::filter::STEP;
use super::{Quaternion, Vector};
use crate::common::Random;

/// One reading of all sensors, in the body's axes.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Turn rate, radians per second.
    pub rate: Vector,
    /// Acceleration as felt, g: at rest one upwards.
    pub acceleration: Vector,
    /// Magnetic field, gauss.
    pub field: Vector,
}

/// Readings with the attitude after each.
#[derive(Clone, Debug)]
pub struct Flight {
    /// What is measured.
    pub samples: Vec<Sample>,
    /// What is true.
    pub truth: Vec<Quaternion>,
}

/// The earth's field, gauss: its strength is that of the paper's data set, it points down at 60 degrees.
const FIELD: Vector = [0.1425, 0.0, -0.246_817];
/// Standard deviations of noise: rad/s, g, gauss.
const NOISE: (f64, f64, f64) = (0.01, 0.01, 0.004);
/// Offsets of the gyroscope up to this, rad/s.
const OFFSET: f64 = 0.01;

impl Flight {
    /// Rolls and pitches up to 40 degrees and turns without limit, as a sum of slow swings; now and then a push of up
    /// to 0.3 g each way that the accelerometer cannot tell from gravity.
    pub fn new(count: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        // Amplitude (rad), angular frequency (rad/s) and phase of two swings per axis: yaw, pitch, roll.
        let mut swing = |amplitude: f64| {
            [(); 2].map(|()| {
                let phase = random.uniform(0.0, core::f64::consts::TAU);
                (amplitude * random.uniform(0.6, 1.0), random.uniform(0.2, 1.5), phase)
            })
        };
        let swings = [swing(1.2), swing(0.35), swing(0.35)];
        let offset = [(); 3].map(|()| random.uniform(-OFFSET, OFFSET));
        // All swings are taken relative to the start, which is level and to the north.
        let at = |time: f64| {
            let [yaw, pitch, roll] = swings.map(|two| {
                two.iter()
                    .map(|(a, w, phase)| a * (libm::sin(w * time + phase) - libm::sin(*phase)))
                    .sum::<f64>()
            });
            let [z, y, x] = [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
            Quaternion::about(z, yaw).times(Quaternion::about(y, pitch)).times(Quaternion::about(x, roll))
        };
        let (mut samples, mut truth) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let (mut before, mut push, mut push_left) = (at(0.0), [0.0; 3], 0);
        let mut time = 0.0;
        for _ in 0..count {
            time += STEP;
            let after = at(time);
            // The turn from one to the other, as a constant rate.
            let [real, x, y, z] = before.conjugate().times(after).0;
            let sine = libm::sqrt(x * x + y * y + z * z);
            let per_sine = if sine > 0.0 { 2.0 * libm::atan2(sine, real) / sine / STEP } else { 0.0 };
            if push_left == 0 && random.below(1500) == 0 {
                push = [(); 3].map(|()| random.uniform(-0.3, 0.3));
                push_left = 50 + random.below(100);
            }
            let pushing = if push_left > 0 { 1.0 } else { 0.0 };
            push_left = push_left.saturating_sub(1);
            let felt = [pushing * push[0], pushing * push[1], 1.0 + pushing * push[2]];
            let mut noisy = |v: Vector, deviation: f64| v.map(|x| x + deviation * random.normal());
            let rate = noisy([x * per_sine, y * per_sine, z * per_sine], NOISE.0);
            samples.push(Sample {
                rate: core::array::from_fn(|i| rate[i] + offset[i]),
                acceleration: noisy(after.conjugate().rotate(felt), NOISE.1),
                field: noisy(after.conjugate().rotate(FIELD), NOISE.2),
            });
            truth.push(after);
            before = after;
        }
        Self { samples, truth }
    }
}
