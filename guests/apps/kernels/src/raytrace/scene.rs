//! What is in the picture, and where rays meet it.

use runoff_guest_apps_inputs::Random;

use super::{Vector, vector};

/// Spheres on a floor at height 0, and a light.
pub(super) struct Scene {
    spheres: Vec<Sphere>,
    pub(super) light: Vector,
}

struct Sphere {
    centre: Vector,
    radius: f64,
    colour: Vector,
    mirror: f64,
}

/// Where a ray first meets something.
pub(super) struct Hit {
    pub(super) distance: f64,
    pub(super) point: Vector,
    /// Upright on the surface, towards the side the ray came from.
    pub(super) normal: Vector,
    pub(super) colour: Vector,
    /// The part of light that is reflected.
    pub(super) mirror: f64,
}

/// Nearer than this, a ray meets only what it starts from.
const NEAR: f64 = 1e-6;

impl Scene {
    pub(super) fn new(spheres: usize) -> Self {
        let mut random = Random::new(53);
        let spheres = (0..spheres)
            .map(|_| {
                let radius = random.within(0.3, 1.1);
                Sphere {
                    centre: vector(random.within(-5.0, 5.0), radius, random.within(-3.0, 9.0)),
                    radius,
                    colour: vector(random.within(0.2, 1.0), random.within(0.2, 1.0), random.within(0.2, 1.0)),
                    mirror: random.within(0.0, 0.6),
                }
            })
            .collect();
        Self { spheres, light: vector(-6.0, 9.0, -7.0) }
    }

    /// The nearest thing from a point in a direction of length 1.
    pub(super) fn hit(&self, from: Vector, ray: Vector) -> Option<Hit> {
        let floor = -from.y / ray.y;
        let mut nearest = if floor > NEAR { floor } else { f64::INFINITY };
        let mut sphere = None;
        for candidate in &self.spheres {
            if let Some(distance) = candidate.meets(from, ray)
                && distance < nearest
            {
                (nearest, sphere) = (distance, Some(candidate));
            }
        }
        if nearest.is_infinite() {
            return None;
        }
        let point = from.plus(ray.times(nearest));
        if let Some(Sphere { centre, radius, colour, mirror }) = sphere {
            let normal = point.minus(*centre).times(1.0 / radius);
            return Some(Hit { distance: nearest, point, normal, colour: *colour, mirror: *mirror });
        }
        let dark = (point.x.floor() + point.z.floor()) % 2.0 == 0.0;
        let grey = if dark { 0.3 } else { 0.9 };
        let colour = vector(grey, grey, grey);
        Some(Hit { distance: nearest, point, normal: vector(0.0, 1.0, 0.0), colour, mirror: 0.1 })
    }
}

impl Sphere {
    /// Solves |from + t·ray − centre|² = radius² for the smallest t that lies ahead.
    fn meets(&self, from: Vector, ray: Vector) -> Option<f64> {
        let away = from.minus(self.centre);
        let half = away.dot(ray);
        let discriminant = half * half - away.dot(away) + self.radius * self.radius;
        if discriminant < 0.0 {
            return None;
        }
        let root = discriminant.sqrt();
        [-half - root, -half + root].into_iter().find(|t| *t > NEAR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rays_meet_a_sphere_where_geometry_says() {
        let white = vector(1.0, 1.0, 1.0);
        let sphere = Sphere { centre: vector(0.0, 5.0, 10.0), radius: 2.0, colour: white, mirror: 0.0 };
        let ahead = vector(0.0, 0.0, 1.0);
        assert_eq!(sphere.meets(vector(0.0, 5.0, 0.0), ahead), Some(8.0));
        assert_eq!(sphere.meets(vector(0.0, 5.0, 10.0), ahead), Some(2.0));
        assert_eq!(sphere.meets(vector(0.0, 5.0, 13.0), ahead), None);
        assert_eq!(sphere.meets(vector(2.5, 5.0, 0.0), ahead), None);
        // Tangents meet in one point.
        assert_eq!(sphere.meets(vector(2.0, 5.0, 0.0), ahead), Some(10.0));
        let scene = Scene { spheres: vec![sphere], light: white };
        let down = scene.hit(vector(0.0, 9.0, 10.0), vector(0.0, -1.0, 0.0)).expect("the top");
        assert_eq!((down.distance, down.normal), (2.0, vector(0.0, 1.0, 0.0)));
        let floor = scene.hit(vector(4.0, 3.0, 0.0), vector(0.0, -1.0, 0.0)).expect("the floor");
        assert_eq!(floor.point, vector(4.0, 0.0, 0.0));
        assert!(scene.hit(vector(0.0, 1.0, 0.0), vector(0.0, 1.0, 0.0)).is_none());
    }
}
