//! What the scripting study published of its twelve configurations, beside ours; what became of its claims.

use runoff_experiment::{Figure, Judged, Row as FigureRow, Unit, Value};

use super::cell::Group;
use super::run::{Report, Row};
use crate::judged::{Limits, differences, judged, series_ratio};

/// Nanoseconds per call of configurations 1 to 12, on Wasmer's Cranelift, host built for release; read off its plots
/// (its preload and hotload of the configuration in a struct are 116 and 121).
const RELEASE: [f64; 12] =
    [148.0, 151.0, 120.0, 117.0, 121.0, 116.0, 456.0, 371.0, 466.0, 398.0, 242.0, 193.0];
/// The same, host built for debugging.
const DEBUG: [f64; 12] =
    [2060.0, 2020.0, 1440.0, 1420.0, 1440.0, 1420.0, 6870.0, 5060.0, 5860.0, 4760.0, 3780.0, 2730.0];

/// The runtime its figures are of.
const THEIRS: &str = "wasmer/cranelift";

/// The same compiler in another engine.
const NEAREST: &str = "wasmtime/cranelift";

/// Figures beside the published ones.
pub fn figures(report: &Report) -> Vec<Figure> {
    let mut figures = vec![figure(report, "host built for release", &RELEASE)];
    if let Some(debug) = &report.debug {
        figures.push(figure(debug, "host built for debugging", &DEBUG));
    }
    figures
}

fn figure(report: &Report, host: &str, published: &[f64; 12]) -> Figure {
    let runtimes = runtimes(report);
    let configs = configurations(report);
    let value = |row: &Row| Value { median: row.ns.median, interval: row.ns.median_interval };
    let row = |config: &String| {
        let published = number(config).and_then(|n| published.get(n - 1)).copied();
        let of = runtimes.iter().map(|runtime| {
            let known = published.filter(|_| runtime == THEIRS);
            (known, find(report, runtime, config).map(value))
        });
        FigureRow {
            runtime: config.trim().to_owned(),
            published: published.filter(|_| !runtimes.iter().any(|r| r == THEIRS)),
            mean: None,
            of: of.collect(),
        }
    };
    let rows: Vec<FigureRow> = configs.iter().map(row).collect();
    let mut found = Vec::new();
    for (i, runtime) in runtimes.iter().enumerate().filter(|(_, r)| *r == THEIRS) {
        let sides: Vec<_> =
            rows.iter().filter_map(|r| Some((r.runtime.as_str(), r.of[i].0?, r.of[i].1))).collect();
        found.extend(differences(runtime, &sides));
    }
    Figure {
        title: format!("Figures 3 to 5: a call of each configuration, {host}"),
        unit: Some(Unit::Time),
        workloads: runtimes,
        rows,
        common: Vec::new(),
        differences: found,
        note: Some(
            "published: Wasmer 2.1 with Cranelift on Windows, means of 100,000 calls read off its plots"
                .into(),
        ),
    }
}

/// The number a configuration's name begins with, from 1.
fn number(config: &str) -> Option<usize> {
    config.split_whitespace().next()?.parse().ok().filter(|n| *n > 0)
}

fn runtimes(report: &Report) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for row in report.rows.iter().filter(|r| r.key.group == Group::Scripting) {
        if !found.contains(&row.key.runtime) {
            found.push(row.key.runtime.clone());
        }
    }
    found
}

/// In the order of the study's table 1: their names begin with their numbers.
fn configurations(report: &Report) -> Vec<String> {
    let all = report.rows.iter().filter(|r| r.key.group == Group::Scripting);
    let mut found: Vec<String> = all.map(|r| r.key.config.clone()).collect();
    found.sort();
    found.dedup();
    found
}

fn find<'a>(report: &'a Report, runtime: &str, config: &str) -> Option<&'a Row> {
    report.rows.iter().find(|r| {
        r.key.group == Group::Scripting && r.key.runtime == runtime && r.key.config.trim() == config.trim()
    })
}

