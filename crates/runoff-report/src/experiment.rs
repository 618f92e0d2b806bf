//! Experiments: figures beside the published ones, and what became of claims.

use runoff_data::units;
use runoff_experiment::{
    Experiment, Figure, Judged, Ratio, Results, Row, RunSpec, Unit, Value, Verdict, figure, judge, not_shown,
};
use serde_json::{Value as Json, json};

use crate::Table;
use crate::counters::count_text;
use crate::table::ABSENT;

/// More workloads than this are shown as mean and range.
const COLUMNS: usize = 6;

/// All tables of an experiment: its figures, the claims, what is missing.
pub fn experiment_tables(experiment: &Experiment, results: &Results) -> Vec<Table> {
    let figures = experiment.figures.iter().map(|f| figure(f, results)).filter(|f| !f.is_empty());
    let mut tables: Vec<Table> = figures.map(|f| figure_table(&f)).collect();
    let judged: Vec<Judged> = experiment.claims.iter().map(|c| judge(c, results)).collect();
    tables.push(claims_table(&judged, &reduced(experiment, results)));
    tables.push(missing(experiment, results));
    tables.retain(|t| !t.is_empty());
    tables
}

/// The same for programs.
pub fn experiment_json(experiment: &Experiment, results: &Results) -> Json {
    let value = |v: &Value| json!({ "median": v.median, "interval": v.interval });
    let ratio = |r: &Ratio| json!({ "mean": r.mean, "interval": r.interval, "workloads": r.pairs });
    let figures = experiment.figures.iter().map(|spec| {
        let figure = figure(spec, results);
        let rows = figure.rows.iter().map(|row| {
            let of = figure.workloads.iter().zip(&row.of).map(|(workload, (published, ours))| {
                json!({ "workload": workload, "published": published, "ours": ours.as_ref().map(value) })
            });
            json!({ "runtime": row.runtime, "published": row.published, "mean": row.mean.as_ref().map(ratio),
                "of": of.collect::<Vec<_>>() })
        });
        json!({ "title": figure.title, "measure": spec.measure.to_string(), "rows": rows.collect::<Vec<_>>(),
            "mean_over": figure.common, "differences": figure.differences, "note": figure.note })
    });
    let claims = experiment.claims.iter().map(|claim| {
        let Judged { place, says, rule, found, verdict } = judge(claim, results);
        json!({ "where": place, "says": says, "rule": rule, "found": found, "verdict": verdict.name() })
    });
    let missing = not_shown(experiment, results);
    let missing = missing.iter().map(|m| json!({ "what": m.what, "why": m.why }));
    json!({ "title": experiment.title, "source": experiment.source, "figures": figures.collect::<Vec<_>>(),
        "claims": claims.collect::<Vec<_>>(), "missing": missing.collect::<Vec<_>>(),
        "reduced_runs": reduced(experiment, results) })
}

/// Runs that measured less than the experiment asks for.
pub(crate) fn reduced<'a>(experiment: &'a Experiment, results: &Results) -> Vec<&'a str> {
    let less = |(name, spec): &(&String, &RunSpec)| {
        results.get(name.as_str()).is_some_and(|result| spec.reduced(&result.header.plan))
    };
    experiment.runs.iter().filter(less).map(|(name, _)| name.as_str()).collect()
}

