//! Windows at all places and sizes.

use crate::WINDOW;
use crate::boxes::{Square, merge};
use crate::feature::{Scaled, Stage, round};
use crate::integral::{Grey, Integral};

/// Each size of the window is larger than the last one by this.
const GROWTH: f64 = 1.25;

/// Windows with less contrast than this hold nothing.
pub(crate) const FLAT: f64 = 8.0;

/// A stage at a scale.
struct ScaledStage<'a> {
    stage: &'a Stage<'a>,
    features: Vec<Scaled>,
}

/// A cascade at a scale.
pub(crate) struct ScaledCascade<'a>(Vec<ScaledStage<'a>>, usize);

impl<'a> ScaledCascade<'a> {
    pub(crate) fn new(cascade: &'a [Stage<'a>], scale: f64) -> Self {
        let scaled = |stage: &'a Stage<'a>| ScaledStage {
            stage,
            features: stage.weak.iter().map(|w| Scaled::new(w.feature, scale)).collect(),
        };
        Self(cascade.iter().map(scaled).collect(), side(scale))
    }

    /// Whether a window passes all stages.
    pub(crate) fn accepts(&self, integral: &Integral, x: usize, y: usize) -> bool {
        let (_, deviation) = integral.contrast(x, y, self.1);
        deviation >= FLAT
            && self.0.iter().all(|ScaledStage { stage, features }| {
                let votes = stage.weak.iter().zip(features).fold(0.0, |votes, (weak, feature)| {
                    let below = feature.value(integral, x, y) < weak.threshold * deviation;
                    if below == weak.below { votes + weak.vote } else { votes }
                });
                votes >= stage.enough
            })
    }
}

/// Side of the window at a scale.
fn side(scale: f64) -> usize {
    round(f64::from(u32::try_from(WINDOW).unwrap_or(u32::MAX)) * scale)
}

/// All windows that pass, smallest first.
pub(crate) fn raw(cascade: &[Stage<'_>], grey: &Grey) -> Vec<Square> {
    let integral = Integral::new(grey);
    let mut found = Vec::new();
    let mut scale = 1.0;
    while side(scale) <= grey.width.min(grey.height) {
        let (side, step) = (side(scale), round(scale));
        let scaled = ScaledCascade::new(cascade, scale);
        for y in (0..=grey.height - side).step_by(step) {
            for x in (0..=grey.width - side).step_by(step) {
                if scaled.accepts(&integral, x, y) {
                    found.push(Square { x, y, side });
                }
            }
        }
        scale *= GROWTH;
    }
    found
}

/// The faces: windows that pass, merged; a face is found by several.
pub(crate) fn detect(cascade: &[Stage<'_>], grey: &Grey) -> Vec<Square> {
    merge(&raw(cascade, grey), 0.45, 4)
}
