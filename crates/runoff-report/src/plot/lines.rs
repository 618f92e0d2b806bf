//! Lines over a logarithmic axis.

use std::fmt::Write as _;

use super::canvas::{Anchor, Canvas, apart, place, shortened, width};
use super::scale::Scale;
use super::{Plot, WIDTH};
use crate::grid::Grid;

/// A line; without a colour it stays in the background.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) colour: Option<usize>,
    pub(crate) points: Vec<(f64, f64)>,
}

/// A marked point on the horizontal axis.
pub(crate) struct Mark {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) label: String,
}

/// How the vertical axis grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Growth {
    /// By factors.
    Log,
    /// From zero, by steps.
    Linear,
}

/// Lines with their names at their right ends.
pub(crate) fn lines(
    (name, title, describe): (&'static str, String, String),
    lines: &[Line],
    marks: &[Mark],
    (x_unit, y_unit): (&dyn Fn(f64) -> String, &dyn Fn(f64) -> String),
    (x_title, y_title, growth): (&str, &str, Growth),
    grid: Grid,
) -> Option<Plot> {
    let good = |(x, y): &&(f64, f64)| *x > 0.0 && *y > 0.0 && x.is_finite() && y.is_finite();
    let lines: Vec<(&Line, Vec<(f64, f64)>)> = lines
        .iter()
        .map(|l| (l, l.points.iter().filter(good).copied().collect::<Vec<_>>()))
        .filter(|(_, points)| !points.is_empty())
        .collect();
    if lines.is_empty() {
        return None;
    }
    let all = || lines.iter().flat_map(|(_, points)| points.iter().copied());
    let (top, left, right) = (22.0, 64.0, WIDTH - 158.0);
    let bottom = top + (lines.len() as f64 * 12.5).clamp(250.0, 400.0);
    let x = Scale::log(all().map(|p| p.0), left, right);
    let y = match growth {
        Growth::Log => Scale::log(all().map(|p| p.1), bottom, top),
        Growth::Linear => Scale::linear(all().map(|p| p.1).fold(0.0, f64::max), bottom, top),
    };
    let mut canvas = Canvas::default();
    canvas.axis_below(&x, (top, bottom), x_unit, x_title);
    canvas.axis_left(&y, (left, right), y_unit, y_title);
    for mark in marks {
        canvas.path("da", &format!("M{} {}V{}", place(x.at(mark.x)), place(y.at(mark.y)), place(bottom)));
    }
    let draw = |points: &[(f64, f64)]| {
        let mut path = String::new();
        for (i, (px, py)) in points.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ =
                write!(path, "{}{} {}", if i == 0 { "M" } else { "L" }, place(x.at(*px)), place(y.at(*py)));
        }
        path
    };
    let background: String =
        lines.iter().filter(|(l, _)| l.colour.is_none()).map(|(_, points)| draw(points)).collect();
    canvas.path("lo", &background);
    let ends: Vec<f64> = lines.iter().map(|(_, points)| y.at(points[points.len() - 1].1)).collect();
    let labels = apart(&ends, 12.5, top, bottom);
    let mut leaders = String::new();
    for (((line, points), end), label) in lines.iter().zip(&ends).zip(&labels) {
        if let Some(colour) = line.colour {
            canvas.path(&format!("s{colour} li"), &draw(points));
        }
        let last = x.at(points[points.len() - 1].0);
        let _ = write!(
            leaders,
            "M{} {}L{} {}",
            place(last + 2.0),
            place(*end),
            place(right + 12.0),
            place(*label)
        );
        if let Some(colour) = line.colour {
            canvas.circle(&format!("f{colour}"), right + 17.0, *label, 4.0);
        }
        let class = if line.colour.is_some() { "t" } else { "m" };
        canvas.text(class, right + 24.0, label + 4.0, Anchor::Start, &shortened(&line.name, 20));
    }
    canvas.path("lo", &leaders);
    let mut free = 0.0;
    for mark in marks {
        let at = x.at(mark.x);
        canvas.circle("f7", at, y.at(mark.y), 3.5);
        // Where points crowd, the first of them is named; the table has them all.
        if at + 4.0 >= free {
            canvas.text("m", at + 4.0, bottom - 6.0, Anchor::Start, &mark.label);
            free = at + 4.0 + width(&mark.label);
        }
    }
    Some(Plot { name: name.into(), title, describe, height: bottom + 42.0, body: canvas.finish(), grid })
}
