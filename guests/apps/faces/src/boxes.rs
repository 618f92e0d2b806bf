//! Squares in a picture.

/// A square, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Square {
    /// Left edge.
    pub(crate) x: usize,
    /// Upper edge.
    pub(crate) y: usize,
    /// Width and height.
    pub(crate) side: usize,
}

impl Square {
    /// Area of the intersection over that of the union.
    #[expect(clippy::cast_precision_loss, reason = "pixels are few")]
    pub(crate) fn overlap(&self, other: &Self) -> f64 {
        let common = |a: usize, b: usize| (a + self.side).min(b + other.side).saturating_sub(a.max(b));
        let both = common(self.x, other.x) * common(self.y, other.y);
        both as f64 / (self.side * self.side + other.side * other.side - both) as f64
    }
}

/// Merges squares that overlap by more than this share, directly or through others, and drops merged ones of fewer
/// than `least` members. In the order of each group's first member.
pub(crate) fn merge(squares: &[Square], share: f64, least: usize) -> Vec<Square> {
    let mut group: Vec<usize> = (0..squares.len()).collect();
    for (i, a) in squares.iter().enumerate() {
        for (j, b) in squares.iter().enumerate().take(i) {
            if a.overlap(b) > share {
                let (mine, theirs) = (root(&group, i), root(&group, j));
                group[mine.max(theirs)] = mine.min(theirs);
            }
        }
    }
    (0..squares.len())
        .filter_map(|first| {
            let members: Vec<&Square> = squares
                .iter()
                .enumerate()
                .filter(|(i, _)| root(&group, *i) == first)
                .map(|(_, s)| s)
                .collect();
            if members.len() < least.max(1) {
                return None;
            }
            let mean = |of: fn(&Square) -> usize| {
                (members.iter().map(|s| of(s)).sum::<usize>() + members.len() / 2) / members.len()
            };
            Some(Square { x: mean(|s| s.x), y: mean(|s| s.y), side: mean(|s| s.side) })
        })
        .collect()
}

fn root(group: &[usize], mut at: usize) -> usize {
    while group[at] != at {
        at = group[at];
    }
    at
}
