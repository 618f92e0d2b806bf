//! Figures of the hybrid study, and what became of the source's claims.

use runoff_experiment::{Figure, Judged, Ratio, Row, Unit, Value, Verdict};
use runoff_stats::{mean, median, median_interval};

use super::run::{Cell, Mode, Pattern, Report, Sample};
use crate::judged::{Limits, judged, series_ratio};

/// The source's Table II: how many times as fast its hybrid is, one cold call, mean over five apps.
const TABLE_TWO: [(&str, f64); 4] =
    [("wasmtime/cranelift", 2.8), ("wasmer/cranelift", 3.8), ("wavm", 16.9), ("lucet", 1.5)];

impl Report {
    fn samples(&self, pattern: Pattern, app: &str, mode: &Mode) -> &[Option<Sample>] {
        let cell = Cell { pattern, app: app.to_owned(), mode: mode.clone() };
        self.cells.get(&cell).map_or(&[], Vec::as_slice)
    }

    fn times(&self, pattern: Pattern, app: &str, mode: &Mode) -> Vec<Option<f64>> {
        self.samples(pattern, app, mode).iter().map(|s| s.as_ref().map(|s| s.total_s)).collect()
    }

    fn singles(&self) -> impl Iterator<Item = Mode> {
        self.runtimes.iter().cloned().map(Mode::Single)
    }

    fn modes(&self) -> Vec<Mode> {
        self.singles().chain([Mode::New, Mode::Known]).collect()
    }

    fn of(&self, pattern: Pattern, sweep: bool) -> Vec<&str> {
        if pattern == Pattern::Mixed {
            return vec!["all"];
        }
        self.apps.iter().filter(|(_, s)| *s == sweep).map(|(name, _)| name.as_str()).collect()
    }
}

fn value(series: &[Option<f64>]) -> Option<Value> {
    let good: Vec<f64> = series.iter().flatten().copied().collect();
    Some(Value { median: median(&good)?, interval: median_interval(&good) })
}

/// Times of every pattern, and the same relative to the host that knows; the sweep over sizes.
pub fn figures(report: &Report) -> Vec<Figure> {
    let mut figures = Vec::new();
    for pattern in Pattern::ALL {
        let number = if pattern == Pattern::Once { " (Fig. 9)" } else { "" };
        figures.push(times(
            report,
            pattern,
            false,
            &format!("{}: time of all calls{number}", pattern.name()),
        ));
        figures.push(relative(
            report,
            pattern,
            &format!("{}: relative to the hybrid host that knows", pattern.name()),
        ));
    }
    figures.push(times(report, Pattern::Once, true, "Matrices of growing size, one cold call (Fig. 8)"));
    figures
        .retain(|f| !f.workloads.is_empty() && f.rows.iter().any(|r| r.of.iter().any(|(_, v)| v.is_some())));
    figures
}

fn times(report: &Report, pattern: Pattern, sweep: bool, title: &str) -> Figure {
    let apps = report.of(pattern, sweep);
    let ns = |app: &str, mode: &Mode| {
        let series: Vec<Option<f64>> =
            report.times(pattern, app, mode).into_iter().map(|s| s.map(|s| s * 1e9)).collect();
        value(&series)
    };
    let row = |mode: Mode| Row {
        runtime: mode.name(),
        published: None,
        mean: None,
        of: apps.iter().map(|app| (None, ns(app, &mode))).collect(),
    };
    figure(title, Some(Unit::Time), &apps, report.modes().into_iter().map(row).collect())
}

fn relative(report: &Report, pattern: Pattern, title: &str) -> Figure {
    let apps = report.of(pattern, false);
    let row = |mode: Mode| {
        let of: Vec<(Option<f64>, Option<Value>)> = apps
            .iter()
            .map(|app| {
                let base = report.times(pattern, app, &Mode::Known);
                (None, series_ratio(&report.times(pattern, app, &mode), &base))
            })
            .collect();
        let one = Value { median: 1.0, interval: Some((1.0, 1.0)) };
        let all: Option<Vec<(Value, Value)>> = of.iter().map(|(_, v)| v.map(|v| (v, one))).collect();
        Row { runtime: mode.name(), published: None, mean: all.and_then(|p| Ratio::of(&p)), of }
    };
    figure(title, None, &apps, report.modes().into_iter().map(row).collect())
}

