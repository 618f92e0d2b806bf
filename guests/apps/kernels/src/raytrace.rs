//! A ray tracer: spheres over a chequered floor, one light, shadows, reflections.

mod scene;
mod vector;

use runoff_guest_apps_inputs::{Number, fnv64, numbers, refuse};
use runoff_guest_program::{Io, say};

use scene::Scene;
use vector::{Vector, vector};

const WANTED: [Number; 2] = [
    Number { name: "SIDE", range: 1..=4096, default: None },
    Number { name: "SPHERES", range: 0..=1000, default: None },
];

/// How often a ray is reflected.
const REFLECTIONS: u32 = 4;

/// The program: a picture of `SIDE`² pixels with `SPHERES` spheres.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [side, spheres] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "raytrace", &message, "SIDE SPHERES"),
    };
    let scene = Scene::new(spheres);
    io.start();
    let pixels = render(&scene, side);
    io.end();
    let sum: u64 = pixels.iter().map(|p| u64::from(*p)).sum();
    let mean = sum as f64 / pixels.len() as f64;
    i32::from(!say!(io, "mean {mean:.3} digest {:016x}\n", fnv64(&pixels)))
}

/// The picture, red, green and blue of each pixel.
fn render(scene: &Scene, side: usize) -> Vec<u8> {
    let eye = vector(0.0, 2.0, -8.0);
    let at = |i: usize| 2.0 * (i as f64 + 0.5) / side as f64 - 1.0;
    let mut pixels = Vec::with_capacity(3 * side * side);
    for row in 0..side {
        for column in 0..side {
            let ray = vector(at(column), -at(row), 1.6).unit();
            let Vector { x, y, z } = colour(scene, eye, ray, REFLECTIONS);
            // The root stands for the curve of displays.
            pixels.extend([x, y, z].map(|c| (255.0 * c.clamp(0.0, 1.0).sqrt()) as u8));
        }
    }
    pixels
}

/// What is seen from a point in a direction.
fn colour(scene: &Scene, from: Vector, ray: Vector, reflections: u32) -> Vector {
    let Some(hit) = scene.hit(from, ray) else {
        // The sky is brighter above.
        let up = 0.5 * (ray.y + 1.0);
        return vector(1.0 - 0.6 * up, 1.0 - 0.4 * up, 1.0);
    };
    let light = scene.light.minus(hit.point);
    let distance = light.dot(light).sqrt();
    let light = light.times(1.0 / distance);
    let shadow = scene.hit(hit.point, light).is_some_and(|other| other.distance < distance);
    let lit = if shadow { 0.0 } else { hit.normal.dot(light).max(0.0) };
    let mirrored = ray.minus(hit.normal.times(2.0 * ray.dot(hit.normal)));
    // Highlights by Phong, to the 32nd power.
    let shine = if shadow { 0.0 } else { (0..5).fold(mirrored.dot(light).max(0.0), |s, _| s * s) };
    let own = hit.colour.times(0.1 + 0.7 * lit).plus(vector(0.4, 0.4, 0.4).times(shine));
    if reflections == 0 || hit.mirror == 0.0 {
        return own;
    }
    let seen = colour(scene, hit.point, mirrored, reflections - 1);
    own.times(1.0 - hit.mirror).plus(seen.times(hit.mirror))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sky_floor_and_shadow() {
        let empty = render(&Scene::new(0), 32);
        let crowded = render(&Scene::new(20), 32);
        let blue = |pixels: &[u8], row: usize| u32::from(pixels[3 * 32 * row + 2]);
        assert_eq!(blue(&empty, 0), 255);
        // Spheres stand on the floor and hide it.
        assert_ne!(empty[3 * 32 * 20..], crowded[3 * 32 * 20..]);
        let sum = |pixels: &[u8]| pixels.iter().map(|p| u32::from(*p)).sum::<u32>();
        assert!(sum(&crowded) < sum(&empty));
    }
}
