//! Figures of the web cache: what the scripting study published beside ours, every runtime and kind of call, hit rates;
//! what became of its claims.

use runoff_data::units;
use runoff_experiment::{Figure, Judged, Ratio, Row as FigureRow, Unit, Value};

use super::caches::Abi;
use super::run::{Report, Row};
use crate::judged::{Limits, differences, judged, series_ratio};

/// A policy and its seconds per million requests at 4 MiB, handles kept: native, then pair, encoded, plain records.
type Published = (&'static str, f64, [(Abi, f64); 3]);

/// Read off its plots: Wasmer's Cranelift, host built for release, one run each.
const PUBLISHED: [Published; 4] = [
    ("fifo", 0.021, [(Abi::Pair, 0.118), (Abi::Encoded, 0.302), (Abi::Pod, 0.133)]),
    ("lru", 0.039, [(Abi::Pair, 0.148), (Abi::Encoded, 0.335), (Abi::Pod, 0.172)]),
    ("lfu", 0.063, [(Abi::Pair, 0.187), (Abi::Encoded, 0.372), (Abi::Pod, 0.215)]),
    ("gds", 0.024, [(Abi::Pair, 0.115), (Abi::Encoded, 0.299), (Abi::Pod, 0.142)]),
];

/// The runtime its figures are of.
const THEIRS: &str = "wasmer/cranelift";
/// The size.
const SMALL: u64 = 4 << 20;

/// The same compiler in another engine.
const NEAREST: &str = "wasmtime/cranelift";

/// Its engine, or the nearest relative, whichever was measured with a cache of that size; of an interpreter it says
/// nothing.
fn engine(report: &Report) -> Option<&'static str> {
    let measured = |id: &&str| {
        report
            .rows
            .iter()
            .any(|r| r.cell.capacity == SMALL && r.cell.guest.as_ref().is_some_and(|(guest, _)| guest == id))
    };
    [THEIRS, NEAREST].into_iter().find(measured)
}

fn find<'a>(report: &'a Report, policy: &str, engine: &str, abi: Abi) -> Option<&'a Row> {
    report.rows.iter().find(|r| {
        let guest = r.cell.guest.as_ref();
        r.cell.policy == policy
            && r.cell.capacity == SMALL
            && guest.is_some_and(|(id, a)| id == engine && *a == abi)
    })
}

/// Slowdown at 4 MiB beside the published one, then every runtime and kind of call with the smallest cache: slowdown and
/// time of all requests.
pub fn figures(report: &Report) -> Vec<Figure> {
    let mut figures = beside_published(report);
    let slowdown = |row: &Row| Value { median: row.slowdown.median, interval: row.slowdown.median_interval };
    figures.extend(everywhere(report, "times native", None, slowdown));
    let ns = |row: &Row| Value {
        median: row.seconds.median * 1e9,
        interval: row.seconds.median_interval.map(|(low, high)| (low * 1e9, high * 1e9)),
    };
    figures.extend(everywhere(report, "time of all requests", Some(Unit::Time), ns));
    figures
}

fn everywhere(
    report: &Report,
    what: &str,
    unit: Option<Unit>,
    value: impl Fn(&Row) -> Value,
) -> Option<Figure> {
    let capacity = report.rows.iter().map(|r| r.cell.capacity).min()?;
    let mut policies: Vec<String> = Vec::new();
    let mut ways: Vec<Option<(String, Abi)>> = Vec::new();
    for row in report.rows.iter().filter(|r| r.cell.capacity == capacity) {
        if !policies.iter().any(|p| p == row.cell.policy) {
            policies.push(row.cell.policy.to_owned());
        }
        if !ways.contains(&row.cell.guest) {
            ways.push(row.cell.guest.clone());
        }
    }
    let row = |way: &Option<(String, Abi)>| {
        let find = |policy: &String| {
            report
                .rows
                .iter()
                .find(|r| r.cell.capacity == capacity && r.cell.policy == policy && r.cell.guest == *way)
        };
        let of: Vec<(Option<f64>, Option<Value>)> =
            policies.iter().map(|p| (None, find(p).map(&value))).collect();
        let one = Value { median: 1.0, interval: Some((1.0, 1.0)) };
        let all: Option<Vec<(Value, Value)>> = of.iter().map(|(_, now)| now.map(|v| (v, one))).collect();
        FigureRow {
            runtime: way.as_ref().map_or_else(|| "native".into(), |(id, abi)| format!("{id} {}", abi.name())),
            published: None,
            mean: if unit.is_none() { all.and_then(|pairs| Ratio::of(&pairs)) } else { None },
            of,
        }
    };
    Some(Figure {
        title: format!("Web cache of {}, every runtime and kind of call: {what}", units::bytes(capacity)),
        unit,
        rows: ways.iter().map(row).collect(),
        common: policies.clone(),
        workloads: policies,
        differences: Vec::new(),
        note: None,
    })
}

/// A policy's share over cache sizes in bytes.
pub type Curve = (String, Vec<(u64, f64)>);

