//! Number plates found by morphology, on generated scenes.

mod detect;
mod morphology;
mod scene;

pub use detect::detect;
pub use scene::scene;

use runoff_guest_program::{Io, say};

use crate::common::{Digest, number, refuse};

/// A rectangle of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// Column after the last.
    pub right: usize,
    /// Row after the last.
    pub bottom: usize,
}

impl Frame {
    /// Columns.
    pub fn width(&self) -> usize {
        self.right.saturating_sub(self.left)
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.bottom.saturating_sub(self.top)
    }

    /// Pixels.
    pub fn area(&self) -> usize {
        self.width() * self.height()
    }

    /// Pixels of both as thousandths of the pixels of either: 1000 when they are the same.
    pub fn overlap(&self, other: &Self) -> usize {
        let both = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        1000 * both.area() / (self.area() + other.area() - both.area()).max(1)
    }
}

/// The command.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let scenes = match args {
        [scenes] => number(scenes, 1..=1000),
        _ => Err("argument: number of scenes of 640 x 480 pixels".to_owned()),
    };
    let scenes: Vec<_> = match scenes {
        Ok(scenes) => (1..=scenes as u64).map(scene).collect(),
        Err(message) => return refuse(io, &message),
    };
    io.start();
    let found: Vec<Option<Frame>> = scenes.iter().map(|(image, _)| detect(image)).collect();
    io.end();
    let (mut digest, mut overlaps, mut right) = (Digest::new(), 0, 0);
    for (frame, (_, truth)) in found.iter().zip(&scenes) {
        digest = digest.bytes(format!("{frame:?}").as_bytes());
        let overlap = frame.map_or(0, |frame| frame.overlap(truth));
        overlaps += overlap;
        right += usize::from(overlap >= 500);
    }
    let count = scenes.len();
    let mean = overlaps / count;
    i32::from(!say!(io, "{count} scenes {}\nplates found {right}, overlap {mean} per mille\n", digest.hex()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grey;

    #[test]
    fn plates_are_found_where_they_are() {
        let mut overlaps = Vec::new();
        for seed in 1..=100 {
            let (image, truth) = scene(seed);
            overlaps.push(detect(&image).map_or(0, |frame| frame.overlap(&truth)));
        }
        let right = overlaps.iter().filter(|&&overlap| overlap >= 500).count();
        let mean = overlaps.iter().sum::<usize>() / overlaps.len();
        assert!(right >= 98 && mean >= 750, "{right} of 100 found, mean overlap {mean}: {overlaps:?}");
    }

    #[test]
    fn an_empty_road_has_no_plate() {
        let mut image = Grey::new(640, 480, 120);
        assert_eq!(detect(&image), None);
        image.fill(100, 100, 500, 400, 60);
        assert_eq!(detect(&image), None, "a plain vehicle without one");
    }

    #[test]
    fn overlap_is_intersection_over_union() {
        let frame = |left, top, right, bottom| Frame { left, top, right, bottom };
        assert_eq!(frame(0, 0, 10, 10).overlap(&frame(0, 0, 10, 10)), 1000);
        assert_eq!(frame(0, 0, 10, 10).overlap(&frame(5, 0, 15, 10)), 333);
        assert_eq!(frame(0, 0, 10, 10).overlap(&frame(10, 0, 15, 10)), 0);
    }
}
