//! Drawn faces before a drawn background.

use runoff_guest_apps_inputs::{Random, picture};

use crate::boxes::Square;
use crate::integral::Grey;

/// A square scene and where its faces are; a face in about each 100 × 100 pixels, at most 24.
pub(crate) fn scene(seed: u64, side: usize) -> (Grey, Vec<Square>) {
    let mut random = Random::new(seed ^ 0xface);
    let mut grey = background(seed, side);
    let mut faces: Vec<Square> = Vec::new();
    let wanted = (side * side / 10_000).clamp(1, 24);
    // Places are tried until there is room; in the end there may be fewer.
    for _ in 0..50 * wanted {
        if faces.len() == wanted {
            break;
        }
        let largest = u32::try_from(side / 3).unwrap_or(u32::MAX).clamp(40, 160);
        let extent = (28 + random.below(largest - 28)) as usize;
        let room = u32::try_from(side - extent).unwrap_or(u32::MAX);
        let face = Square { x: random.below(room) as usize, y: random.below(room) as usize, side: extent };
        if faces.iter().all(|other| apart(&face, other)) {
            draw(&mut grey, &face, &mut random);
            faces.push(face);
        }
    }
    (grey, faces)
}

fn apart(a: &Square, b: &Square) -> bool {
    a.x > b.x + b.side || b.x > a.x + a.side || a.y > b.y + b.side || b.y > a.y + a.side
}

/// Without faces: the brightness of a picture.
pub(crate) fn background(seed: u64, side: usize) -> Grey {
    let colours = picture(seed, side, side);
    let grey = |p: &[u8]| (u32::from(p[0]) * 77 + u32::from(p[1]) * 151 + u32::from(p[2]) * 28) >> 8;
    let samples = colours.rgb.chunks_exact(3).map(|p| u8::try_from(grey(p)).unwrap_or(u8::MAX)).collect();
    Grey { width: side, height: side, samples }
}

/// A part of a face: centre and radii in half sides, and what it does to the brightness.
type Part = ([f64; 4], f64);

/// Draws a face that fills a square: an oval with eyes, brows, nose and mouth, each somewhat different every time, lit
/// from the left or the right, with the noise of a sensor.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "coordinates are small, samples are clamped"
)]
pub(crate) fn draw(grey: &mut Grey, face: &Square, random: &mut Random) {
    let skin = random.within(120.0, 200.0);
    let light = random.within(-0.2, 0.2);
    let mut vary = |x: f64| x * random.within(0.88, 1.12);
    let (eye, height) = (vary(0.34), vary(-0.16));
    let brow = height - vary(0.2);
    let parts: [Part; 8] = [
        ([-eye, height, vary(0.19), vary(0.1)], -vary(85.0)),
        ([eye, height, vary(0.19), vary(0.1)], -vary(85.0)),
        ([-eye, brow, vary(0.24), vary(0.06)], -vary(55.0)),
        ([eye, brow, vary(0.24), vary(0.06)], -vary(55.0)),
        ([0.0, vary(0.08), vary(0.08), vary(0.26)], vary(18.0)),
        ([0.0, vary(0.34), vary(0.16), vary(0.06)], -vary(35.0)),
        ([0.0, vary(0.6), vary(0.32), vary(0.09)], -vary(60.0)),
        ([0.0, -1.0, 0.8, vary(0.42)], -vary(80.0)),
    ];
    let half = face.side as f64 / 2.0;
    for row in 0..face.side {
        for column in 0..face.side {
            let (u, v) = ((column as f64 + 0.5) / half - 1.0, (row as f64 + 0.5) / half - 1.0);
            if (u / 0.82) * (u / 0.82) + v * v > 1.0 {
                continue;
            }
            let mut value = skin * (1.0 + light * u);
            for ([x, y, rx, ry], change) in parts {
                let (dx, dy) = ((u - x) / rx, (v - y) / ry);
                // Soft edges: full inside, nothing from 1.5 radii on.
                let edge = (2.25 - dx * dx - dy * dy).clamp(0.0, 1.25) / 1.25;
                value += change * edge;
            }
            value += random.within(-6.0, 6.0);
            grey.samples[(face.y + row) * grey.width + face.x + column] = value.clamp(0.0, 255.0) as u8;
        }
    }
}
