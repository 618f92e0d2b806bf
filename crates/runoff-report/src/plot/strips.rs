//! Distributions: every sample a stroke, with median and quartiles.

use std::fmt::Write as _;

use runoff_stats::quantile;

use super::canvas::{Anchor, Canvas, place, rectangle, shortened};
use super::scale::Scale;
use super::{Plot, WIDTH};
use crate::grid::Grid;

/// A row of samples, taken together from all processes.
pub(crate) struct Strip {
    pub(crate) name: String,
    pub(crate) samples: Vec<f64>,
}

/// Rows of samples, each relative to the median of its row; at most `most` strokes per row, since more cannot be told
/// apart and cost bytes.
pub(crate) fn strips(
    (name, title, describe): (&'static str, String, String),
    strips: &[Strip],
    most: usize,
    grid: Grid,
) -> Option<Plot> {
    let rows: Vec<(&Strip, Vec<f64>)> = strips
        .iter()
        .filter_map(|s| {
            let middle = quantile(&s.samples, 0.5).filter(|m| *m > 0.0)?;
            let mut relative: Vec<f64> =
                s.samples.iter().map(|v| v / middle).filter(|v| v.is_finite() && *v > 0.0).collect();
            relative.sort_by(f64::total_cmp);
            (relative.len() >= 2).then_some((s, relative))
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let (top, left, right) = (6.0, 150.0, WIDTH - 66.0);
    let step = if rows.len() > 14 { 17.0 } else { 22.0 };
    let bottom = top + step * rows.len() as f64;
    let x = Scale::log(rows.iter().flat_map(|(_, r)| [r[0], r[r.len() - 1]]), left, right);
    let mut canvas = Canvas::default();
    let percent = |v: f64| format!("{:+.0} %", (v - 1.0) * 100.0);
    canvas.axis_below(&x, (top, bottom), &percent, "difference from the row's median");
    let (mut strokes, mut boxes, mut medians) = (String::new(), String::new(), String::new());
    for (i, (strip, sorted)) in rows.iter().enumerate() {
        let y = top + step * i as f64;
        canvas.text("t", left - 8.0, y + step / 2.0 + 4.0, Anchor::End, &shortened(&strip.name, 21));
        let quarter = |q: f64| quantile(sorted, q).unwrap_or(1.0);
        let (a, b) = (x.at(quarter(0.25)), x.at(quarter(0.75)));
        boxes.push_str(&rectangle(a, y + 4.0, (b - a).max(1.0), step - 8.0));
        // Writing to a string cannot fail.
        let _ = write!(medians, "M{} {}v{}", place(x.at(1.0)), place(y + 2.0), place(step - 4.0));
        let shown = sorted.len().min(most);
        let mut last = String::new();
        for k in 0..shown {
            let at = k * (sorted.len() - 1) / (shown - 1).max(1);
            let here = place(x.at(sorted[at]));
            // Strokes on the same tenth of a pixel are one.
            if here != last {
                let _ = write!(strokes, "M{here} {}v{}", place(y + 6.0), place(step - 12.0));
                last = here;
            }
        }
        let spread = (quarter(0.75) - quarter(0.25)) * 100.0;
        canvas.text("m", right + 8.0, y + step / 2.0 + 4.0, Anchor::Start, &format!("{spread:.1} %"));
    }
    canvas.path("f5 box", &boxes);
    canvas.path("s0", &strokes);
    canvas.path("s1 li", &medians);
    Some(Plot { name: name.into(), title, describe, height: bottom + 42.0, body: canvas.finish(), grid })
}