/// Hit rates and byte hit rates by size, a curve per policy: the same natively and in every guest.
pub fn hit_rates(report: &Report) -> (Vec<Curve>, Vec<Curve>) {
    let curves = |share: fn(&Row) -> f64| {
        let mut curves: Vec<Curve> = Vec::new();
        for row in report.rows.iter().filter(|r| r.cell.guest.is_none()) {
            let point = (row.cell.capacity, share(row));
            match curves.iter_mut().find(|(policy, _)| policy == row.cell.policy) {
                Some((_, points)) => points.push(point),
                None => curves.push((row.cell.policy.to_owned(), vec![point])),
            }
        }
        curves
    };
    (
        curves(|row| row.hits as f64 / row.requests.max(1) as f64),
        curves(|row| row.hit_bytes as f64 / row.bytes.max(1) as f64),
    )
}

fn beside_published(report: &Report) -> Vec<Figure> {
    let Some(engine) = engine(report) else { return Vec::new() };
    let policies: Vec<String> = PUBLISHED.iter().map(|(policy, ..)| (*policy).to_owned()).collect();
    let row = |abi: Abi| {
        let of = PUBLISHED.iter().map(|(policy, native, ways)| {
            let then = ways.iter().find(|(a, _)| *a == abi).map(|(_, s)| s / native);
            let now = find(report, policy, engine, abi).map(|r| {
                let s = &r.slowdown;
                Value { median: s.median, interval: s.median_interval }
            });
            (then, now)
        });
        let of: Vec<(Option<f64>, Option<Value>)> = of.collect();
        let one = Value { median: 1.0, interval: Some((1.0, 1.0)) };
        let all: Option<Vec<(Value, Value)>> = of.iter().map(|(_, now)| now.map(|v| (v, one))).collect();
        let then: Option<f64> = of.iter().map(|(then, _)| then.map(f64::ln)).sum::<Option<f64>>();
        FigureRow {
            runtime: abi.name().to_owned(),
            published: then.map(|sum| (sum / of.len() as f64).exp()),
            mean: all.and_then(|pairs| Ratio::of(&pairs)),
            of,
        }
    };
    let rows: Vec<FigureRow> = Abi::ALL.into_iter().map(row).collect();
    let mut found = Vec::new();
    for (i, (policy, ..)) in PUBLISHED.iter().enumerate() {
        let sides = rows.iter().filter_map(|r| Some((r.runtime.as_str(), r.of[i].0?, r.of[i].1)));
        found.extend(differences(policy, &sides.collect::<Vec<_>>()));
    }
    vec![Figure {
        title: format!("Web cache of 4 MiB on {engine}: times native, one call per request or batched"),
        unit: None,
        common: policies.clone(),
        workloads: policies,
        rows,
        differences: found,
        note: Some("published: Wasmer 2.1 with Cranelift, one run each, on another sequence of requests; its GD-Size had lost its ageing. It had no batched calls.".into()),
    }]
}

/// The claims of the study about the web cache, by ratios within a repetition.
pub fn claims(report: &Report) -> Vec<Judged> {
    let engine = engine(report).unwrap_or(THEIRS);
    let times = |policy: &str, abi: Option<Abi>| -> &[Option<f64>] {
        let row = match abi {
            Some(abi) => find(report, policy, engine, abi),
            None => report
                .rows
                .iter()
                .find(|r| r.cell.policy == policy && r.cell.capacity == SMALL && r.cell.guest.is_none()),
        };
        row.map_or(&[], |r| &r.times)
    };
    let mut claims = Vec::new();
    for (policy, native, ways) in PUBLISHED {
        let pair = ways[0].1 / native;
        claims.push(judged(
            "002, conclusion",
            &format!("a cache ({policy}) in a guest is 5 to 10 times slower than native (its own figure: {pair:.1})"),
            &format!("{engine}, pair calls / native"),
            Limits { above: Some(5.0), below: Some(10.0) },
            series_ratio(times(policy, Some(Abi::Pair)), times(policy, None)),
        ));
        claims.push(judged(
            "002, conclusion",
            &format!("plain records (Bytemuck) cost about 20 % more than pairs ({policy})"),
            &format!("{engine}, pod / pair"),
            Limits { above: Some(1.05), below: Some(1.35) },
            series_ratio(times(policy, Some(Abi::Pod)), times(policy, Some(Abi::Pair))),
        ));
    }
    let sizes = |policy: &str| {
        let of = |pick: fn(u64, u64) -> u64| {
            report.rows.iter().filter(|r| r.cell.policy == policy).map(|r| r.cell.capacity).reduce(pick)
        };
        let (small, large) = (of(u64::min)?, of(u64::max)?);
        let slow = |capacity: u64| {
            report.rows.iter().find(|r| {
                let guest = r.cell.guest.as_ref();
                r.cell.policy == policy
                    && r.cell.capacity == capacity
                    && guest.is_some_and(|(id, a)| id == engine && *a == Abi::Pair)
            })
        };
        (small < large).then_some(())?;
        let (a, b) = (&slow(large)?.slowdown, &slow(small)?.slowdown);
        let interval = a.median_interval.zip(b.median_interval).map(|(a, b)| (a.0 / b.1, a.1 / b.0));
        Some(Value { median: a.median / b.median, interval })
    };
    claims.push(judged(
        "002, cache sizes",
        "what a guest costs does not depend on the size of the cache (fifo)",
        &format!("{engine}, pair calls: slowdown with the largest / with the smallest cache"),
        Limits { above: Some(0.8), below: Some(1.25) },
        sizes("fifo"),
    ));
    claims
}
