//! A road with a vehicle and its plate.

use super::Frame;
use crate::Grey;
use crate::common::{Pen, Random, draw};

const WIDTH: usize = 640;
const HEIGHT: usize = 480;

/// A scene of 640 × 480 pixels and where the plate is.
pub fn scene(seed: u64) -> (Grey, Frame) {
    let mut random = Random::new(seed);
    let mut image = Grey::new(WIDTH, HEIGHT, 0);
    road(&mut image, &mut random);
    let width = 90 + random.below(60);
    let plate = vehicle(&mut image, &mut random, width);
    characters(&mut image, &mut random, plate);
    image.add_noise(&mut random, 4.0);
    (image, plate)
}

/// Sky that darkens downwards, a road, posts and trunks beside it, a broken line.
fn road(image: &mut Grey, random: &mut Random) {
    for y in 0..HEIGHT {
        let colour = if y < 160 { 190 - y / 4 } else { 95 + y / 40 };
        image.fill(0, y, WIDTH, y + 1, u8::try_from(colour).unwrap_or(u8::MAX));
    }
    for _ in 0..4 {
        let (x, width, top) = (random.below(WIDTH), 3 + random.below(12), random.below(120));
        image.fill(x, top, x + width, 200, 60);
    }
    for y in (200..HEIGHT).step_by(60) {
        image.fill(20, y, 28, y + 30, 220);
    }
}

/// The vehicle from behind; gives the place of its plate, which is drawn without characters.
fn vehicle(image: &mut Grey, random: &mut Random, plate_width: usize) -> Frame {
    let (width, height) = (plate_width * 3 + random.below(60), 210 + random.below(50));
    let (left, top) = (40 + random.below(WIDTH - width - 60), 130 + random.below(60));
    let body = u8::try_from(35 + random.below(90)).unwrap_or(0);
    let (right, bottom) = (left + width, top + height);
    image.fill(left, top, right, bottom, body);
    // Window, lights, bumper with slots, wheels, shadow.
    image.fill(left + width / 8, top + 12, right - width / 8, top + height / 3, body / 2 + 90);
    image.fill(left + 6, top + height / 2, left + width / 8, top + height / 2 + 26, 215);
    image.fill(right - width / 8, top + height / 2, right - 6, top + height / 2 + 26, 215);
    for slot in 0..4 {
        image.fill(left + 20, bottom - 34 + slot * 7, right - 20, bottom - 31 + slot * 7, body / 2);
    }
    image.fill(left + 10, bottom, left + 50, bottom + 26, 15);
    image.fill(right - 50, bottom, right - 10, bottom + 26, 15);
    image.fill(left, bottom, right, bottom + 5, 30);
    // A sticker: narrow lines, too small and too square for a plate.
    let sticker = left + width / 6;
    for line in 0..5 {
        image.fill(
            sticker + line * 5,
            top + height / 3 + 3,
            sticker + line * 5 + 2,
            top + height / 3 + 23,
            200,
        );
    }
    let plate_height = plate_width * 10 / 43;
    let x = left + (width - plate_width) / 2 + random.below(21) - 10;
    let y = top + height / 2 + 8 + random.below(20);
    let plate = Frame { left: x, top: y, right: x + plate_width, bottom: y + plate_height };
    image.fill(plate.left, plate.top, plate.right, plate.bottom, 20);
    image.fill(plate.left + 1, plate.top + 1, plate.right - 1, plate.bottom - 1, 235);
    plate
}

/// Seven digits with a gap after the third.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "few pixels"
)]
fn characters(image: &mut Grey, random: &mut Random, plate: Frame) {
    let pitch = plate.width() as f64 / 8.0;
    let height = plate.height() as f64 * 0.7;
    for place in 0..7_u8 {
        let gap = if place < 3 { 0.28 } else { 0.72 };
        let x = plate.left as f64 + (f64::from(place) + gap) * pitch;
        let pen = Pen {
            origin: (x, plate.top as f64 + plate.height() as f64 * 0.15),
            x_axis: (pitch * 0.68, 0.0),
            y_axis: (0.0, height),
            radius: height * 0.07,
        };
        // Only around the character; the pen's coordinates are those of the whole image.
        let window = Frame {
            left: x as usize - 3,
            top: plate.top,
            right: (x + pitch) as usize + 3,
            bottom: plate.bottom,
        };
        let shifted = Pen { origin: (x - window.left as f64, pen.origin.1 - window.top as f64), ..pen };
        draw(random.below(10), &shifted, window.width(), window.height(), |dx, dy, cover| {
            let pixel = &mut image.pixels[(window.top + dy) * WIDTH + window.left + dx];
            *pixel = (f64::from(*pixel) * (1.0 - cover) + 25.0 * cover) as u8;
        });
    }
}
