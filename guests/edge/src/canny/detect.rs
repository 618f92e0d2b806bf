//! The method: smooth, differentiate, keep ridges, follow them.

use crate::Grey;

/// Pixels on edges. `sigma` in pixels; the thresholds are magnitudes of the gradient in grey levels over eight pixels,
/// as Sobel's operator gives it.
#[inline(never)]
pub fn detect(image: &Grey, sigma: f64, (low, high): (f32, f32)) -> Vec<bool> {
    let smooth = smooth(image, sigma);
    let ridges = ridges(&gradient(&smooth, image.width), image.width);
    follow(&ridges, image.width, low, high)
}

/// A Gaussian of three standard deviations to each side, rows first; the border is repeated outwards.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "few pixels"
)]
fn smooth(image: &Grey, sigma: f64) -> Vec<f32> {
    let reach = libm::ceil(3.0 * sigma) as usize;
    let weight = |i: usize| libm::exp(-((i as f64 / sigma) * (i as f64 / sigma)) / 2.0);
    let half: Vec<f64> = (0..=reach).map(weight).collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f64>();
    let kernel: Vec<f32> = (0..=2 * reach).map(|i| (half[i.abs_diff(reach)] / sum) as f32).collect();
    let (width, height) = (image.width, image.height);

    let mut rows = Vec::with_capacity(width * height);
    let mut padded = vec![0.0; width + 2 * reach];
    for row in image.pixels.chunks_exact(width) {
        for (i, pixel) in padded.iter_mut().enumerate() {
            *pixel = f32::from(row[i.saturating_sub(reach).min(width - 1)]);
        }
        let windows = padded.windows(kernel.len());
        rows.extend(windows.map(|window| window.iter().zip(&kernel).map(|(p, k)| p * k).sum::<f32>()));
    }
    let mut all = vec![0.0; width * height];
    for (y, row) in all.chunks_exact_mut(width).enumerate() {
        for (i, factor) in kernel.iter().enumerate() {
            let from = (y + i).saturating_sub(reach).min(height - 1);
            for (pixel, other) in row.iter_mut().zip(&rows[from * width..][..width]) {
                *pixel += other * factor;
            }
        }
    }
    all
}

/// Sobel's operator: differences to the right and downwards. Nothing at the border.
fn gradient(pixels: &[f32], width: usize) -> Vec<(f32, f32)> {
    let height = pixels.len() / width;
    let mut gradient = vec![(0.0, 0.0); pixels.len()];
    for y in 1..height - 1 {
        let [above, here, below] = [y - 1, y, y + 1].map(|row| &pixels[row * width..][..width]);
        for x in 1..width - 1 {
            let right = above[x + 1] + 2.0 * here[x + 1] + below[x + 1];
            let left = above[x - 1] + 2.0 * here[x - 1] + below[x - 1];
            let down = below[x - 1] + 2.0 * below[x] + below[x + 1];
            let up = above[x - 1] + 2.0 * above[x] + above[x + 1];
            gradient[y * width + x] = (right - left, down - up);
        }
    }
    gradient
}

/// Magnitudes where they are largest across the edge, of equal ones the first; zero elsewhere. The direction across is
/// one of four.
fn ridges(gradient: &[(f32, f32)], width: usize) -> Vec<f32> {
    /// tan 22.5°.
    const TANGENT: f32 = 0.414_213_57;
    let magnitudes: Vec<f32> = gradient.iter().map(|(x, y)| (x * x + y * y).sqrt()).collect();
    let mut ridges = vec![0.0; gradient.len()];
    for y in 1..gradient.len() / width - 1 {
        for i in y * width + 1..(y + 1) * width - 1 {
            let (dx, dy) = gradient[i];
            let step = if dy.abs() <= TANGENT * dx.abs() {
                1
            } else if dx.abs() <= TANGENT * dy.abs() {
                width
            } else if (dx > 0.0) == (dy > 0.0) {
                width + 1
            } else {
                width - 1
            };
            let here = magnitudes[i];
            if here > magnitudes[i - step] && here >= magnitudes[i + step] {
                ridges[i] = here;
            }
        }
    }
    ridges
}

/// Ridges above `high`, and those above `low` that touch them, also by corners and over others.
fn follow(ridges: &[f32], width: usize, low: f32, high: f32) -> Vec<bool> {
    let mut edges = vec![false; ridges.len()];
    let mut next = Vec::new();
    for (start, &ridge) in ridges.iter().enumerate() {
        if ridge <= high || edges[start] {
            continue;
        }
        edges[start] = true;
        next.push(start);
        while let Some(i) = next.pop() {
            // The border has no ridges, so neighbours are in the image.
            for row in [i - width, i, i + width] {
                for neighbour in row - 1..=row + 1 {
                    if ridges[neighbour] > low && !edges[neighbour] {
                        edges[neighbour] = true;
                        next.push(neighbour);
                    }
                }
            }
        }
    }
    edges
}