fn figure(title: &str, unit: Option<Unit>, apps: &[&str], rows: Vec<Row>) -> Figure {
    let workloads: Vec<String> = apps.iter().map(|a| (*a).to_owned()).collect();
    Figure {
        title: title.to_owned(),
        unit,
        common: workloads.clone(),
        workloads,
        rows,
        differences: Vec::new(),
        note: Some(
            "seen by the client of a host that is running already; nothing compiled is kept from before"
                .into(),
        ),
    }
}

/// A line of Table II.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// The single runtime.
    pub runtime: String,
    /// Published: how many times as fast the hybrid is.
    pub published: Option<f64>,
    /// The same here with one cold call, the document's way: mean over apps of the ratios of single to hybrid, which
    /// knows.
    pub once: Option<Value>,
    /// What `once` would be for a choice that knew the best single runtime of every app beforehand: how much these runtimes
    /// leave.
    pub most: Option<Value>,
    /// The same as `once` with fifty calls.
    pub fifty: Option<Value>,
    /// With one cold call of a host that knows nothing.
    pub new: Option<Value>,
}

/// Table II, and what it becomes under other patterns. Its last line, `best single`, is what a scheduler that knew the
/// best single runtime of every app beforehand would have got: the hybrid over that optimum, so that 1 is perfect.
pub fn table_two(report: &Report) -> Vec<TableRow> {
    let published = |id: &str| {
        TABLE_TWO.iter().find(|(name, _)| *name == id || id.starts_with(&format!("{name}/"))).map(|(_, x)| *x)
    };
    let row = |mode: Mode| TableRow {
        runtime: mode.name(),
        published: published(&mode.name()),
        once: speedup(report, Pattern::Once, &mode, &Mode::Known),
        most: most(report, Pattern::Once, &mode),
        fifty: speedup(report, Pattern::Fifty, &mode, &Mode::Known),
        new: speedup(report, Pattern::Once, &mode, &Mode::New),
    };
    let mut rows: Vec<TableRow> = report.singles().map(row).collect();
    for (name, published) in TABLE_TWO {
        if !rows.iter().any(|r| {
            r.published.is_some() && (r.runtime == name || r.runtime.starts_with(&format!("{name}/")))
        }) {
            rows.push(TableRow {
                runtime: name.to_owned(),
                published: Some(published),
                once: None,
                most: None,
                fifty: None,
                new: None,
            });
        }
    }
    rows.push(TableRow {
        runtime: "hybrid / best single (ALG/OPT)".into(),
        published: None,
        once: over_best(report, Pattern::Once, &Mode::Known),
        most: None,
        fifty: over_best(report, Pattern::Fifty, &Mode::Known),
        new: over_best(report, Pattern::Once, &Mode::New),
    });
    rows
}

/// The mean over apps of `single / hybrid`.
fn speedup(report: &Report, pattern: Pattern, single: &Mode, hybrid: &Mode) -> Option<Value> {
    over_apps(report, pattern, |_| Some((single.clone(), hybrid.clone())))
}

/// The mean over apps of `single / best`, the runtime that is best for the app by its median.
fn most(report: &Report, pattern: Pattern, single: &Mode) -> Option<Value> {
    over_apps(report, pattern, |app| Some((single.clone(), best_single(report, pattern, app)?)))
}

/// The mean over apps of `hybrid / best`.
fn over_best(report: &Report, pattern: Pattern, hybrid: &Mode) -> Option<Value> {
    over_apps(report, pattern, |app| Some((hybrid.clone(), best_single(report, pattern, app)?)))
}

/// Within each repetition the mean over apps of the ratio of two modes' times; median over repetitions.
fn over_apps(
    report: &Report,
    pattern: Pattern,
    modes: impl Fn(&str) -> Option<(Mode, Mode)>,
) -> Option<Value> {
    let apps = report.of(pattern, false);
    let pairs: Vec<(&str, (Mode, Mode))> =
        apps.into_iter().map(|app| Some((app, modes(app)?))).collect::<Option<_>>()?;
    over_repetitions(report, |repetition| {
        let of = |(app, (above, below)): &(&str, (Mode, Mode))| {
            let at = |mode: &Mode| report.times(pattern, app, mode).get(repetition).copied().flatten();
            Some(at(above)? / at(below)?)
        };
        mean(&pairs.iter().map(of).collect::<Option<Vec<f64>>>()?)
    })
}

