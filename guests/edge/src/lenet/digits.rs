//! Digits as if written by many hands.

use crate::common::{Pen, Random, draw, level};

/// Pixels on each side of an image.
pub const SIDE: usize = 28;

/// The digit with this number: white on black, and what it is.
pub fn digit(number: u64) -> ([u8; SIDE * SIDE], u8) {
    // Neighbouring numbers must have nothing in common.
    let mut random = Random::new(Random::new(number).next_u64());
    let class = random.below(10);
    let height = random.uniform(15.0, 22.0);
    let width = height * random.uniform(0.45, 0.85);
    let (sin, cos) = libm::sincos(random.uniform(-0.26, 0.26));
    let slant = random.uniform(-0.25, 0.25);
    let x_axis = (width * cos, width * sin);
    let y_axis = (-height * sin - slant * height * cos, height * cos - slant * height * sin);
    let centre = [(); 2].map(|()| 13.5 + random.uniform(-2.5, 2.5));
    let pen = Pen {
        origin: (centre[0] - 0.5 * (x_axis.0 + y_axis.0), centre[1] - 0.5 * (x_axis.1 + y_axis.1)),
        x_axis,
        y_axis,
        radius: random.uniform(0.7, 1.8),
    };
    let ink = random.uniform(150.0, 255.0);
    let mut light = [0.0; SIDE * SIDE];
    draw(class, &pen, SIDE, SIDE, |x, y, cover| light[y * SIDE + x] = ink * cover);
    (light.map(|light| level(light + 14.0 * random.normal())), u8::try_from(class).unwrap_or(0))
}
