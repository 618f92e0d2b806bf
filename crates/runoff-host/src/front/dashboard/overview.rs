//! What the dashboard shows, at one moment.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::front::app::App;
use crate::host::FunctionStatus;
use crate::metrics::{Histogram, Outcome};

/// Quantiles of a time, ms; from the bins of a histogram.
#[derive(Debug, Serialize)]
pub(crate) struct Quantiles {
    p50: f64,
    p95: f64,
    p99: f64,
}

fn quantiles<'a>(histograms: impl Iterator<Item = &'a Histogram>) -> Option<Quantiles> {
    let merged = Histogram::default();
    histograms.for_each(|h| merged.add(h));
    let at = |q| merged.quantile(q).map(|seconds| seconds * 1e3);
    Some(Quantiles { p50: at(0.5)?, p95: at(0.95)?, p99: at(0.99)? })
}

#[derive(Debug, Serialize)]
struct FunctionView {
    #[serde(flatten)]
    status: FunctionStatus,
    runs: u64,
    errors: u64,
    /// Setting up and running.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<Quantiles>,
    #[serde(skip_serializing_if = "Option::is_none")]
    regret: Option<f64>,
}

#[derive(Debug, Serialize)]
struct BuildView {
    runtime: String,
    compiles: u64,
    compile_seconds: f64,
    loads: u64,
    failures: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    workers: Option<usize>,
}

#[derive(Debug, Serialize)]
struct CacheView {
    hits: u64,
    misses: u64,
    corrupt: u64,
    write_failures: u64,
}

/// Everything.
#[derive(Debug, Serialize)]
pub(crate) struct Overview {
    version: &'static str,
    draining: bool,
    in_flight: usize,
    /// Answers by hundreds of their status.
    statuses: [u64; 5],
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_ms: Option<Quantiles>,
    shed: u64,
    queue: u64,
    waiting_for_threads: usize,
    waiting_for_code: usize,
    functions: Vec<FunctionView>,
    builds: Vec<BuildView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache: Option<CacheView>,
}

impl Overview {
    pub(crate) fn of(app: &App) -> Self {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (host, metrics) = (&app.host, &app.host.metrics);
        let routes = host.routes();
        let functions = routes.functions().iter().map(|f| {
            let count = |wanted: fn(Outcome) -> bool| {
                let tiers = f.metrics.tiers.iter().flat_map(|t| Outcome::ALL.into_iter().zip(&t.outcomes));
                tiers.filter(|(outcome, _)| wanted(*outcome)).map(|(_, n)| read(n)).sum()
            };
            FunctionView {
                status: host.status(f),
                runs: count(|_| true),
                // A client that left is no error of anybody's.
                errors: count(|o| !matches!(o, Outcome::Answered | Outcome::Cancelled))
                    + read(&f.metrics.unserved),
                latency_ms: quantiles(f.metrics.tiers.iter().map(|t| &t.exec)),
                regret: host.regret(f),
            }
        });
        let total = |h: &Histogram| h.cumulative().last().copied().unwrap_or(0);
        let builds = host.tiers.list().iter().zip(&metrics.builds).map(|(tier, build)| BuildView {
            runtime: tier.runtime.clone(),
            compiles: total(&build.compiles),
            compile_seconds: build.compiles.seconds(),
            loads: total(&build.loads),
            failures: read(&build.failures),
            workers: tier.workers.as_ref().map(|pool| pool.workers()),
        });
        let (waiting_for_threads, waiting_for_code) = host.waiting();
        Self {
            version: env!("CARGO_PKG_VERSION"),
            draining: app.is_draining(),
            in_flight: host.active(),
            statuses: std::array::from_fn(|i| read(&metrics.statuses[i])),
            latency_ms: quantiles(std::iter::once(&metrics.requests)),
            shed: read(&metrics.shed),
            queue: read(&metrics.build_queue),
            waiting_for_threads,
            waiting_for_code,
            functions: functions.collect(),
            builds: builds.collect(),
            cache: host.store_counters().map(|c| CacheView {
                hits: read(&c.hits),
                misses: read(&c.misses),
                corrupt: read(&c.corrupt),
                write_failures: read(&c.write_failures),
            }),
        }
    }
}