fn best_single(report: &Report, pattern: Pattern, app: &str) -> Option<Mode> {
    let known = report.singles().filter_map(|mode| {
        let middle = value(&report.times(pattern, app, &mode))?.median;
        Some((mode, middle))
    });
    known.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(mode, _)| mode)
}

fn over_repetitions(report: &Report, of: impl Fn(usize) -> Option<f64>) -> Option<Value> {
    let series: Vec<Option<f64>> = (0..report.repetitions as usize).map(of).collect();
    value(&series)
}

/// Start-up and execution of one cold call (Fig. 7): app, mode, seconds until the guest runs, seconds in it, the
/// runtimes it ran on.
pub fn breakdown(report: &Report) -> Vec<(String, String, f64, f64, String)> {
    let mut rows = Vec::new();
    for app in report.of(Pattern::Once, false) {
        for mode in report.modes() {
            let samples = report.samples(Pattern::Once, app, &mode);
            let middle =
                |of: fn(&Sample) -> f64| median(&samples.iter().flatten().map(of).collect::<Vec<_>>());
            let (Some(start), Some(run)) =
                (middle(|s| (s.total_s - s.execution_s).max(0.0)), middle(|s| s.execution_s))
            else {
                continue;
            };
            let mut on: Vec<String> =
                samples.iter().flatten().flat_map(|s| s.ran_on.keys().cloned()).collect();
            on.sort();
            on.dedup();
            rows.push((app.to_owned(), mode.name(), start, run, on.join(", ")));
        }
    }
    rows
}

/// What the source says of its scheduler.
pub fn claims(report: &Report) -> Vec<Judged> {
    let mut claims: Vec<Judged> = TABLE_TWO
        .iter()
        .map(|(name, published)| {
            let single = report.singles().find(|m| m.name() == *name || m.name().starts_with(&format!("{name}/")));
            judged(
                "004, Table II",
                &format!("hybrid scheduling is {published} times as fast as {name}, one cold call, mean over five apps"),
                &format!("mean over apps of {name} / hybrid that knows, one cold call,"),
                Limits { above: Some(*published), below: None },
                single.and_then(|mode| speedup(report, Pattern::Once, &mode, &Mode::Known)),
            )
        })
        .collect();
    for pattern in Pattern::ALL {
        for hybrid in [Mode::Known, Mode::New] {
            claims.push(no_slower(report, pattern, &hybrid));
        }
    }
    claims
}

/// An interval that includes 1 and reaches beyond this says nothing of who is slower.
const VAGUE: f64 = 1.25;

