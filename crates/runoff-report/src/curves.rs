//! Rates by size, as a plot of its own.

use runoff_data::units;

use crate::escape;
use crate::grid::{Datum, Grid};
use crate::plot::{Growth, Line, Plot, lines};

/// A share over sizes in bytes: name and points.
pub type Curve = (String, Vec<(u64, f64)>);

/// Lines of rates over sizes, both axes logarithmic; a rate of zero has no place on them and is left out. `None` when
/// nothing is left.
pub fn rate_plot(title: &str, describe: &str, series: &[Curve]) -> Option<Plot> {
    curves(title, describe, series, ("misses per access", Growth::Log))
}

/// Lines of shares over sizes, from nothing upwards. `None` for a single size, which makes no line.
pub fn share_plot(title: &str, describe: &str, series: &[Curve]) -> Option<Plot> {
    if series.iter().all(|(_, points)| points.len() < 2) {
        return None;
    }
    curves(title, describe, series, (title, Growth::Linear))
}

fn curves(title: &str, describe: &str, series: &[Curve], (axis, growth): (&str, Growth)) -> Option<Plot> {
    let sizes: Vec<u64> = series.first()?.1.iter().map(|(size, _)| *size).collect();
    let columns: Vec<String> = std::iter::once(String::new())
        .chain(sizes.iter().map(|s| format!("#{}", units::bytes(*s))))
        .collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut grid = Grid::new(title, &columns);
    for (label, points) in series {
        let cells = points.iter().map(|(_, rate)| Datum::number(percent(*rate), *rate));
        grid.row(std::iter::once(Datum::text(label)).chain(cells).collect());
    }
    let drawn: Vec<Line> = series
        .iter()
        .enumerate()
        .map(|(n, (label, points))| Line {
            name: label.clone(),
            colour: Some(n % 7),
            points: points.iter().map(|(size, rate)| (*size as f64, *rate)).collect(),
        })
        .collect();
    let size = |bytes: f64| units::bytes(bytes as u64);
    let mut plot = lines(
        ("curves", title.to_owned(), describe.to_owned()),
        &drawn,
        &[],
        (&size, &percent),
        ("size", axis, growth),
        grid,
    )?;
    plot.name = escape::slug(title).into();
    Some(plot)
}

fn percent(rate: f64) -> String {
    format!("{} %", units::digits(rate * 100.0))
}
