//! On scenes whose faces are known.

use super::*;
use boxes::{Square, merge};
use feature::{Feature, Kind, Scaled};
use integral::{Grey, Integral};
use scene::background;

/// Scenes that the cascade was not trained on.
#[test]
fn faces_are_found_and_hardly_anything_else() {
    let (mut faces, mut right, mut wrong) = (0, 0, 0);
    for seed in 1..=20 {
        let (grey, truth) = scene(seed, 256);
        let found = detect(CASCADE, &grey);
        let hit = |a: &Square, all: &[Square]| all.iter().any(|b| a.overlap(b) > 0.4);
        faces += truth.len();
        right += truth.iter().filter(|face| hit(face, &found)).count();
        wrong += found.iter().filter(|f| !hit(f, &truth)).count();
    }
    assert!(
        faces > 80 && right * 100 >= faces * 95 && wrong * 100 <= faces * 5,
        "{right} of {faces}, {wrong} wrong"
    );
}

#[test]
fn no_faces_are_seen_where_there_are_none() {
    let wrong: usize = (50..60).map(|seed| detect(CASCADE, &background(seed, 256)).len()).sum();
    assert!(wrong <= 2, "{wrong}");
}

/// Sums over rectangles are what adding gives.
#[test]
fn integral_images_add() {
    let grey = background(3, 40);
    let integral = Integral::new(&grey);
    for (x, y, w, h) in [(0, 0, 40, 40), (3, 5, 7, 11), (39, 39, 1, 1), (10, 0, 5, 40)] {
        let rows = (y..y + h).map(|row| &grey.samples[row * 40 + x..][..w]);
        let sum: u32 = rows.flatten().map(|s| u32::from(*s)).sum();
        assert_eq!(integral.sum(x, y, w, h), sum);
    }
    let pixels: Vec<f64> =
        (6..26).flat_map(|y| &grey.samples[y * 40 + 4..][..20]).map(|s| f64::from(*s)).collect();
    let mean = pixels.iter().sum::<f64>() / 400.0;
    let variance = pixels.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / 400.0;
    let (m, d) = integral.contrast(4, 6, 20);
    assert!((m - mean).abs() < 1e-9 && (d - variance.sqrt()).abs() < 1e-9);
}

/// A picture that is dark on its left and bright on its right.
#[test]
fn features_compare_means_at_any_scale() {
    for side in [24_usize, 48] {
        let row = [[10_u8].repeat(side / 2), [50].repeat(side / 2)].concat();
        let integral = Integral::new(&Grey { width: side, height: side, samples: row.repeat(side) });
        let scale = if side == 24 { 1.0 } else { 2.0 };
        let value = |kind| Scaled::new(Feature(kind, [0, 0, 24, 24]), scale).value(&integral, 0, 0);
        let expected =
            [(Kind::Beside, -40.0), (Kind::Above, 0.0), (Kind::Column, 0.0), (Kind::Quarters, 0.0)];
        for (kind, expected) in expected {
            assert!((value(kind) - expected).abs() < 1e-9, "{kind:?}: {}", value(kind));
        }
    }
}

#[test]
fn squares_merge() {
    let at = |x, y| Square { x, y, side: 10 };
    let merged = merge(&[at(0, 0), at(50, 50), at(2, 0), at(1, 3), at(51, 50)], 0.3, 2);
    assert_eq!(merged, [at(1, 1), Square { x: 51, y: 50, side: 10 }]);
    assert_eq!(merge(&[at(0, 0), at(50, 50), at(2, 0), at(1, 3)], 0.3, 2).len(), 1);
    assert!((at(0, 0).overlap(&at(5, 0)) - 1.0 / 3.0).abs() < 1e-12);
}
