//! The method: upright edges lie close together in a plate, so merge them and look at the shapes.

use super::Frame;
use super::morphology::Mask;
use crate::Grey;

/// Smaller or larger frames are no plates, pixels.
const AREA: std::ops::RangeInclusive<usize> = 900..=12_000;
/// Width over height of a plate, as tenths.
const ASPECT: std::ops::RangeInclusive<usize> = 20..=60;
/// How much of its frame a plate fills, per cent.
const FILL: usize = 60;

/// The frame of the plate; `None` when nothing looks like one.
#[inline(never)]
pub fn detect(image: &Grey) -> Option<Frame> {
    let edges = upright_edges(image);
    let threshold = otsu(&edges);
    let mask = Mask { width: image.width, set: edges.iter().map(|&edge| edge > threshold).collect() };
    let merged = mask.closed(25, 3).opened(17, 7);
    let frames = merged.parts().into_iter().filter_map(|part| {
        let frame = frame(&part, image.width);
        let fine = AREA.contains(&frame.area())
            && ASPECT.contains(&(10 * frame.width() / frame.height()))
            && part.len() * 100 >= FILL * frame.area();
        fine.then_some((frame, part))
    });
    // Of several the one with the strongest edges in it.
    let strength = |part: &[usize]| part.iter().map(|&i| usize::from(edges[i])).sum::<usize>() / part.len();
    let (characters, _) = frames.max_by_key(|(_, part)| strength(part))?;
    // The plate's own upper and lower border are no upright edges; characters take about seven tenths of its height.
    let margin = characters.height() / 6;
    Some(Frame {
        top: characters.top.saturating_sub(margin),
        bottom: (characters.bottom + margin).min(image.height),
        ..characters
    })
}

/// Sobel's operator to the right, a quarter of its absolute value, at most 255. Nothing at the border.
fn upright_edges(image: &Grey) -> Vec<u8> {
    let Grey { width, height, pixels } = image;
    let mut edges = vec![0; pixels.len()];
    for y in 1..height.saturating_sub(1) {
        let row = y * width..(y + 1) * width;
        for (i, edge) in row.clone().zip(&mut edges[row]).skip(1).take(width.saturating_sub(2)) {
            let at = |i: usize| i32::from(pixels[i]);
            let column = |i: usize| at(i - width) + 2 * at(i) + at(i + width);
            let slope = (column(i + 1) - column(i - 1)).unsigned_abs() / 4;
            *edge = u8::try_from(slope).unwrap_or(u8::MAX);
        }
    }
    edges
}

/// The level that parts the pixels into the two classes with the greatest variance between them (Otsu 1979): up to it
/// is the lower class.
pub(super) fn otsu(pixels: &[u8]) -> u8 {
    let mut histogram = [0_u64; 256];
    for &pixel in pixels {
        histogram[usize::from(pixel)] += 1;
    }
    let count = pixels.len() as u64;
    let sum: u64 = (0..).zip(&histogram).map(|(level, n): (u64, _)| level * n).sum();
    let (mut below, mut sum_below) = (0, 0);
    let (mut best, mut threshold) = (0, 0);
    for level in 0..=255_u8 {
        below += histogram[usize::from(level)];
        sum_below += u64::from(level) * histogram[usize::from(level)];
        let above = count - below;
        if below == 0 || above == 0 {
            continue;
        }
        // The variance times the square of the number of pixels, in whole numbers: (count·sum_below − below·sum)² /
        // (below·above).
        let difference = u128::from((count * sum_below).abs_diff(below * sum));
        let variance = difference * difference / u128::from(below * above);
        if variance > best {
            (best, threshold) = (variance, level);
        }
    }
    threshold
}

fn frame(part: &[usize], width: usize) -> Frame {
    let columns = || part.iter().map(|i| i % width);
    let rows = || part.iter().map(|i| i / width);
    Frame {
        left: columns().min().unwrap_or(0),
        top: rows().min().unwrap_or(0),
        right: columns().max().map_or(0, |x| x + 1),
        bottom: rows().max().map_or(0, |y| y + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_lies_between_two_classes() {
        let pixels = [&[10, 11, 12, 11].repeat(50)[..], &[200, 210, 190].repeat(20)].concat();
        assert_eq!(otsu(&pixels), 12);
        assert_eq!(otsu(&[7; 100]), 0, "one class only");
    }
}
