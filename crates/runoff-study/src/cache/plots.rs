//! Plots of the study, each an SVG file that needs nothing else.

use std::fmt::Write as _;

use super::run::{Report, Row};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 190.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 60.0;

/// Colours that people who see colours differently can tell apart (Okabe and Ito).
const COLOURS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#555555"];

/// File name and text of each plot: hit rate and byte hit rate by size, and, for the smallest size, time and slowdown
/// by configuration.
pub fn plots(report: &Report) -> Vec<(String, String)> {
    let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
    let mut plots = vec![
        ("hit-rate.svg".into(), curves(report, "Hit rate", |row| share(row.hits, row.requests))),
        ("byte-hit-rate.svg".into(), curves(report, "Byte hit rate", |row| share(row.hit_bytes, row.bytes))),
    ];
    let smallest = report.rows.iter().map(|row| row.cell.capacity).min();
    for policy in policies(report) {
        let here = |row: &&Row| row.cell.policy == policy && Some(row.cell.capacity) == smallest;
        let rows: Vec<&Row> = report.rows.iter().filter(here).collect();
        let time = bars(&rows, &format!("{policy}: seconds"), |row| row.seconds.median);
        let slowdown = bars(&rows, &format!("{policy}: times native"), |row| row.slowdown.median);
        plots.push((format!("time-{policy}.svg"), time));
        plots.push((format!("slowdown-{policy}.svg"), slowdown));
    }
    plots
}

fn policies(report: &Report) -> Vec<&'static str> {
    let mut found = Vec::new();
    for row in &report.rows {
        if !found.contains(&row.cell.policy) {
            found.push(row.cell.policy);
        }
    }
    found
}

fn head(title: &str, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\"><title>{title}</title>\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"15\">{title}</text>\n"
    )
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>");
}

/// A line per policy over sizes on a logarithmic scale.
fn curves(report: &Report, title: &str, value: impl Fn(&Row) -> f64) -> String {
    let native: Vec<&Row> = report.rows.iter().filter(|row| row.cell.guest.is_none()).collect();
    let logs = native.iter().map(|row| (row.cell.capacity.max(1) as f64).log2());
    let (low, high) = logs.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
    let across = (high - low).max(1.0);
    let x =
        |row: &Row| LEFT + ((row.cell.capacity.max(1) as f64).log2() - low) / across * (WIDTH - LEFT - RIGHT);
    let y = |share: f64| HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    let mut svg = head(title, HEIGHT);
    for step in 0..=5 {
        let share = f64::from(step) / 5.0;
        let (at, end) = (y(share), WIDTH - RIGHT);
        let _ = writeln!(svg, "<path d=\"M{LEFT} {at:.1}H{end}\" stroke=\"#ddd\"/>");
        text(&mut svg, LEFT - 8.0, at + 4.0, "end", &format!("{:.0} %", share * 100.0));
    }
    for (number, policy) in policies(report).into_iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let mut path = String::new();
        for row in native.iter().filter(|row| row.cell.policy == policy) {
            let _ = write!(path, "{:.1},{:.1} ", x(row), y(value(row)));
        }
        let _ = writeln!(
            svg,
            "<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" marker-mid=\"none\"/>"
        );
        let line = TOP + 18.0 * number as f64 + 10.0;
        let start = WIDTH - RIGHT + 20.0;
        let _ = writeln!(svg, "<path d=\"M{start} {line}h20\" stroke=\"{colour}\" stroke-width=\"2\"/>");
        text(&mut svg, start + 28.0, line + 4.0, "start", policy);
    }
    for row in native.iter().filter(|row| Some(&row.cell.policy) == policies(report).first()) {
        text(&mut svg, x(row), HEIGHT - BOTTOM + 20.0, "middle", &size(row.cell.capacity));
    }
    text(&mut svg, f64::midpoint(LEFT, WIDTH - RIGHT), HEIGHT - 14.0, "middle", "cache size");
    svg + "</svg>\n"
}

/// A bar per configuration, the number beside it.
fn bars(rows: &[&Row], title: &str, value: impl Fn(&Row) -> f64) -> String {
    const STEP: f64 = 18.0;
    const NAMES: f64 = 210.0;
    let height = TOP + STEP * rows.len() as f64 + 20.0;
    let most = rows.iter().map(|row| value(row)).fold(f64::MIN_POSITIVE, f64::max);
    let mut svg = head(title, height);
    for (number, row) in rows.iter().enumerate() {
        let at = TOP + STEP * number as f64;
        let long = value(row) / most * (WIDTH - NAMES - 80.0);
        let (name, colour) = match &row.cell.guest {
            None => ("native".to_owned(), COLOURS[6]),
            Some((id, abi)) => (format!("{id}, {}", abi.name()), COLOURS[*abi as usize]),
        };
        text(&mut svg, NAMES - 8.0, at + 12.0, "end", &name);
        let _ = writeln!(
            svg,
            "<rect x=\"{NAMES}\" y=\"{at:.1}\" width=\"{long:.1}\" height=\"14\" fill=\"{colour}\"/>"
        );
        text(&mut svg, NAMES + long + 6.0, at + 12.0, "start", &format!("{:.3}", value(row)));
    }
    svg + "</svg>\n"
}

fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    match bytes {
        n if n >= 1 << 30 => format!("{}G", n >> 30),
        n if n >= MIB => format!("{}M", n / MIB),
        n => format!("{}K", n >> 10),
    }
}
