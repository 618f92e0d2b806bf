//! Plots of figures: ours with intervals, the published ones beside them.

use runoff_experiment::{Figure, Row};

use crate::escape;
use crate::experiment::number;
use crate::grid::{Datum, Grid};
use crate::plot::{Plot, Span, intervals};

/// Figures of more workloads are drawn as means only.
const DRAWN: usize = 4;

const OURS: usize = 0;
const THEIRS: usize = 7;

/// The plots of a figure: of means when it is about ratios, and one for each workload when they are few. `first` keeps
/// names apart.
pub fn figure_plots(figure: &Figure, first: usize) -> Vec<Plot> {
    // Numbers come first: long titles are cut, and must not become the same name.
    let named = |part: usize, words: &str| format!("{}-{part}-{}", first + 1, escape::slug(words));
    let unit = |x: f64| number(figure.unit, x);
    let ratio = figure.unit.is_none();
    let mut plots = Vec::new();
    if ratio && figure.workloads.len() > 1 && !figure.common.is_empty() {
        let value = |row: &Row| (row.published, row.mean.map(|m| (m.mean, m.interval)));
        let about = match figure.common.as_slice() {
            [one] => format!("Of {one}, the only workload all of them ran"),
            all => format!("Geometric means over {} workloads", all.len()),
        };
        plots.extend(draw(
            (named(0, &figure.title), &figure.title, about),
            &figure.rows,
            value,
            &unit,
            ratio,
        ));
    }
    if figure.workloads.len() > DRAWN {
        return plots;
    }
    let only = figure.workloads.len() == 1;
    plots.extend(figure.workloads.iter().enumerate().filter_map(|(i, workload)| {
        let value = |row: &Row| {
            let (published, ours) = row.of.get(i).copied().unwrap_or_default();
            // Of a single workload the published mean is what was published of it.
            (published.or(row.published.filter(|_| only)), ours.map(|v| (v.median, v.interval)))
        };
        let title = format!("{workload}: {}", figure.title);
        let name = named(i + 1, &format!("{workload} {}", figure.title));
        draw((name, &title, "Medians".into()), &figure.rows, value, &unit, ratio)
    }));
    plots
}

type Values = (Option<f64>, Option<(f64, Option<(f64, f64)>)>);

fn draw(
    (name, title, about): (String, &str, String),
    rows: &[Row],
    value: impl Fn(&Row) -> Values,
    unit: &dyn Fn(f64) -> String,
    ratio: bool,
) -> Option<Plot> {
    let mut grid = Grid::new(title, &["runtime", "#published", "#here", "95 %"]);
    let mut spans = Vec::new();
    for row in rows {
        let (published, ours) = value(row);
        if published.is_none() && ours.is_none() {
            continue;
        }
        let number = |x: f64| Datum::number(unit(x), x);
        let interval = ours.and_then(|(_, interval)| interval).filter(|(low, high)| low < high);
        grid.row(vec![
            Datum::text(&row.runtime),
            published.map_or_else(Datum::absent, number),
            ours.map_or_else(Datum::absent, |(x, _)| number(x)),
            interval.map_or_else(Datum::absent, |(low, high)| {
                Datum::text(format!("{} – {}", unit(low), unit(high)))
            }),
        ]);
        if let Some((value, _)) = ours {
            spans.push(Span { name: row.runtime.clone(), value, interval, colour: OURS });
        }
        if let Some(value) = published {
            let name = if ours.is_some() { String::new() } else { row.runtime.clone() };
            spans.push(Span { name, value, interval: None, colour: THEIRS });
        }
    }
    // One point says nothing that its row does not.
    if spans.len() < 2 {
        return None;
    }
    let describe =
        format!("{about}, with 95 % intervals; published values in grey where the source has them.");
    let legend = [("here".to_owned(), OURS), ("published".to_owned(), THEIRS)];
    let one = if ratio { Some(1.0) } else { None };
    let mut plot = intervals(("figure", title.to_owned(), describe), &spans, &legend, unit, ("", one), grid)?;
    plot.name = name.into();
    Some(plot)
}
