//! The filter: rotate by the measured rate, then lean towards what gravity and the earth's field say.
//!
//! After Wu, Zhou, Chen, Fourati and Li, "Fast complementary filter for attitude estimation using low-cost MARG
//! sensors", IEEE Sensors Journal 16 (2016). A unit vector b in the body's axes is r in those of the earth when
//! r q = q b, that is q = −r q b. Applying the right side twice changes nothing, so its eigenvalues are ±1 and
//! (q − r q b) / 2 is the part of q that agrees with the measurement, without matrices or angles.

use super::{Quaternion, Sample, Vector};

/// Seconds between two samples.
pub(super) const STEP: f64 = 1.0 / 500.0;
/// The accelerometer counts while it shows about one g, within this: otherwise something else accelerates.
const GRAVITY_WITHIN: f64 = 0.2;
/// The magnetometer counts while it shows about the earth's field here, gauss, within the second.
const FIELD: (f64, f64) = (0.285, 0.5);

/// Share of each measurement in every step.
#[derive(Clone, Copy, Debug)]
pub struct Gains {
    /// Of gravity's direction.
    pub accelerometer: f64,
    /// Of the field's direction.
    pub magnetometer: f64,
}

/// Those of the paper's data set at 500 Hz.
impl Default for Gains {
    fn default() -> Self {
        Self { accelerometer: 0.005, magnetometer: 0.01 }
    }
}

/// The filter and its present estimate.
#[derive(Clone, Debug)]
pub struct Filter {
    gains: Gains,
    attitude: Quaternion,
}

impl Filter {
    /// Begins with the body's axes along those of the earth: x to magnetic north, z upwards.
    pub fn new(gains: Gains) -> Self {
        Self { gains, attitude: Quaternion::IDENTITY }
    }

    /// Takes one sample; gives the attitude after it.
    pub fn update(&mut self, sample: &Sample) -> Quaternion {
        let q = self.attitude;
        let predicted = q.plus(q.times(Quaternion::pure(sample.rate)), STEP / 2.0).normalised();
        let mut fused = predicted;
        let (gravity, up) = direction(sample.acceleration);
        let (strength, field) = direction(sample.field);
        let gravity_counts = (gravity - 1.0).abs() <= GRAVITY_WITHIN;
        if gravity_counts {
            fused = lean(fused, predicted, [0.0, 0.0, 1.0], up, self.gains.accelerometer);
        }
        if gravity_counts && (strength - FIELD.0).abs() <= FIELD.1 {
            // The field's angle to the horizon need not be known: it is that to the measured gravity.
            let down = up[0] * field[0] + up[1] * field[1] + up[2] * field[2];
            let north = libm::sqrt((1.0 - down * down).max(0.0));
            fused = lean(fused, predicted, [north, 0.0, down], field, self.gains.magnetometer);
        }
        self.attitude = fused.normalised();
        self.attitude
    }
}

/// Replaces a share `gain` of the prediction in `fused` by its part that takes `body` to `earth`.
fn lean(fused: Quaternion, predicted: Quaternion, earth: Vector, body: Vector, gain: f64) -> Quaternion {
    let turned = Quaternion::pure(earth).times(predicted).times(Quaternion::pure(body));
    // gain · ((predicted − turned) / 2 − predicted)
    fused.plus(turned.plus(predicted, 1.0), -gain / 2.0)
}

/// Length and unit vector; of a vector without length some unit vector.
fn direction([x, y, z]: Vector) -> (f64, Vector) {
    let length = libm::sqrt(x * x + y * y + z * z);
    if length > 0.0 { (length, [x / length, y / length, z / length]) } else { (0.0, [0.0, 0.0, 1.0]) }
}
