//! Floating-point arithmetic on state that stays in memory: the Sun and the four giant planets under gravity.
//!
//! Units: astronomical units, years, and masses times the gravitational constant, so that the Sun's mass is 4π²
//! and no constant appears in the equations. One call of [`NBody::run`] first moves to the frame of reference in
//! which the system as a whole is at rest, then advances `n` steps of [`STEP`] years with the symplectic Euler
//! method: velocities change by the acceleration at the old positions, positions by the new velocities.
//!
//! **The state is kept between calls**, as in the published sample of this name: the second call goes on where the
//! first one ended, so two calls never do exactly the same arithmetic. They cost the same, because the number of
//! operations does not depend on the values. A fresh instance (or a fresh [`NBody`]) starts from the beginning.
//!
//! The result of `run` is the constant 42, again as published; what makes the work observable, and the answer
//! checkable, is [`NBody::energy`]. Every operation is exactly rounded and none is contracted or reordered, so the
//! energy has the same bits natively and on every runtime.
#![forbid(unsafe_code)]

mod bodies;

use bodies::Body;

/// The answer for the argument the samples are called with, 10 (and for any other).
pub const EXPECTED_FOR_10: u32 = 42;

/// The bits of [`NBody::energy`] after the first `run(10)`: −0.1690730217147186.
pub const ENERGY_BITS_AFTER_10: u64 = 0xbfc5_a42f_4d73_4754;

/// The length of a step in years.
pub const STEP: f64 = 0.01;

/// The solar system and its state of motion.
#[derive(Clone, Debug)]
pub struct NBody {
    bodies: [Body; 5],
}

impl NBody {
    /// The published initial state; the momentum is not yet zero.
    pub const fn new() -> Self {
        Self { bodies: bodies::INITIAL }
    }

    /// Makes the momentum zero, advances `n` steps, and returns 42.
    #[inline(never)]
    pub fn run(&mut self, n: u32) -> u32 {
        self.rest_momentum();
        for _ in 0..n {
            self.step();
        }
        EXPECTED_FOR_10
    }

    /// The total energy: `Σ ½·mᵢ·vᵢ² − Σ mᵢ·mⱼ / rᵢⱼ` over all bodies and all pairs.
    ///
    /// In AU²/year² times mass in the scaled unit; an integrator without errors would keep it constant.
    #[inline(never)]
    pub fn energy(&self) -> f64 {
        let mut energy = 0.0;
        for (i, body) in self.bodies.iter().enumerate() {
            energy += 0.5 * body.mass * dot(body.velocity, body.velocity);
            for other in &self.bodies[i + 1..] {
                let between = difference(body.position, other.position);
                energy -= body.mass * other.mass / dot(between, between).sqrt();
            }
        }
        energy
    }

    /// Gives the Sun the velocity that makes the momentum of the whole system zero.
    fn rest_momentum(&mut self) {
        let [sun, planets @ ..] = &mut self.bodies;
        for axis in 0..3 {
            let momentum: f64 = planets.iter().map(|planet| planet.velocity[axis] * planet.mass).sum();
            sun.velocity[axis] = -momentum / sun.mass;
        }
    }

    /// Advances by one [`STEP`].
    fn step(&mut self) {
        for i in 1..self.bodies.len() {
            let (before, from_i) = self.bodies.split_at_mut(i);
            let second = &mut from_i[0];
            for first in before {
                let between = difference(first.position, second.position);
                let square = dot(between, between);
                let pull = STEP / (square * square.sqrt());
                for ((first_v, second_v), distance) in
                    first.velocity.iter_mut().zip(&mut second.velocity).zip(between)
                {
                    *first_v -= distance * second.mass * pull;
                    *second_v += distance * first.mass * pull;
                }
            }
        }
        for body in &mut self.bodies {
            for (position, velocity) in body.position.iter_mut().zip(body.velocity) {
                *position += STEP * velocity;
            }
        }
    }
}

impl Default for NBody {
    fn default() -> Self {
        Self::new()
    }
}

fn difference(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energies_are_the_published_ones() {
        let mut system = NBody::new();
        assert_eq!(system.run(0), 42);
        assert_eq!(format!("{:.9}", system.energy()), "-0.169075164");
        system.run(1000);
        assert_eq!(format!("{:.9}", system.energy()), "-0.169087605");
    }

    #[test]
    fn state_is_kept_between_calls() {
        let mut twice = NBody::new();
        twice.run(10);
        assert_eq!(twice.energy().to_bits(), ENERGY_BITS_AFTER_10, "{}", twice.energy());
        let after_one = twice.energy();
        assert_eq!(twice.run(10), EXPECTED_FOR_10);
        assert_ne!(twice.energy().to_bits(), after_one.to_bits());
    }
}