pub(crate) fn figure_table(figure: &Figure) -> Table {
    let each = figure.workloads.len() <= COLUMNS;
    let published = figure.rows.iter().any(|r| r.published.is_some());
    let mut header = vec!["runtime".to_owned()];
    if published {
        header.push("published".into());
    }
    if figure.unit.is_none() {
        header.push("ours, mean".into());
        header.push("95 %".into());
    }
    if each {
        header.extend(figure.workloads.iter().cloned());
    } else {
        header.extend(["least".into(), "most".into(), "workloads".into()]);
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = Table::new(figure.title.clone(), &header);
    for row in &figure.rows {
        table.row(cells(figure, row, each, published));
    }
    if figure.unit.is_none() && figure.common.len() > 1 {
        table.note(format!("means are geometric, over {} workloads", figure.common.len()));
    }
    if each && figure.rows.iter().any(|r| r.of.iter().any(|(p, _)| p.is_some())) {
        table.note("published → ours");
    }
    for difference in &figure.differences {
        table.note(difference.clone());
    }
    if let Some(note) = &figure.note {
        table.note(note.clone());
    }
    table
}

/// A row per workload and a column per runtime, for ratios over more workloads than columns fit.
pub(crate) fn by_workload(figure: &Figure) -> Option<Table> {
    if figure.unit.is_some() || figure.workloads.len() <= COLUMNS {
        return None;
    }
    let shown: Vec<&Row> = figure.rows.iter().filter(|r| r.of.iter().any(|(_, v)| v.is_some())).collect();
    let header: Vec<&str> =
        std::iter::once("workload").chain(shown.iter().map(|r| r.runtime.as_str())).collect();
    let mut table = Table::new(format!("{}: workload by workload", figure.title), &header);
    for (i, workload) in figure.workloads.iter().enumerate() {
        let ours = shown.iter().map(|r| r.of.get(i).and_then(|(_, v)| *v));
        let cells = ours.map(|v| v.map_or_else(|| ABSENT.into(), |v| units::digits(v.median)));
        table.row(std::iter::once(workload.clone()).chain(cells).collect());
    }
    Some(table)
}

/// A value in the unit of a figure; ratios have none.
pub(crate) fn number(unit: Option<Unit>, x: f64) -> String {
    match unit {
        Some(Unit::Time) => units::time(x),
        Some(Unit::Bytes) => units::bytes(x as u64),
        Some(Unit::Count) => count_text(x),
        Some(Unit::Share) => format!("{} %", units::digits(x * 100.0)),
        Some(Unit::Plain) | None => units::digits(x),
    }
}

fn cells(figure: &Figure, row: &Row, each: bool, published: bool) -> Vec<String> {
    let number = |x: f64| number(figure.unit, x);
    let mut cells = vec![row.runtime.clone()];
    if published {
        cells.push(row.published.map_or_else(|| ABSENT.into(), number));
    }
    if figure.unit.is_none() {
        cells.push(row.mean.map_or_else(|| ABSENT.into(), |m| number(m.mean)));
        let range = row.mean.and_then(|m| m.interval).filter(|(low, high)| low < high);
        cells.push(
            range.map_or_else(|| ABSENT.into(), |(low, high)| format!("{} – {}", number(low), number(high))),
        );
    }
    if each {
        cells.extend(row.of.iter().map(|(then, now)| {
            let now = now.map(|v| number(v.median));
            match (then.map(number), now) {
                (None, None) => ABSENT.into(),
                (None, Some(now)) => now,
                (Some(then), now) => format!("{then} → {}", now.unwrap_or(ABSENT.into())),
            }
        }));
    } else {
        let ours: Vec<f64> = row.of.iter().filter_map(|(_, v)| v.map(|v| v.median)).collect();
        let end = |pick: fn(f64, f64) -> f64| {
            ours.iter().copied().reduce(pick).map_or_else(|| ABSENT.into(), number)
        };
        cells.extend([end(f64::min), end(f64::max), ours.len().to_string()]);
    }
    cells
}

/// A line per claim; `reduced` names runs that measured less than is asked for.
pub(crate) fn claims_table(judged: &[Judged], reduced: &[&str]) -> Table {
    let header = ["where", "claim", "verdict", "found", "rule"];
    let mut table = Table::new("What became of the claims", &header).text_columns(&[1, 2, 3, 4]);
    for Judged { place, says, rule, found, verdict } in judged {
        table.row(vec![place.clone(), says.clone(), verdict.name().into(), found.clone(), rule.clone()]);
    }
    let count = |verdict: Verdict| judged.iter().filter(|j| j.verdict == verdict).count();
    let all = [Verdict::Holds, Verdict::NoLongerHolds, Verdict::Unsure, Verdict::NotMeasured];
    let counts = all.map(|v| v.counted(count(v))).join(", ");
    if judged.is_empty() {
        return table;
    }
    table.note(format!(
        "{counts}. A claim holds when the whole 95 % interval of its ratio is on its side, no longer holds when it is on \
         the other, and is unsure when it reaches over the limit or there was one process only."
    ));
    if !reduced.is_empty() {
        table.note(format!(
            "Mind: {} measured less than this experiment asks for (a quick look: smaller sizes, fewer rounds or less time), \
             which may change verdicts; without `--quick` it is measured as asked.",
            reduced.join(", ")
        ));
    }
    table
}

pub(crate) fn missing(experiment: &Experiment, results: &Results) -> Table {
    let mut table = Table::new("Not shown", &["what", "why"]).text_columns(&[1]);
    for missing in not_shown(experiment, results) {
        table.row(vec![missing.what, missing.why]);
    }
    table
}

#[cfg(test)]
mod tests {
    use runoff_experiment::{bundled, bundled_names};
    use runoff_workloads::{bundled as workload, set};

    #[test]
    fn experiments_name_workloads_there_are() {
        for name in bundled_names() {
            let experiment = bundled(name).expect("it parses");
            for run in experiment.runs.values() {
                for words in run.workloads.iter().chain(run.quick_workloads.iter().flatten()) {
                    let (bare, size) =
                        words.split_once('@').map_or((words.as_str(), None), |(b, s)| (b, Some(s)));
                    let known = workload(bare).map(|(manifest, _)| manifest);
                    let there = known.as_ref().is_some_and(|m| size.is_none_or(|s| m.sizes.contains_key(s)));
                    assert!(there || !set(bare).is_empty(), "{name}: `{words}`");
                }
            }
        }
    }
}
