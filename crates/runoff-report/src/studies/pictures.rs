//! Plots of figures: ours with intervals, the published ones beside them.

use runoff_data::units;
use runoff_experiment::{Figure, Row, Unit};

use crate::escape;
use crate::grid::{Datum, Grid};
use crate::plot::{Growth, Line, Plot, Span, intervals, lines};

/// Figures of more workloads are drawn as means only.
const DRAWN: usize = 4;

const OURS: usize = 0;
const THEIRS: usize = 7;

/// The plots of a figure: of means when it is about ratios, and one for each workload when they are few. `number` keeps
/// names apart.
pub fn figure_plots(figure: &Figure, number: usize) -> Vec<Plot> {
    let named = |words: &str| format!("{}-{}", number + 1, escape::slug(words));
    let unit = |x: f64| match figure.unit {
        Some(Unit::Time) => units::time(x),
        Some(Unit::Bytes) => units::bytes(x as u64),
        None => units::digits(x),
    };
    let ratio = figure.unit.is_none();
    let mut plots = Vec::new();
    if ratio && figure.workloads.len() > 1 {
        let value = |row: &Row| (row.published, row.mean.map(|m| (m.mean, m.interval)));
        let about = format!("Geometric means over {} workloads", figure.common.len());
        plots.extend(draw((named(&figure.title), &figure.title, about), &figure.rows, value, &unit, ratio));
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
        let name = named(&format!("{} {workload}", figure.title));
        draw((name, &title, "Medians".into()), &figure.rows, value, &unit, ratio)
    }));
    plots
}

/// Shares between nought and one, as lines over sizes in bytes; nothing when every line is a point.
pub fn share_plot(title: &str, describe: &str, curves: &[(String, Vec<(f64, f64)>)]) -> Option<Plot> {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let mut sizes: Vec<f64> = curves.iter().flat_map(|(_, points)| points.iter().map(|p| p.0)).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    if sizes.len() < 2 {
        return None;
    }
    let size = |bytes: f64| units::bytes(bytes as u64);
    let columns: Vec<String> =
        std::iter::once(String::new()).chain(sizes.iter().map(|s| format!("#{}", size(*s)))).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut grid = Grid::new(title, &columns);
    for (name, points) in curves {
        let at = |s: &f64| points.iter().find(|p| p.0.total_cmp(s).is_eq()).map(|p| p.1);
        let cells = sizes.iter().map(|s| at(s).map_or_else(Datum::absent, |v| Datum::number(percent(v), v)));
        grid.row(std::iter::once(Datum::text(name)).chain(cells).collect());
    }
    let lines_: Vec<Line> = curves
        .iter()
        .enumerate()
        .map(|(i, (name, points))| Line { name: name.clone(), colour: Some(i % 7), points: points.clone() })
        .collect();
    let mut plot = lines(
        ("share", title.to_owned(), describe.to_owned()),
        &lines_,
        &[],
        (&size, &percent),
        ("size", title, Growth::Linear),
        grid,
    )?;
    plot.name = escape::slug(title).into();
    Some(plot)
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
