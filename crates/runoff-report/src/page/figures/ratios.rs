//! The steady call: against the baseline, and how its samples spread.

use runoff_data::{BlockMode, Phase, cells, units};
use runoff_stats::{Verdict, quantile, tukey_outliers};

use super::Detail;
use crate::grid::{Datum, Grid};
use crate::page::Run;
use crate::plot::{Plot, Span, Strip, intervals, strips};

/// Colours of verdicts, as numbers of the palette.
const VERDICTS: [(Verdict, usize); 4] =
    [(Verdict::Faster, 2), (Verdict::Slower, 1), (Verdict::Equivalent, 0), (Verdict::Unsure, 7)];

pub(super) fn slowdown(run: &Run, workload: &str) -> Option<Plot> {
    let baseline = run.overview.baseline.as_deref()?;
    let mut compared: Vec<_> = run
        .overview
        .standings
        .iter()
        .filter(|s| s.workload == workload)
        .filter_map(|s| Some((s, s.call.as_ref()?)))
        .collect();
    compared.sort_by(|a, b| a.1.ratio.total_cmp(&b.1.ratio));
    let mut grid = Grid::new(
        format!("{workload}: steady call against {baseline}"),
        &["runtime", "#ratio", "#99 % interval", "#p", "verdict", "why"],
    );
    let colour = |v: Verdict| VERDICTS.iter().find(|(known, _)| *known == v).map_or(7, |(_, c)| *c);
    let mut spans = Vec::new();
    for (standing, c) in &compared {
        let interval = c
            .verdict_interval
            .map_or_else(|| "–".to_owned(), |(l, h)| format!("{} – {}", units::digits(l), units::digits(h)));
        grid.row(vec![
            Datum::text(&standing.runtime),
            Datum::ratio(Some(c.ratio)),
            Datum::text(interval),
            Datum::number(format!("{:.4}", c.p), c.p),
            Datum::text(c.verdict.name()).classed(c.verdict.name()),
            Datum::text(&c.why),
        ]);
        spans.push(Span {
            name: standing.runtime.clone(),
            value: c.ratio,
            interval: c.verdict_interval,
            colour: colour(c.verdict),
        });
    }
    let legend: Vec<(String, usize)> = VERDICTS.iter().map(|(v, c)| (v.name().to_owned(), *c)).collect();
    intervals(
        (
            "slowdown",
            format!("{workload}: steady call against {baseline}"),
            format!(
                "One point per runtime: how many times as long as on {baseline} a repeated call takes, with the 99 % interval that decides the verdict."
            ),
        ),
        &spans,
        &legend,
        &units::digits,
        (&format!("times {baseline}"), Some(1.0)),
        grid,
    )
}

pub(super) fn distribution(run: &Run, workload: &str, detail: Detail) -> Option<Plot> {
    let mut grid = Grid::new(
        format!("{workload}: samples of the repeated call, all processes together"),
        &[
            "runtime",
            "#processes",
            "#samples",
            "#lowest",
            "#quartile",
            "#median",
            "#quartile ",
            "#highest",
            "#outliers (Tukey)",
        ],
    );
    let mut rows = Vec::new();
    for cell in cells(&run.result).iter().filter(|c| c.workload == workload) {
        let warm = cell.warm(BlockMode::Jit, Phase::Call);
        let samples: Vec<f64> = warm
            .iter()
            .flat_map(|(_, samples)| samples.iter().copied())
            .filter(|v| v.is_finite() && *v > 0.0)
            .collect();
        if samples.is_empty() {
            continue;
        }
        let q = |q: f64| Datum::time(quantile(&samples, q));
        let whole = |n: usize| Datum::number(n.to_string(), n as f64);
        grid.row(vec![
            Datum::text(cell.runtime),
            whole(warm.len()),
            whole(samples.len()),
            q(0.0),
            q(0.25),
            q(0.5),
            q(0.75),
            q(1.0),
            whole(tukey_outliers(&samples)),
        ]);
        rows.push(Strip { name: cell.runtime.to_owned(), samples });
    }
    let most = if detail == Detail::Full { 60 } else { 16 };
    strips(
        (
            "distribution",
            format!("{workload}: how samples of the call spread"),
            format!(
                "One row per runtime: at most {most} of its samples as strokes, lowest and highest among them, the box from quartile to quartile, its width as text."
            ),
        ),
        &rows,
        most,
        grid,
    )
}
