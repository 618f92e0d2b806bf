//! A scene of flat shapes, and where their edges are.

use crate::Grey;
use crate::common::Random;

/// An image with the edges in it.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Shapes with noise.
    pub image: Grey,
    /// Pixels whose right or lower neighbour belongs to something of another colour.
    pub edges: Vec<bool>,
}

/// Colours, far enough from one another and from the background to be told apart.
const COLOURS: [u8; 4] = [15, 70, 190, 245];
const BACKGROUND: u8 = 130;

impl Scene {
    /// Rectangles and discs of random size and place, one for about 5000 pixels.
    pub fn new(width: usize, height: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut image = Grey::new(width, height, BACKGROUND);
        let largest = (width.min(height) / 3).max(8);
        for _ in 0..(width * height / 5000).clamp(1, 60) {
            let colour = COLOURS[random.below(COLOURS.len())];
            let (x, y) = (random.below(width), random.below(height));
            let (w, h) = (largest / 3 + random.below(largest), largest / 3 + random.below(largest));
            if random.below(2) == 0 {
                image.fill(x, y, x + w, y + h, colour);
            } else {
                disc(&mut image, (x, y), w / 2, colour);
            }
        }
        let edges = edges(&image);
        image.add_noise(&mut random, 3.0);
        Self { image, edges }
    }
}

fn disc(image: &mut Grey, (x, y): (usize, usize), radius: usize, colour: u8) {
    for row in y.saturating_sub(radius)..(y + radius + 1).min(image.height) {
        for column in x.saturating_sub(radius)..(x + radius + 1).min(image.width) {
            if row.abs_diff(y).pow(2) + column.abs_diff(x).pow(2) <= radius * radius {
                image.pixels[row * image.width + column] = colour;
            }
        }
    }
}

fn edges(image: &Grey) -> Vec<bool> {
    let Grey { width, height, pixels } = image;
    let differs = |a: usize, b: usize| pixels[a] != pixels[b];
    (0..width * height)
        .map(|i| {
            let (x, y) = (i % width, i / width);
            (x + 1 < *width && differs(i, i + 1)) || (y + 1 < *height && differs(i, i + width))
        })
        .collect()
}

/// How many pixels of one map are at most `distance` rows and columns away from one of the other.
pub fn near(edges: &[bool], others: &[bool], width: usize, distance: usize) -> usize {
    let height = edges.len() / width;
    let is_near = |i: usize| {
        let (x, y) = (i % width, i / width);
        let columns = x.saturating_sub(distance)..(x + distance + 1).min(width);
        (y.saturating_sub(distance)..(y + distance + 1).min(height))
            .any(|row| others[row * width..][columns.clone()].contains(&true))
    };
    (0..edges.len()).filter(|&i| edges[i] && is_near(i)).count()
}
