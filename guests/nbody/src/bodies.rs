//! The bodies and their published state of motion at the start of the simulation.
#![expect(clippy::excessive_precision, clippy::unreadable_literal, reason = "digits as published")]

use core::f64::consts::PI;

/// A point mass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    /// Heliocentric, in astronomical units.
    pub(crate) position: [f64; 3],
    /// In astronomical units per year.
    pub(crate) velocity: [f64; 3],
    /// Times the gravitational constant, in AU³/year².
    pub(crate) mass: f64,
}

/// Kepler's third law for a body at one astronomical unit with a period of one year.
const SOLAR_MASS: f64 = 4.0 * PI * PI;

/// The velocities are published per day.
const DAYS_PER_YEAR: f64 = 365.24;

/// A planet from its published position (AU), velocity (AU/day) and mass (solar masses).
const fn planet(position: [f64; 3], per_day: [f64; 3], mass: f64) -> Body {
    let velocity = [per_day[0] * DAYS_PER_YEAR, per_day[1] * DAYS_PER_YEAR, per_day[2] * DAYS_PER_YEAR];
    Body { position, velocity, mass: mass * SOLAR_MASS }
}

/// The Sun at rest in the origin, then Jupiter, Saturn, Uranus and Neptune.
pub(crate) const INITIAL: [Body; 5] = [
    planet([0.0; 3], [0.0; 3], 1.0),
    planet(
        [4.84143144246472090, -1.16032004402742839, -0.103622044471123109],
        [0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023],
        0.000954791938424326609,
    ),
    planet(
        [8.34336671824457987, 4.12479856412430479, -0.403523417114321381],
        [-0.00276742510726411530, 0.00499852801234917238, 0.0000230417297573763929],
        0.000285885980666130812,
    ),
    planet(
        [12.8943695621391310, -15.1111514016986312, -0.223307578892655734],
        [0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556],
        0.0000436624404335156298,
    ),
    planet(
        [15.3796971148509165, -25.9193146099879641, 0.179258772950371181],
        [0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870],
        0.0000515138902046611451,
    ),
];
