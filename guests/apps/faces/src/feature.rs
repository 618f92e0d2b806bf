//! Rectangle features and the decisions made of them.

use crate::integral::Integral;

/// How the halves or thirds of a feature lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Left against right.
    Beside,
    /// Above against below.
    Above,
    /// Outer thirds of a row against the middle one.
    Column,
    /// Outer thirds of a column against the middle one.
    Bar,
    /// Diagonal quarters against the other two.
    Quarters,
}

/// A feature in a window of 24 × 24 pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Feature(pub(crate) Kind, pub(crate) [u8; 4]);

/// A feature that says face when it is below (or not below) a threshold, and the weight of its vote.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weak {
    /// Kind; left, upper edge, width, height.
    pub(crate) feature: Feature,
    /// In standard deviations of the window.
    pub(crate) threshold: f64,
    /// Whether it is below that it votes.
    pub(crate) below: bool,
    /// Weight.
    pub(crate) vote: f64,
}

/// One stage of a cascade: a window goes on when enough votes are for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage<'a> {
    /// Votes needed.
    pub(crate) enough: f64,
    /// Who votes.
    pub(crate) weak: &'a [Weak],
}

/// Rectangles of a feature at a scale: left, top, width, height, and the sign of their mean in the difference.
#[derive(Clone, Debug)]
pub(crate) struct Scaled {
    parts: [([usize; 4], f64); 4],
    count: usize,
}

impl Scaled {
    /// Corners are rounded, and means compared rather than sums, so that a feature keeps its meaning at any scale.
    pub(crate) fn new(Feature(kind, [x, y, w, h]): Feature, scale: f64) -> Self {
        let (columns, rows) = match kind {
            Kind::Beside => (2, 1),
            Kind::Above => (1, 2),
            Kind::Column => (3, 1),
            Kind::Bar => (1, 3),
            Kind::Quarters => (2, 2),
        };
        let at = |start: u8, length: u8, cut: u8, cuts: u8| {
            round((f64::from(start) + f64::from(length) * f64::from(cut) / f64::from(cuts)) * scale)
        };
        let mut scaled = Self { parts: [([0; 4], 0.0); 4], count: 0 };
        for row in 0..rows {
            for column in 0..columns {
                let (left, right) = (at(x, w, column, columns), at(x, w, column + 1, columns));
                let (top, bottom) = (at(y, h, row, rows), at(y, h, row + 1, rows));
                let sign = if (row + column) % 2 == 0 { 1.0 } else { -1.0 };
                // Two quarters or thirds of one sign count half each.
                let same =
                    (0..rows * columns).filter(|i| (i / columns + i % columns) % 2 == (row + column) % 2);
                let weight = sign / same.fold(0.0, |n, _| n + 1.0);
                scaled.parts[scaled.count] = ([left, top, right - left, bottom - top], weight);
                scaled.count += 1;
            }
        }
        scaled
    }

    /// The difference of means with the window at a place.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "areas are small")]
    pub(crate) fn value(&self, integral: &Integral, x: usize, y: usize) -> f64 {
        self.parts[..self.count].iter().fold(0.0, |sum, ([left, top, w, h], weight)| {
            sum + weight * f64::from(integral.sum(x + left, y + top, *w, *h)) / (w * h) as f64
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "coordinates are small")]
pub(crate) fn round(x: f64) -> usize {
    (x + 0.5) as usize
}
