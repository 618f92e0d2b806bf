//! Digits as strokes, drawn with a pen of some width, moved, scaled, slanted, and with noise.

use runoff_guest_apps_inputs::Random;

/// Rows and columns of an image.
pub const SIDE: usize = 28;

/// Pixels of an image.
pub const PIXELS: usize = SIDE * SIDE;

/// A picture of a digit.
#[derive(Clone, Debug)]
pub struct Image {
    /// Brightness from 0 to 1, row by row.
    pub pixels: Vec<f32>,
    /// What it shows.
    pub digit: usize,
}

/// Polylines in a box of 4 by 6, from the top left: a digit is one line or two, points as two figures.
const STROKES: [&[&str]; 10] = [
    &["10 30 41 45 36 16 05 01 10"],
    &["11 20 26", "16 36"],
    &["01 10 30 41 42 06 46"],
    &["00 40 23 43 45 36 06"],
    &["36 30 04 44"],
    &["40 00 02 32 43 45 36 06"],
    &["40 10 02 05 16 36 45 43 03"],
    &["00 40 16", "13 33"],
    &["10 30 41 32 12 01 10", "12 04 05 16 36 45 44 32"],
    &["42 13 02 01 10 30 41 44 26"],
];

/// A picture of a digit below 10.
pub fn image(digit: usize, random: &mut Random) -> Image {
    let mut within = |low: f64, high: f64| random.within(low, high);
    let (left, top) = (within(6.0, 9.0), within(3.0, 6.0));
    let (wide, high, slant) = (within(2.4, 3.2), within(2.8, 3.4), within(-0.15, 0.15));
    let pen = within(0.8, 1.7);
    // A point of the box on the image; the slant leaves the middle where it is.
    let place = |point: &str| {
        let mut figures = point.bytes().map(|b| f64::from(b - b'0'));
        let (x, y) = (figures.next().unwrap_or(0.0), figures.next().unwrap_or(0.0));
        (left + wide * x + slant * high * (3.0 - y), top + high * y)
    };
    let lines = STROKES[digit].iter().map(|stroke| stroke.split(' ').map(place).collect::<Vec<_>>());
    let segments: Vec<[(f64, f64); 2]> =
        lines.flat_map(|line| line.windows(2).map(|s| [s[0], s[1]]).collect::<Vec<_>>()).collect();
    // Ink ends this far from a stroke.
    let reach = pen + 0.5;
    let mut pixels = Vec::with_capacity(PIXELS);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let here = (column as f64 + 0.5, row as f64 + 0.5);
            let near = segments.iter().filter(|[from, to]| {
                let beside = |x: f64, a: f64, b: f64| x > a.min(b) - reach && x < a.max(b) + reach;
                beside(here.0, from.0, to.0) && beside(here.1, from.1, to.1)
            });
            let distance = near.map(|[from, to]| distance(here, *from, *to)).fold(reach, f64::min);
            let ink = (reach - distance).clamp(0.0, 1.0);
            let noise = random.within(-0.15, 0.15);
            pixels.push((ink + noise).clamp(0.0, 1.0) as f32);
        }
    }
    Image { pixels, digit }
}

/// How far a point is from a segment.
fn distance(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let along = ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / (dx * dx + dy * dy);
    let t = along.clamp(0.0, 1.0);
    let (x, y) = (point.0 - from.0 - t * dx, point.1 - from.1 - t * dy);
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert!((distance((0.0, 1.0), (-1.0, 0.0), (1.0, 0.0)) - 1.0).abs() < 1e-15);
        assert!((distance((4.0, 4.0), (-1.0, 0.0), (1.0, 0.0)) - 5.0).abs() < 1e-15);
    }

    #[test]
    fn ink_stays_in_the_frame() {
        let mut random = Random::new(4);
        for digit in 0..10 {
            let image = image(digit, &mut random);
            assert_eq!((image.pixels.len(), image.digit), (PIXELS, digit));
            let ink: f32 = image.pixels.iter().filter(|p| **p > 0.5).sum();
            assert!((20.0..300.0).contains(&ink), "{digit}: {ink}");
            let border = image.pixels.chunks(SIDE).flat_map(|row| [row[0], row[SIDE - 1]]);
            assert!(border.into_iter().all(|p| p < 0.5), "{digit}");
        }
    }
}
