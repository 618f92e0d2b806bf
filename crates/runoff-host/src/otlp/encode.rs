//! Spans as OTLP's JSON: ids in hexadecimal, 64-bit numbers as text.

use std::time::Duration;

use serde_json::{Value, json};

use super::trace::{Phases, Trace};

/// `SPAN_KIND_INTERNAL` and `SPAN_KIND_SERVER`.
const INTERNAL: u8 = 1;
const SERVER: u8 = 2;

/// `STATUS_CODE_ERROR`.
const ERROR: u8 = 2;

/// The body of one export.
pub(super) fn encode(service: &str, traces: &[Trace]) -> Vec<u8> {
    let spans: Vec<Value> = traces.iter().flat_map(spans).collect();
    let scope = json!({ "name": "runoff", "version": env!("CARGO_PKG_VERSION") });
    let request = json!({ "resourceSpans": [{
        "resource": { "attributes": [text("service.name", service)] },
        "scopeSpans": [{ "scope": scope, "spans": spans }],
    }] });
    request.to_string().into_bytes()
}

fn text(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": { "stringValue": value } })
}

fn span(
    trace: &Trace,
    own: [u8; 8],
    parent: Option<[u8; 8]>,
    name: &str,
    kind: u8,
    from: Duration,
    took: Duration,
) -> Value {
    let mut span = json!({
        "traceId": hex::encode(trace.id),
        "spanId": hex::encode(own),
        "name": name,
        "kind": kind,
        "startTimeUnixNano": from.as_nanos().to_string(),
        "endTimeUnixNano": (from + took).as_nanos().to_string(),
    });
    if let Some(parent) = parent {
        span["parentSpanId"] = hex::encode(parent).into();
    }
    span
}

fn spans(trace: &Trace) -> Vec<Value> {
    let name = match &trace.route {
        Some(route) => format!("{} {route}", trace.method),
        None => trace.method.clone(),
    };
    let mut root = span(trace, trace.span, trace.parent, &name, SERVER, trace.began, trace.took);
    let mut attributes = vec![
        text("http.request.method", &trace.method),
        text("url.path", &trace.path),
        json!({ "key": "http.response.status_code", "value": { "intValue": trace.status.to_string() } }),
    ];
    let named = [
        ("http.route", trace.route.as_deref()),
        ("faas.name", trace.function.as_deref()),
        ("runoff.tier", trace.tier.as_deref()),
        ("error.type", trace.error),
    ];
    attributes.extend(named.into_iter().filter_map(|(key, value)| value.map(|v| text(key, v))));
    root["attributes"] = attributes.into();
    if trace.status >= 500 {
        root["status"] = json!({ "code": ERROR, "message": trace.error.unwrap_or_default() });
    }
    let mut all = vec![root];
    if let Some(Phases { before, schedule, load, instantiate, run }) = trace.phases {
        let mut from = trace.began + before;
        for (name, took) in
            [("schedule", schedule), ("load", load), ("instantiate", instantiate), ("run", run)]
        {
            all.push(span(trace, rand::random(), Some(trace.span), name, INTERNAL, from, took));
            from += took;
        }
    }
    all
}
