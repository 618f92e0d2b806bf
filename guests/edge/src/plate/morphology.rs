//! Black-and-white images: growing, shrinking, parts.

/// Pixels that are set, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mask {
    pub(super) width: usize,
    pub(super) set: Vec<bool>,
}

impl Mask {
    /// Closing: gaps narrower or lower than the rectangle are filled.
    pub(super) fn closed(&self, columns: usize, rows: usize) -> Self {
        self.dilated(columns, rows).eroded(columns, rows)
    }

    /// Opening: what is narrower or lower than the rectangle vanishes.
    pub(super) fn opened(&self, columns: usize, rows: usize) -> Self {
        self.eroded(columns, rows).dilated(columns, rows)
    }

    /// A pixel is set when one is in the rectangle around it; both sides of the rectangle are odd.
    fn dilated(&self, columns: usize, rows: usize) -> Self {
        self.swept(columns / 2, rows / 2, |count, _| count > 0)
    }

    /// A pixel stays set when all in the rectangle around it are, as far as it is in the image.
    fn eroded(&self, columns: usize, rows: usize) -> Self {
        self.swept(columns / 2, rows / 2, |count, size| count == size)
    }

    /// Rectangles are a row of columns: first along rows, then along columns, each with running sums.
    fn swept(&self, across: usize, down: usize, keep: impl Fn(usize, usize) -> bool) -> Self {
        let (width, height) = (self.width, self.set.len() / self.width);
        let mut rows = vec![false; self.set.len()];
        let mut sums = vec![0_usize; width.max(height) + 1];
        for (line, out) in self.set.chunks_exact(width).zip(rows.chunks_exact_mut(width)) {
            for (x, &set) in line.iter().enumerate() {
                sums[x + 1] = sums[x] + usize::from(set);
            }
            for (x, pixel) in out.iter_mut().enumerate() {
                let (from, to) = (x.saturating_sub(across), (x + across + 1).min(width));
                *pixel = keep(sums[to] - sums[from], to - from);
            }
        }
        let mut all = vec![false; self.set.len()];
        for x in 0..width {
            for y in 0..height {
                sums[y + 1] = sums[y] + usize::from(rows[y * width + x]);
            }
            for y in 0..height {
                let (from, to) = (y.saturating_sub(down), (y + down + 1).min(height));
                all[y * width + x] = keep(sums[to] - sums[from], to - from);
            }
        }
        Self { width, set: all }
    }

    /// The connected parts (pixels that share a side), each as its pixels' indices.
    pub(super) fn parts(&self) -> Vec<Vec<usize>> {
        let mut left = self.set.clone();
        let mut parts = Vec::new();
        for start in 0..left.len() {
            if !left[start] {
                continue;
            }
            left[start] = false;
            let mut part = vec![start];
            let mut done = 0;
            while let Some(&i) = part.get(done) {
                done += 1;
                let x = i % self.width;
                let sides = [
                    (x > 0).then(|| i - 1),
                    (x + 1 < self.width).then_some(i + 1),
                    i.checked_sub(self.width),
                    Some(i + self.width).filter(|&below| below < left.len()),
                ];
                for side in sides.into_iter().flatten() {
                    if left[side] {
                        left[side] = false;
                        part.push(side);
                    }
                }
            }
            parts.push(part);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::Random;

    fn mask(rows: &[&str]) -> Mask {
        Mask { width: rows[0].len(), set: rows.concat().bytes().map(|b| b == b'#').collect() }
    }

    #[test]
    fn gaps_close_and_specks_vanish() {
        assert_eq!(
            mask(&["#.#.....", "#.#.....", "#.#....#"]).closed(3, 1),
            mask(&["###.....", "###.....", "###....#"])
        );
        assert_eq!(mask(&["###.#", "###..", "###.#"]).opened(3, 3), mask(&["###..", "###..", "###.."]));
    }

    #[test]
    fn parts_share_sides() {
        let sizes: Vec<usize> = mask(&["##.#", "..#.", "#.##"]).parts().iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 1, 3, 1]);
    }

    /// Straight from the definitions.
    #[test]
    fn sweeping_is_looking_at_every_rectangle() {
        let mut random = Random::new(3);
        for _ in 0..50 {
            let (width, height) = (1 + random.below(12), 1 + random.below(12));
            let mask = Mask { width, set: (0..width * height).map(|_| random.below(3) > 0).collect() };
            let (across, down) = (random.below(4), random.below(4));
            let around = |i: usize| {
                let (x, y) = (i % width, i / width);
                let near = |j: &usize| (j % width).abs_diff(x) <= across && (j / width).abs_diff(y) <= down;
                (0..width * height).filter(near).map(|j| mask.set[j]).collect::<Vec<bool>>()
            };
            let (columns, rows) = (2 * across + 1, 2 * down + 1);
            for i in 0..width * height {
                assert_eq!(mask.dilated(columns, rows).set[i], around(i).contains(&true));
                assert_eq!(mask.eroded(columns, rows).set[i], !around(i).contains(&false));
            }
        }
    }
}
