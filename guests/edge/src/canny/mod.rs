//! Edge detection by Canny's method (1986) on a generated scene.

mod detect;
mod scene;

pub use detect::detect;
pub use scene::{Scene, near};

use runoff_guest_program::{Io, say};

use crate::common::{Digest, number, refuse};

/// Standard deviation of the Gaussian, pixels.
const SIGMA: f64 = 1.4;
/// Thresholds of the gradient's magnitude: an edge begins above the second and goes on above the first.
const THRESHOLDS: (f32, f32) = (40.0, 80.0);

/// The command.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let sides = match args {
        [side] => number(side, 16..=8192).map(|side| (side, side)),
        [width, height] => number(width, 16..=8192).and_then(|w| Ok((w, number(height, 16..=8192)?))),
        _ => Err("arguments: WIDTH [HEIGHT] of the scene in pixels".to_owned()),
    };
    let (width, height) = match sides {
        Ok(sides) => sides,
        Err(message) => return refuse(io, &message),
    };
    let scene = Scene::new(width, height, 1);
    io.start();
    let edges = detect(&scene.image, SIGMA, THRESHOLDS);
    io.end();
    let (found, right) = (count(&edges), near(&edges, &scene.edges, width, 2));
    let (there, seen) = (count(&scene.edges), near(&scene.edges, &edges, width, 2));
    let bytes: Vec<u8> = edges.iter().copied().map(u8::from).collect();
    let digest = Digest::new().bytes(&bytes).hex();
    let fine = say!(
        io,
        "{width} x {height} edges {digest}\nfound {found}, of them true {right}\ntrue {there}, of them found {seen}\n"
    );
    i32::from(!fine)
}

fn count(edges: &[bool]) -> usize {
    edges.iter().filter(|&&edge| edge).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grey;
    use crate::common::level;

    #[test]
    fn edges_are_where_the_scene_has_them() {
        for (width, height, seed) in [(512, 512, 1), (512, 512, 2), (200, 333, 3), (64, 64, 1)] {
            let scene = Scene::new(width, height, seed);
            let edges = detect(&scene.image, SIGMA, THRESHOLDS);
            let (found, right) = (count(&edges), near(&edges, &scene.edges, width, 2));
            let (there, seen) = (count(&scene.edges), near(&scene.edges, &edges, width, 2));
            assert!(right * 100 >= found * 97, "{width} x {height}: {right} of {found} found ones are true");
            assert!(seen * 100 >= there * 95, "{width} x {height}: {seen} of {there} true ones are found");
        }
    }

    #[test]
    fn a_step_gives_one_line() {
        let mut image = Grey::new(40, 30, 60);
        image.fill(20, 0, 40, 30, 180);
        let edges = detect(&image, SIGMA, THRESHOLDS);
        for row in edges.chunks_exact(40).skip(4).take(22) {
            let columns: Vec<usize> = (0..40).filter(|&x| row[x]).collect();
            assert!(columns == [19] || columns == [20], "{columns:?}");
        }
    }

    #[test]
    fn nothing_is_found_in_noise_and_slopes() {
        let mut image = Grey::new(100, 100, 0);
        for (pixel, colour) in image.pixels.iter_mut().zip((50..150).cycle()) {
            *pixel = colour;
        }
        image.add_noise(&mut crate::common::Random::new(5), 3.0);
        assert_eq!(count(&detect(&image, SIGMA, THRESHOLDS)), 0);
    }

    #[test]
    fn weak_edges_need_strong_ones() {
        // A step that fades out from left to right: seen down to the lower threshold, and not at all without its
        // strong part.
        let fading = |strongest: f64| {
            let mut image = Grey::new(200, 40, 100);
            for x in 0..200_u8 {
                let colour = level(100.0 + strongest * (1.0 - f64::from(x) / 200.0));
                image.fill(x.into(), 20, usize::from(x) + 1, 40, colour);
            }
            let edges = detect(&image, SIGMA, THRESHOLDS);
            (0..200).filter(|&x| (0..40).any(|y| edges[y * 200 + x])).max()
        };
        let (strong, weak) = (fading(60.0).unwrap(), fading(25.0));
        assert!((90..190).contains(&strong), "{strong}");
        assert_eq!(weak, None);
    }
}
