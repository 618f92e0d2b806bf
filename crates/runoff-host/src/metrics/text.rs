//! The Prometheus text format, with the names operators know.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use super::counter::{BINS, Histogram, Outcome};
use crate::host::Host;

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = if labels.is_empty() {
            writeln!(self.0, "{name} {value}")
        } else {
            writeln!(self.0, "{name}{{{labels}}} {value}")
        };
    }

    fn counter(&mut self, name: &str, labels: &str, value: &AtomicU64) {
        self.sample(name, labels, value.load(Ordering::Relaxed));
    }

    fn histogram(&mut self, name: &str, labels: &str, histogram: &Histogram) {
        let comma = if labels.is_empty() { "" } else { "," };
        let counts = histogram.cumulative();
        for (i, count) in counts.iter().enumerate() {
            let end = BINS.get(i).map_or_else(|| "+Inf".to_owned(), ToString::to_string);
            self.sample(&format!("{name}_bucket"), &format!("{labels}{comma}le=\"{end}\""), count);
        }
        self.sample(&format!("{name}_sum"), labels, histogram.seconds());
        self.sample(&format!("{name}_count"), labels, counts.last().copied().unwrap_or(0));
    }
}

/// Metrics of what sends traces.
pub(crate) fn render_traces(sent: &AtomicU64, dropped: &AtomicU64) -> String {
    let mut page = Page(String::new());
    page.family("ef_traces_total", "counter", "Traces, and whether the collector took them.");
    page.counter("ef_traces_total", "result=\"sent\"", sent);
    page.counter("ef_traces_total", "result=\"dropped\"", dropped);
    page.0
}

/// Metrics of what bodies take.
pub(crate) fn render_bodies(held: u64, most: u64) -> String {
    let mut page = Page(String::new());
    page.family("ef_body_bytes", "gauge", "Memory held for bodies of requests.");
    page.sample("ef_body_bytes", "", held);
    page.family("ef_max_body_bytes", "gauge", "Memory there may be held for them.");
    page.sample("ef_max_body_bytes", "", most);
    page.0
}

/// All metrics of a host.
pub fn render(host: &Host) -> String {
    let mut page = Page(String::new());
    let routes = host.routes();
    let metrics = &host.metrics;
    page.family("http_requests_total", "counter", "Answers by class of status.");
    for (i, count) in metrics.statuses.iter().enumerate() {
        page.counter("http_requests_total", &format!("code=\"{}xx\"", i + 1), count);
    }
    page.family("http_request_duration_seconds", "histogram", "From a request's head to its answer.");
    page.histogram("http_request_duration_seconds", "", &metrics.requests);
    page.family("http_requests_in_flight", "gauge", "Requests under way.");
    page.sample("http_requests_in_flight", "", host.active());
    functions(&mut page, host, &routes);
    builds(&mut page, host);
    page.0
}

/// Reads a number of a function.
type Read = fn(&crate::function::Function) -> u64;

fn functions(page: &mut Page, host: &Host, routes: &crate::routes::Routes) {
    let tier_name = |i: usize| host.tiers.list()[i].runtime.as_str();
    page.family("ef_invocations_total", "counter", "Runs by function, tier and how they ended.");
    for f in routes.functions() {
        for (i, tier) in f.metrics.tiers.iter().enumerate() {
            for (outcome, count) in Outcome::ALL.iter().zip(&tier.outcomes) {
                if count.load(Ordering::Relaxed) > 0 {
                    let (name, tier, outcome) = (&f.config.name, tier_name(i), outcome.name());
                    let labels = format!("fn=\"{name}\",tier=\"{tier}\",outcome=\"{outcome}\"");
                    page.counter("ef_invocations_total", &labels, count);
                }
            }
        }
    }
    page.family("ef_exec_seconds", "histogram", "Setting up and running, by function and tier.");
    for f in routes.functions() {
        for (i, tier) in f.metrics.tiers.iter().enumerate() {
            if tier.exec.cumulative().last().is_some_and(|n| *n > 0) {
                let labels = format!("fn=\"{}\",tier=\"{}\"", f.config.name, tier_name(i));
                page.histogram("ef_exec_seconds", &labels, &tier.exec);
            }
        }
    }
    let families: [(&str, &str, &str, Read); 7] = [
        ("ef_cold_total", "counter", "Requests that waited for code.", |f| {
            f.metrics.cold.load(Ordering::Relaxed)
        }),
        ("ef_raced_total", "counter", "Runs raced by a better tier.", |f| {
            f.metrics.raced.load(Ordering::Relaxed)
        }),
        ("ef_limited_total", "counter", "Requests turned away at a function's limit.", |f| {
            f.metrics.limited.load(Ordering::Relaxed)
        }),
        ("ef_unserved_total", "counter", "Requests that no runtime could run, or none in time.", |f| {
            f.metrics.unserved.load(Ordering::Relaxed)
        }),
        ("ef_tier_switch_total", "counter", "Changes of tier from one run to the next.", |f| {
            f.metrics.switches.load(Ordering::Relaxed)
        }),
        ("ef_active_instances", "gauge", "Requests of a function under way.", |f| f.active() as u64),
        ("ef_max_instances", "gauge", "Requests of a function that may be under way.", |f| {
            f.config.limits.concurrency as u64
        }),
    ];
    for (name, kind, help, read) in families {
        page.family(name, kind, help);
        for f in routes.functions() {
            page.sample(name, &format!("fn=\"{}\"", f.config.name), read(f));
        }
    }
    page.family(
        "ef_regret_ratio",
        "gauge",
        "What runs cost, builds included, over the best single tier in hindsight, by the policy's estimates.",
    );
    for f in routes.functions() {
        if let Some(ratio) = host.regret(f) {
            page.sample("ef_regret_ratio", &format!("fn=\"{}\"", f.config.name), ratio);
        }
    }
}

