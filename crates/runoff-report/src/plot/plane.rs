//! Points in a plane of two logarithmic axes.

use super::canvas::{Anchor, Canvas, place, shortened, width};
use super::scale::Scale;
use super::{Plot, WIDTH};
use crate::grid::Grid;

/// A named point.
pub(crate) struct Dot {
    pub(crate) name: String,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) colour: usize,
}

/// Named points; names stand where there is room, and the table has them all.
pub(crate) fn plane(
    (name, title, describe): (&'static str, String, String),
    dots: &[Dot],
    (x_unit, y_unit): (&dyn Fn(f64) -> String, &dyn Fn(f64) -> String),
    (x_title, y_title): (&str, &str),
    grid: Grid,
) -> Option<Plot> {
    let dots: Vec<&Dot> =
        dots.iter().filter(|d| d.x > 0.0 && d.y > 0.0 && d.x.is_finite() && d.y.is_finite()).collect();
    // One point is no comparison.
    if dots.len() < 2 {
        return None;
    }
    let (top, bottom, left, right) = (24.0, 330.0, 64.0, WIDTH - 24.0);
    let x = Scale::log(dots.iter().map(|d| d.x), left + 12.0, right - 12.0);
    let y = Scale::log(dots.iter().map(|d| d.y), bottom - 12.0, top + 12.0);
    let mut canvas = Canvas::default();
    canvas.axis_below(&x, (top, bottom), x_unit, x_title);
    canvas.axis_left(&y, (left, right), y_unit, y_title);
    // Boxes that are taken: points first, then labels.
    let mut taken: Vec<[f64; 4]> =
        dots.iter().map(|d| [x.at(d.x) - 6.0, y.at(d.y) - 6.0, x.at(d.x) + 6.0, y.at(d.y) + 6.0]).collect();
    for dot in &dots {
        let (px, py) = (x.at(dot.x), y.at(dot.y));
        canvas.circle(&format!("f{}", dot.colour), px, py, 5.0);
        let label = shortened(&dot.name, 22);
        let w = width(&label);
        let spots = [
            (8.0, 4.0),
            (-8.0 - w, 4.0),
            (-w / 2.0, -10.0),
            (-w / 2.0, 18.0),
            (8.0, -8.0),
            (8.0, 16.0),
            (-8.0 - w, -8.0),
            (-8.0 - w, 16.0),
            (-w / 2.0, -24.0),
            (-w / 2.0, 32.0),
        ];
        let free = spots.into_iter().find_map(|(dx, dy)| {
            let wish = [px + dx, py + dy - 10.0, px + dx + w, py + dy + 3.0];
            let inside = wish[0] >= left + 2.0 && wish[2] <= WIDTH && wish[1] >= top && wish[3] <= bottom;
            let clear = taken
                .iter()
                .all(|b| wish[2] <= b[0] || wish[0] >= b[2] || wish[3] <= b[1] || wish[1] >= b[3]);
            (inside && clear).then_some((wish, px + dx, py + dy))
        });
        if let Some((wish, lx, ly)) = free {
            taken.push(wish);
            canvas.text("t", lx, ly, Anchor::Start, &label);
        }
    }
    canvas.path("ax", &format!("M{} {}V{}H{}", place(left), place(top), place(bottom), place(right)));
    Some(Plot { name: name.into(), title, describe, height: bottom + 42.0, body: canvas.finish(), grid })
}
