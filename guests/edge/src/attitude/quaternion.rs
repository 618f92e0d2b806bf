//! Rotations.

/// Three numbers along x, y, z.
pub type Vector = [f64; 3];

/// A unit quaternion, real part first: takes vectors from the body's axes to those of the earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quaternion(pub [f64; 4]);

impl Quaternion {
    /// No rotation.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0]);

    /// A rotation about a unit axis by an angle in radians.
    pub fn about(axis: Vector, angle: f64) -> Self {
        let (sin, cos) = libm::sincos(angle / 2.0);
        Self([cos, axis[0] * sin, axis[1] * sin, axis[2] * sin])
    }

    /// A vector as a quaternion without real part.
    pub fn pure([x, y, z]: Vector) -> Self {
        Self([0.0, x, y, z])
    }

    /// Hamilton's product: first `other`, then `self`.
    #[must_use]
    #[expect(clippy::many_single_char_names, reason = "as in every definition of it")]
    pub fn times(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([
            a * e - b * f - c * g - d * h,
            a * f + b * e + c * h - d * g,
            a * g - b * h + c * e + d * f,
            a * h + b * g - c * f + d * e,
        ])
    }

    /// The opposite rotation.
    #[must_use]
    pub fn conjugate(self) -> Self {
        let [a, b, c, d] = self.0;
        Self([a, -b, -c, -d])
    }

    /// Weighted sum of two.
    #[must_use]
    pub fn plus(self, other: Self, weight: f64) -> Self {
        Self(core::array::from_fn(|i| self.0[i] + weight * other.0[i]))
    }

    /// With length one.
    #[must_use]
    pub fn normalised(self) -> Self {
        let length = libm::sqrt(self.0.iter().map(|x| x * x).sum());
        Self(self.0.map(|x| x / length))
    }

    /// A rotated vector.
    pub fn rotate(self, vector: Vector) -> Vector {
        let [_, x, y, z] = self.times(Self::pure(vector)).times(self.conjugate()).0;
        [x, y, z]
    }

    /// The angle of the rotation between two, radians from 0 to π.
    pub fn angle_to(self, other: Self) -> f64 {
        let [real, x, y, z] = self.conjugate().times(other).0;
        2.0 * libm::atan2(libm::sqrt(x * x + y * y + z * z), real.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations() {
        let quarter = Quaternion::about([0.0, 0.0, 1.0], core::f64::consts::FRAC_PI_2);
        let [x, y, z] = quarter.rotate([1.0, 0.0, 0.0]);
        assert!(x.abs() < 1e-15 && (y - 1.0).abs() < 1e-15 && z.abs() < 1e-15);
        let third = Quaternion::about([1.0, 0.0, 0.0], 1.0);
        assert!((quarter.angle_to(quarter.times(third)) - 1.0).abs() < 1e-15);
        assert!(quarter.times(third).times(third.conjugate()).angle_to(quarter) < 1e-15);
    }
}
