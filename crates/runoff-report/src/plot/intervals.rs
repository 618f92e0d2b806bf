//! Points with intervals, on a logarithmic axis.

use std::fmt::Write as _;

use super::canvas::{Anchor, Canvas, place, shortened};
use super::scale::Scale;
use super::{Plot, WIDTH};
use crate::grid::Grid;

/// A row: a value and its interval.
pub(crate) struct Span {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) interval: Option<(f64, f64)>,
    pub(crate) colour: usize,
}

/// Rows of points with intervals; `one` is where a line marks the baseline.
pub(crate) fn intervals(
    (name, title, describe): (&'static str, String, String),
    spans: &[Span],
    legend: &[(String, usize)],
    unit: &dyn Fn(f64) -> String,
    (axis, one): (&str, Option<f64>),
    grid: Grid,
) -> Option<Plot> {
    let spans: Vec<&Span> = spans.iter().filter(|s| s.value.is_finite() && s.value > 0.0).collect();
    if spans.is_empty() {
        return None;
    }
    let mut canvas = Canvas::default();
    let used: Vec<_> = legend.iter().filter(|(_, c)| spans.iter().any(|s| s.colour == *c)).cloned().collect();
    let top = 4.0 + canvas.legend(&used, 4.0);
    let (left, right) = (150.0, WIDTH - 66.0);
    let middle = |s: &Span| s.value;
    let (low, high) =
        spans.iter().map(|s| middle(s)).fold((f64::INFINITY, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
    // An interval of very few processes spans orders of magnitude: it runs off the plot instead of shrinking the rest.
    let near = |v: f64| v.clamp(low / 3.0, high * 3.0);
    let ends = spans.iter().filter_map(|s| s.interval).flat_map(|(l, h)| [near(l), near(h)]);
    let scale = Scale::log(spans.iter().map(|s| s.value).chain(ends).chain(one), left, right);
    let step = if spans.len() > 14 { 17.0 } else { 22.0 };
    let bottom = top + step * spans.len() as f64;
    canvas.axis_below(&scale, (top, bottom), unit, axis);
    if let Some(one) = one {
        canvas.path("da", &format!("M{} {}V{}", place(scale.at(one)), place(top), place(bottom)));
    }
    let mut whiskers: Vec<String> = vec![String::new(); 8];
    for (i, span) in spans.iter().enumerate() {
        let y = top + step * (i as f64 + 0.5);
        canvas.text("t", left - 8.0, y + 4.0, Anchor::End, &shortened(&span.name, 21));
        if let Some((l, h)) = span.interval {
            // Writing to a string cannot fail.
            let _ = write!(whiskers[span.colour % 8], "M{} {y}H{}", place(scale.at(l)), place(scale.at(h)));
        }
        canvas.circle(&format!("f{}", span.colour), scale.at(span.value), y, 4.5);
        canvas.text("m", right + 8.0, y + 4.0, Anchor::Start, &unit(span.value));
    }
    for (colour, path) in whiskers.iter().enumerate() {
        canvas.path(&format!("s{colour} li"), path);
    }
    Some(Plot { name: name.into(), title, describe, height: bottom + 42.0, body: canvas.finish(), grid })
}