/// The claims of the study about calls, by ratios within a round.
pub fn claims(report: &Report) -> Vec<Judged> {
    // Its own engine, or the nearest relative; of an interpreter it says nothing.
    let own = runtimes(report);
    let engine = [THEIRS, NEAREST].into_iter().find(|id| own.iter().any(|r| r == id));
    let engine = engine.unwrap_or(THEIRS);
    let rounds = |runtime: &str, number: usize| -> &[Option<f64>] {
        let number = format!("{number} ");
        let is = |r: &&Row| {
            r.key.group == Group::Scripting
                && r.key.runtime == runtime
                && r.key.config.trim().starts_with(&number)
        };
        report.rows.iter().find(is).map_or(&[], |r| &r.rounds)
    };
    let within = |place: &str, says: &str, what: &str, (a, b): (usize, usize), limits: Limits| {
        let ratio = series_ratio(rounds(engine, a), rounds(engine, b));
        judged(place, says, &format!("{engine}: {what}"), limits, ratio)
    };
    let engines = |place: &str, says: &str, (a, b): (&str, &str), limits: Limits| {
        let ratio = series_ratio(rounds(a, 4), rounds(b, 4));
        judged(place, says, &format!("cached pair call, {a} / {b}"), limits, ratio)
    };
    let mut claims = vec![
        within(
            "002, caching",
            "keeping the function's handle saves at most 15 % of a pair call",
            "pair, cached, preload / pair, preload",
            (4, 2),
            Limits { above: Some(0.85), below: Some(1.0) },
        ),
        within(
            "002, table 1",
            "whether arguments are made before the loop makes no difference",
            "pair, cached, hotload / pair, cached, preload",
            (3, 4),
            Limits { above: Some(0.95), below: Some(1.05) },
        ),
        within(
            "002, self-referential struct",
            "keeping the handle beside its instance in a struct costs nothing",
            "pair, in a struct, preload / pair, cached, preload",
            (6, 4),
            Limits { above: Some(0.95), below: Some(1.05) },
        ),
        within(
            "002, buffers",
            "a dynamic buffer costs about twice a static one",
            "pod, dynamic, cached / pod, static, cached",
            (10, 12),
            Limits { above: Some(1.5), below: Some(2.5) },
        ),
        within(
            "002, encodings",
            "encoding (Bincode) is not slower than plain records in dynamic buffers",
            "encoded, dynamic, cached / pod, dynamic, cached",
            (8, 10),
            Limits { above: None, below: Some(1.0) },
        ),
        engines(
            "002, figure 5",
            "LLVM's calls cost what Cranelift's do",
            ("wasmer/llvm", THEIRS),
            Limits { above: Some(0.9), below: Some(1.1) },
        ),
        engines(
            "002, figure 5",
            "Singlepass's calls cost more than Cranelift's",
            ("wasmer/singlepass", THEIRS),
            Limits { above: Some(1.0), below: None },
        ),
    ];
    let compile = |runtime: &str| {
        let row = report.rows.iter().find(|r| {
            r.key.group == Group::Scripting
                && r.key.runtime == runtime
                && r.key.config.trim().starts_with("4 ")
        });
        row.and_then(|r| r.with_compile.as_ref())
    };
    claims.push(judged(
        "002, figures 3 and 4",
        "with compiling, 100,000 calls on LLVM take more than twice what they take on Cranelift",
        &format!("cached pair calls and compiling, wasmer/llvm / {THEIRS}"),
        Limits { above: Some(2.0), below: None },
        apart(compile("wasmer/llvm"), compile(THEIRS)),
    ));
    let debug = report.debug.as_deref().and_then(|debug| {
        let config = configurations(debug).into_iter().find(|c| c.trim().starts_with("4 "))?;
        let slow = debug.rows.iter().find(|r| r.key.group == Group::Scripting && r.key.config == config)?;
        let fast = find(report, &slow.key.runtime, &config)?;
        apart(Some(&slow.ns), Some(&fast.ns))
    });
    claims.push(judged(
        "002, conclusion",
        "a host built for debugging is about ten times slower",
        "cached pair call, host built for debugging / for release",
        Limits { above: Some(5.0), below: Some(20.0) },
        debug,
    ));
    claims
}