/// The hybrid is at least as fast as every single runtime on every app: no ratio's whole interval above 1, and none that
/// includes 1 only because it includes nearly everything.
fn no_slower(report: &Report, pattern: Pattern, hybrid: &Mode) -> Judged {
    let mut worst: Option<(Value, String, String)> = None;
    let (mut unsure, mut slower, mut all) = (0, 0, 0);
    for app in report.of(pattern, false) {
        let Some(best) = best_single(report, pattern, app) else { continue };
        let ratio = series_ratio(&report.times(pattern, app, hybrid), &report.times(pattern, app, &best));
        let Some(ratio) = ratio else { continue };
        all += 1;
        match ratio.interval {
            None => unsure += 1,
            Some((low, _)) if low > 1.0 => slower += 1,
            Some((_, high)) if high > VAGUE => unsure += 1,
            Some(_) => {}
        }
        if worst.as_ref().is_none_or(|(w, ..)| ratio.median > w.median) {
            worst = Some((ratio, app.to_owned(), best.name()));
        }
    }
    let verdict = match (all, slower, unsure) {
        (0, ..) => Verdict::NotMeasured,
        (_, 1.., _) => Verdict::NoLongerHolds,
        (_, 0, 1..) => Verdict::Unsure,
        _ => Verdict::Holds,
    };
    let found = worst.map_or_else(
        || "–".into(),
        |(ratio, app, best)| {
            let interval =
                ratio.interval.map(|(low, high)| format!(" [{low:.2}, {high:.2}]")).unwrap_or_default();
            format!("worst: {app}, {:.2}{interval} × {best}; slower on {slower} of {all}", ratio.median)
        },
    );
    Judged {
        place: "004, Section VI".into(),
        says: format!(
            "{} is at least as fast as the best single runtime of every app: {}",
            hybrid.name(),
            pattern.name()
        ),
        rule: format!(
            "for no app is the whole interval of {} / best single above 1; unsure where one reaches beyond {VAGUE}",
            hybrid.name()
        ),
        found,
        verdict,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Two apps, one of which each of two runtimes is best at; six repetitions that differ by a common factor.
    fn report(known: [f64; 2]) -> Report {
        let mut cells = BTreeMap::new();
        let mut put = |app: &str, mode: Mode, seconds: f64| {
            let sample = |i: u32| {
                let total_s = seconds * (1.0 + f64::from(i) / 100.0);
                Some(Sample {
                    total_s,
                    execution_s: total_s / 2.0,
                    ran_on: BTreeMap::from([("x".into(), 1)]),
                })
            };
            let cell = Cell { pattern: Pattern::Once, app: app.into(), mode };
            cells.insert(cell, (0..6).map(sample).collect());
        };
        for (app, cranelift, winch, known) in [("a", 1.0, 4.0, known[0]), ("b", 8.0, 2.0, known[1])] {
            put(app, Mode::Single("wasmtime/cranelift".into()), cranelift);
            put(app, Mode::Single("wasmtime/winch".into()), winch);
            put(app, Mode::Known, known);
        }
        Report {
            apps: vec![("a".into(), false), ("b".into(), false)],
            runtimes: vec!["wasmtime/cranelift".into(), "wasmtime/winch".into()],
            repetitions: 6,
            asked: 6,
            seed: 1,
            cells,
            absent: Vec::new(),
        }
    }

    fn once(rows: &[TableRow], name: &str) -> f64 {
        let row = rows.iter().find(|r| r.runtime.starts_with(name)).expect("a row");
        row.once.expect("measured").median
    }

    #[test]
    fn table_two_is_the_mean_of_speedups() {
        let rows = table_two(&report([1.0, 2.0]));
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(once(&rows, "wasmtime/cranelift"), f64::midpoint(1.0, 4.0)));
        assert!(near(once(&rows, "wasmtime/winch"), f64::midpoint(4.0, 1.0)));
        assert!(near(once(&rows, "hybrid / best"), 1.0));
        // A choice cannot get more from these two than it does here, where it is perfect; a worse one gets less.
        let worse = table_two(&report([1.0, 4.0]));
        for (perfect, worse) in rows.iter().zip(&worse).take(2) {
            assert_eq!((perfect.most, worse.most), (perfect.once, perfect.once));
            assert!(worse.once.expect("measured").median < perfect.once.expect("measured").median);
        }
        let of = |name: &str| rows.iter().find(|r| r.runtime == name).expect("a row");
        assert_eq!((of("wasmtime/cranelift").published, of("wasmtime/winch").published), (Some(2.8), None));
        // What the source has and this machine has not keeps its line.
        assert_eq!((of("lucet").published, of("lucet").once), (Some(1.5), None));
    }

    #[test]
    fn a_hybrid_that_is_slower_somewhere_breaks_its_claim() {
        let verdict = |known| no_slower(&report(known), Pattern::Once, &Mode::Known).verdict;
        assert_eq!(verdict([1.0, 2.0]), Verdict::Holds);
        assert_eq!(verdict([0.9, 1.5]), Verdict::Holds);
        assert_eq!(verdict([1.0, 2.1]), Verdict::NoLongerHolds);
        let unmeasured = no_slower(&report([1.0, 2.0]), Pattern::Fifty, &Mode::Known);
        assert_eq!(unmeasured.verdict, Verdict::NotMeasured);
    }
}
