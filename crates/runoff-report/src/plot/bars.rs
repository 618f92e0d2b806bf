//! Stacked horizontal bars.

use super::canvas::{Anchor, Canvas, rectangle, shortened};
use super::scale::Scale;
use super::{Plot, WIDTH};
use crate::grid::Grid;

/// One part of every bar.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) colour: usize,
    /// One value per row; absent ones are no part of the bar.
    pub(crate) values: Vec<Option<f64>>,
}

/// Rows with bars of parts, the longest bar at full width. `unit` turns a value into text.
pub(crate) fn stacked_bars(
    (name, title, describe): (&'static str, String, String),
    rows: &[String],
    parts: &[Part],
    unit: &dyn Fn(f64) -> String,
    axis: &str,
    grid: Grid,
) -> Option<Plot> {
    let value = |part: &Part, row: usize| part.values[row].filter(|v| v.is_finite() && *v > 0.0);
    let total = |row: usize| parts.iter().filter_map(|p| value(p, row)).sum::<f64>();
    let shown: Vec<usize> = (0..rows.len()).filter(|r| total(*r) > 0.0).collect();
    if shown.is_empty() {
        return None;
    }
    let used: Vec<&Part> = parts.iter().filter(|p| shown.iter().any(|r| value(p, *r).is_some())).collect();
    let mut canvas = Canvas::default();
    let names: Vec<_> = used.iter().map(|p| (p.name.clone(), p.colour)).collect();
    let top = 4.0 + canvas.legend(&names, 4.0);
    let (left, right) = (150.0, WIDTH - 66.0);
    let scale = Scale::linear(shown.iter().map(|r| total(*r)).fold(0.0, f64::max), left, right);
    let step = if shown.len() > 14 { 17.0 } else { 22.0 };
    let bottom = top + step * shown.len() as f64;
    canvas.axis_below(&scale, (top, bottom), unit, axis);
    let mut paths = vec![String::new(); used.len()];
    for (i, row) in shown.iter().enumerate() {
        let y = top + step * i as f64;
        canvas.text("t", left - 8.0, y + step / 2.0 + 4.0, Anchor::End, &shortened(&rows[*row], 21));
        let mut from = 0.0;
        for (part, path) in used.iter().zip(&mut paths) {
            if let Some(v) = value(part, *row) {
                let (a, b) = (scale.at(from), scale.at(from + v));
                path.push_str(&rectangle(a, y + 3.0, b - a, step - 6.0));
                from += v;
            }
        }
        canvas.text("m", scale.at(from) + 5.0, y + step / 2.0 + 4.0, Anchor::Start, &unit(from));
    }
    for (part, path) in used.iter().zip(&paths) {
        canvas.path(&format!("f{}", part.colour), path);
    }
    Some(Plot { name: name.into(), title, describe, height: bottom + 42.0, body: canvas.finish(), grid })
}
