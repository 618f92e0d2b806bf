//! One request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, Response, Version};

use super::answer::{Body, fit, of_reply, plain, reason, refused};
use super::app::App;
use super::body::collect;
use super::log::{self, Line};
use super::{cgi, form};
use crate::config::AbiName;
use crate::execute::{Fault, Invocation, Spent};
use crate::function::Function;
use crate::host::{Busy, Reply};
use crate::otlp::{Phases, Trace};

/// Most of a guest's standard error that is said.
const SAID: usize = 2000;

/// What the log says of an answer besides the answer itself.
#[derive(Default)]
struct Story {
    function: Option<Arc<Function>>,
    tier: Option<usize>,
    /// When the function was called for, and the end of that; only where somebody traces.
    called: Option<(Instant, Instant)>,
    spent: (Duration, Spent),
}

/// Answers a request, whatever it is.
pub(super) async fn handle(app: Arc<App>, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    let started = Instant::now();
    let version = request.version();
    let line = app.log.is_on().then(|| {
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
        (log::now(), request.method().to_string(), path)
    });
    let trace = app.traces.as_ref().and_then(|exporter| {
        let mut trace = Trace::begin(request.headers(), exporter.sample)?;
        (trace.method, trace.path) = (request.method().to_string(), request.uri().path().to_owned());
        Some((exporter, trace))
    });
    let mut story = Story::default();
    let method = request.method().clone();
    let mut response = answer(&app, request, peer, &mut story).await;
    fit(&method, &mut response);
    let took = started.elapsed();
    let status = response.status().as_u16();
    let class = usize::from(status / 100).clamp(1, 5) - 1;
    app.host.metrics.statuses[class].fetch_add(1, Ordering::Relaxed);
    app.host.metrics.requests.observe(took);
    let word = reason(&response);
    if let Some((exporter, trace)) = trace {
        exporter.send(told(trace, &app, &story, started, status, word));
    }
    if let Some((time, method, path)) = line {
        app.log.write(Line {
            time,
            peer: peer.to_string(),
            method,
            path,
            status,
            bytes: response.body().size_hint().exact().unwrap_or(0),
            ms: took.as_secs_f64() * 1e3,
            function: story.function.map(|f| f.config.name.clone()),
            tier: story.tier.map(|t| app.host.tiers.list()[t].runtime.clone()),
            error: word,
        });
    }
    if app.is_draining() && version < Version::HTTP_2 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A trace with what there is to tell.
fn told(
    trace: Trace,
    app: &App,
    story: &Story,
    started: Instant,
    status: u16,
    error: Option<&'static str>,
) -> Trace {
    let phases = story.called.map(|(from, to)| {
        let (load, Spent { setup, run }) = story.spent;
        Phases {
            before: from - started,
            schedule: (to - from).saturating_sub(load + setup + run),
            load,
            instantiate: setup,
            run,
        }
    });
    Trace {
        took: started.elapsed(),
        status,
        function: story.function.as_ref().map(|f| f.config.name.clone()),
        route: story.function.as_ref().map(|f| f.config.route.clone()),
        tier: story.tier.map(|t| app.host.tiers.list()[t].runtime.clone()),
        error,
        phases,
        ..trace
    }
}

async fn answer(
    app: &App,
    request: Request<Incoming>,
    peer: SocketAddr,
    story: &mut Story,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if let Some(refusal) = form::refusal(&parts) {
        return refusal;
    }
    let routes = app.host.routes();
    let Some((function, _)) = routes.find(parts.uri.path()) else {
        return match parts.uri.path() {
            "/healthz" => plain(200, "ok"),
            "/readyz" if app.is_draining() => refused(503, "not-ready", "stopping"),
            "/readyz" => plain(200, "ready"),
            _ => refused(404, "no-route", "there is nothing here"),
        };
    };
    story.function = Some(Arc::clone(function));
    let mut held = app.bodies.hold();
    let body = match collect(body, function.config.limits.body, &app.timeouts, &mut held).await {
        Ok(body) => body,
        Err(refusal) => {
            if reason(&refusal) == Some("bodies") {
                app.host.metrics.shed.fetch_add(1, Ordering::Relaxed);
            }
            return refusal;
        }
    };
    let mut function = Arc::clone(function);
    let begun = Instant::now();
    // However often a function is replaced, its request has its deadline's time to find one that stays.
    while begun.elapsed() < function.config.limits.deadline {
        let invocation = invocation(app, &parts, &function, &body, peer);
        let called = Instant::now();
        match app.host.invoke(&function, invocation).await {
            Ok(reply) => {
                if app.traces.is_some() {
                    story.called = Some((called, Instant::now()));
                    story.spent = (reply.load, reply.spent);
                }
                let turned_away = matches!(reply.ending, Err(Fault::NoTier(_)));
                if !(turned_away && function.is_retired()) {
                    story.tier = reply.tier;
                    if reply.tier.is_none() && reply.ending.is_err() {
                        function.metrics.unserved.fetch_add(1, Ordering::Relaxed);
                    }
                    tell(&function, &reply);
                    return of_reply(&app.host, &function, reply);
                }
            }
            Err(Busy::Function) => return refused(429, "function-busy", "the function is at its limit"),
            Err(Busy::Host) => return refused(503, "host-busy", "the host is full"),
        }
        // The function was replaced before it could begin: the new one answers.
        match app.host.routes().find(parts.uri.path()) {
            Some((next, _)) => function = Arc::clone(next),
            None => return refused(404, "no-route", "there is nothing here any more"),
        }
    }
    refused(503, "replaced", "the function is replaced faster than it is called")
}

fn invocation(app: &App, parts: &Parts, function: &Function, body: &Bytes, peer: SocketAddr) -> Invocation {
    let env = if function.abi == AbiName::Wagi {
        let path = parts.uri.path();
        let route = function.config.route.len();
        let below = if function.config.route == "/" { path } else { path.get(route..).unwrap_or("") };
        cgi::variables(parts, &function.config, below, body.len(), peer, app.local)
    } else {
        Vec::new()
    };
    Invocation { body: body.clone(), env }
}

/// Says on standard error what went wrong inside; what the guest wrote is escaped.
fn tell(function: &Function, reply: &Reply) {
    let Err(fault) = &reply.ending else { return };
    if matches!(fault, Fault::Cancelled | Fault::Overloaded(_)) {
        return;
    }
    let name = &function.config.name;
    let Some(kept_back) = function.repeats.next(Instant::now()) else { return };
    if kept_back > 0 {
        crate::say(&format!("function {name}: {kept_back} more failures were not said one by one"));
    }
    let wrote = String::from_utf8_lossy(&reply.stderr[..reply.stderr.len().min(SAID)]);
    let words = fault.to_string();
    let words: String = words.escape_debug().take(SAID).collect();
    if wrote.is_empty() {
        crate::say(&format!("function {name}: {words}"));
    } else {
        crate::say(&format!("function {name}: {words}; it wrote: {}", wrote.trim_end().escape_debug()));
    }
}
