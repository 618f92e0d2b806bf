//! Vectors in space; colours too.

/// Three components.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Vector {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) z: f64,
}

pub(super) const fn vector(x: f64, y: f64, z: f64) -> Vector {
    Vector { x, y, z }
}

impl Vector {
    pub(super) fn plus(self, other: Self) -> Self {
        vector(self.x + other.x, self.y + other.y, self.z + other.z)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        vector(self.x - other.x, self.y - other.y, self.z - other.z)
    }

    pub(super) fn times(self, factor: f64) -> Self {
        vector(factor * self.x, factor * self.y, factor * self.z)
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    /// Of length 1 in the same direction.
    pub(super) fn unit(self) -> Self {
        self.times(1.0 / self.dot(self).sqrt())
    }
}
