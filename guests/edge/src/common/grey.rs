//! Grey images.

use super::Random;

/// An image of 8-bit grey pixels, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grey {
    /// Pixels per row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// All pixels.
    pub pixels: Vec<u8>,
}

impl Grey {
    /// An image of one colour.
    pub fn new(width: usize, height: usize, colour: u8) -> Self {
        Self { width, height, pixels: vec![colour; width * height] }
    }

    /// Fills the part of a rectangle that lies in the image; `right` and `bottom` are outside of the rectangle.
    pub(crate) fn fill(&mut self, left: usize, top: usize, right: usize, bottom: usize, colour: u8) {
        for y in top..bottom.min(self.height) {
            let row = y * self.width;
            self.pixels[row + left.min(self.width)..row + right.min(self.width)].fill(colour);
        }
    }

    /// Adds noise with this standard deviation in grey levels.
    pub(crate) fn add_noise(&mut self, random: &mut Random, deviation: f64) {
        for pixel in &mut self.pixels {
            *pixel = level(f64::from(*pixel) + deviation * random.normal());
        }
    }
}

/// The nearest grey level.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 to 255")]
pub(crate) fn level(value: f64) -> u8 {
    libm::floor(value + 0.5).clamp(0.0, 255.0) as u8
}