/// A ratio of things that were not measured in the same rounds: the ends of its interval are those of both sides.
fn apart(above: Option<&crate::Summary>, below: Option<&crate::Summary>) -> Option<Value> {
    let (a, b) = (above?, below?);
    let interval = a.median_interval.zip(b.median_interval).map(|(a, b)| (a.0 / b.1, a.1 / b.0));
    Some(Value { median: a.median / b.median, interval })
}

#[cfg(test)]
mod tests {
    use runoff_experiment::Verdict;

    use super::super::cell::Key;
    use super::*;
    use crate::Summary;

    fn row(runtime: &str, config: &str, ns: f64) -> Row {
        let rounds: Vec<f64> = (0..7).map(|i| ns * (1.0 + f64::from(i) / 1000.0)).collect();
        let key = Key { runtime: runtime.into(), group: Group::Scripting, config: config.into(), size: 0 };
        Row {
            key,
            calls: 1000,
            ns: Summary::of(&rounds).expect("rounds"),
            with_compile: None,
            rounds: rounds.into_iter().map(Some).collect(),
        }
    }

    fn report(rows: Vec<Row>) -> Report {
        let (promises, absent) = (Vec::new(), Vec::new());
        Report {
            host: "release".into(),
            rounds: 7,
            seed: 1,
            rows,
            promises,
            versions: Vec::new(),
            absent,
            debug: None,
        }
    }

    fn verdict(report: &Report, says: &str) -> Verdict {
        claims(report).into_iter().find(|c| c.says.contains(says)).expect("a claim").verdict
    }

    #[test]
    fn claims_are_judged_on_the_studys_own_engine() {
        let pair = " 2 pair, preload";
        let kept = " 4 pair, cached, preload";
        let rows = |cached: f64| {
            // The first runtime there is has other figures, which must not count.
            vec![
                row("wasmi/eager", pair, 9.0),
                row("wasmi/eager", kept, 1.0),
                row(THEIRS, pair, 10.0),
                row(THEIRS, kept, cached),
            ]
        };
        assert_eq!(verdict(&report(rows(9.0)), "keeping the function's handle"), Verdict::Holds);
        assert_eq!(verdict(&report(rows(5.0)), "keeping the function's handle"), Verdict::NoLongerHolds);
        assert_eq!(verdict(&report(rows(5.0)), "LLVM's calls"), Verdict::NotMeasured);
        let singlepass = vec![row(THEIRS, kept, 1.0), row("wasmer/singlepass", kept, 2.0)];
        assert_eq!(verdict(&report(singlepass), "Singlepass's calls"), Verdict::Holds);
    }

    #[test]
    fn published_figures_stand_beside_the_engine_they_are_of() {
        let rows = vec![
            row("wasmi/eager", " 7 encoded, dynamic", 5.0),
            row(THEIRS, " 7 encoded, dynamic", 900.0),
            row(THEIRS, " 9 pod, dynamic", 100.0),
        ];
        // Only the configurations that were measured are shown, in the order of the study.
        let figures = figures(&report(rows));
        let [first, second] = figures[0].rows.as_slice() else { panic!("{figures:#?}") };
        assert_eq!(
            (first.runtime.as_str(), second.runtime.as_str()),
            ("7 encoded, dynamic", "9 pod, dynamic")
        );
        assert_eq!(first.of[0].0, None);
        assert_eq!((first.of[1].0, second.of[1].0), (Some(456.0), Some(466.0)));
    }
}
