//! Pictures in colour.

use crate::Random;

/// A picture, 3 bytes a pixel (red, green, blue), row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The samples.
    pub rgb: Vec<u8>,
}

/// An ellipse with a colour, lit from above.
struct Blob {
    centre: (f64, f64),
    radii: (f64, f64),
    colour: [f64; 3],
}

/// A picture: a sky that brightens downwards, ellipses one before the other, texture, and the noise of a sensor.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "coordinates are small, samples are clamped to a byte"
)]
pub fn picture(seed: u64, width: usize, height: usize) -> Picture {
    let mut random = Random::new(seed);
    let (w, h) = (width as f64, height as f64);
    let blobs: Vec<Blob> = (0..24)
        .map(|_| Blob {
            centre: (random.within(0.0, w), random.within(0.2 * h, h)),
            radii: (random.within(0.03, 0.2) * w, random.within(0.03, 0.2) * h),
            colour: [random.within(40.0, 230.0), random.within(40.0, 230.0), random.within(40.0, 230.0)],
        })
        .collect();
    let lattice: Vec<f64> = (0..33 * 33).map(|_| random.within(-18.0, 18.0)).collect();
    let mut rgb = Vec::with_capacity(3 * width * height);
    for row in 0..height {
        for column in 0..width {
            let (x, y) = (column as f64 + 0.5, row as f64 + 0.5);
            let mut colour = [90.0 + 60.0 * y / h, 120.0 + 70.0 * y / h, 190.0 + 40.0 * y / h];
            for blob in &blobs {
                let dx = (x - blob.centre.0) / blob.radii.0;
                let dy = (y - blob.centre.1) / blob.radii.1;
                let inside = 1.0 - dx * dx - dy * dy;
                if inside > 0.0 {
                    let light = 0.55 + 0.45 * inside.sqrt() - 0.2 * dy;
                    colour = blob.colour.map(|c| c * light);
                }
            }
            let shade = texture(&lattice, x / 16.0, y / 16.0);
            let noise = random.within(-3.0, 3.0);
            rgb.extend(colour.map(|c| (c + shade + noise).clamp(0.0, 255.0) as u8));
        }
    }
    Picture { width, height, rgb }
}

/// Values on a grid that repeats every 32 steps, linear between its points.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "coordinates are small")]
fn texture(lattice: &[f64], x: f64, y: f64) -> f64 {
    let (column, row) = (x as usize % 32, y as usize % 32);
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let at = |dx: usize, dy: usize| lattice[(row + dy) * 33 + column + dx];
    let top = at(0, 0) + fx * (at(1, 0) - at(0, 0));
    let bottom = at(0, 1) + fx * (at(1, 1) - at(0, 1));
    top + fy * (bottom - top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_have_their_size_and_differ_by_seed() {
        let one = picture(1, 40, 30);
        assert_eq!((one.width, one.height, one.rgb.len()), (40, 30, 3600));
        assert_ne!(one.rgb, picture(2, 40, 30).rgb);
        let (low, high) = (one.rgb.iter().min(), one.rgb.iter().max());
        assert!(low < Some(&90) && high > Some(&180), "{low:?} {high:?}");
    }
}