fn builds(page: &mut Page, host: &Host) {
    let metrics = &host.metrics;
    let tiers = || host.tiers.list().iter().zip(&metrics.builds);
    page.family("ef_compile_seconds", "histogram", "Compilations by tier.");
    for (tier, build) in tiers() {
        page.histogram("ef_compile_seconds", &format!("tier=\"{}\"", tier.runtime), &build.compiles);
    }
    page.family("ef_load_seconds", "histogram", "Loads of stored artifacts by tier.");
    for (tier, build) in tiers() {
        page.histogram("ef_load_seconds", &format!("tier=\"{}\"", tier.runtime), &build.loads);
    }
    page.family("ef_build_failures_total", "counter", "Builds and loads that failed, by tier.");
    for (tier, build) in tiers() {
        page.counter("ef_build_failures_total", &format!("tier=\"{}\"", tier.runtime), &build.failures);
    }
    page.family("ef_compile_queue", "gauge", "Builds asked for and not done.");
    page.counter("ef_compile_queue", "", &metrics.build_queue);
    let (jobs, calls) = host.waiting();
    page.family("ef_waiting", "gauge", "Requests that wait, and for what.");
    page.sample("ef_waiting", "for=\"thread\"", jobs);
    page.sample("ef_waiting", "for=\"code\"", calls);
    page.family("ef_shed_total", "counter", "Requests turned away because the host is full.");
    page.counter("ef_shed_total", "", &metrics.shed);
    page.family("ef_reloads_total", "counter", "Configurations read again.");
    page.counter("ef_reloads_total", "result=\"taken\"", &metrics.reloads[0]);
    page.counter("ef_reloads_total", "result=\"refused\"", &metrics.reloads[1]);
    let workers = || host.tiers.list().iter().filter_map(|t| Some((&t.runtime, t.workers.as_ref()?)));
    if workers().next().is_some() {
        page.family("ef_workers", "gauge", "Worker processes by runtime.");
        for (runtime, pool) in workers() {
            page.sample("ef_workers", &format!("tier=\"{runtime}\""), pool.workers());
        }
        page.family("ef_workers_started_total", "counter", "Worker processes started.");
        for (runtime, pool) in workers() {
            page.counter("ef_workers_started_total", &format!("tier=\"{runtime}\""), &pool.counters.started);
        }
        page.family("ef_workers_lost_total", "counter", "Worker processes that were killed, or broke.");
        for (runtime, pool) in workers() {
            page.counter("ef_workers_lost_total", &format!("tier=\"{runtime}\""), &pool.counters.lost);
        }
    }
    if let Some(store) = host.store_counters() {
        for (name, help, value) in [
            ("ef_cache_hit_total", "Artifacts found.", &store.hits),
            ("ef_cache_miss_total", "Artifacts not there.", &store.misses),
            ("ef_cache_corrupt_total", "Artifacts put in quarantine.", &store.corrupt),
            ("ef_cache_write_fail_total", "Artifacts that could not be written.", &store.write_failures),
        ] {
            page.family(name, "counter", help);
            page.counter(name, "", value);
        }
    }
}
