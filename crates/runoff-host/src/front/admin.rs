//! The operators' side, on an address of this machine only: metrics and health for anybody there, the rest with a
//! token.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, WWW_AUTHENTICATE};
use hyper::http::uri::Authority;
use hyper::{Method, Request, Response, Version};
use serde::Serialize;
use serde_json::json;

use super::answer::{Body, fit, plain, refused, wrong_method};
use super::app::App;
use super::dashboard::{self, Overview};
use super::reload::{Reloaded, reload_blocking};
use crate::config::FunctionFile;
use crate::host::HostError;
use crate::store::secret::create_private;

/// Largest request.
const MOST: usize = 64 << 10;

/// The token in a file; a new one where there is none.
pub(super) fn token(path: &Path) -> std::io::Result<String> {
    if !path.exists() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let fresh = hex::encode(crate::store::random::<32>()?);
        create_private(path, format!("{fresh}\n").as_bytes())?;
    }
    let token = std::fs::read_to_string(path)?.trim().to_owned();
    if token.len() < 16 {
        let words = format!("{} holds no token of at least 16 characters", path.display());
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, words));
    }
    Ok(token)
}

fn json_answer(status: u16, value: &impl Serialize) -> Response<Body> {
    let text = serde_json::to_vec_pretty(value).unwrap_or_default();
    let mut response = plain(status, "");
    *response.body_mut() = Full::new(Bytes::from([text, b"\n".to_vec()].concat()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn done(result: Result<Reloaded, HostError>) -> Response<Body> {
    match result {
        Ok(Reloaded { deployed: d, restart }) => json_answer(
            200,
            &json!({ "fresh": d.fresh, "same": d.same, "gone": d.gone, "needs_restart": restart }),
        ),
        Err(error) => json_answer(422, &json!({ "error": error.to_string() })),
    }
}

/// Whether a request carries the token; takes the same time however much of it is right.
fn admitted(request: &Request<Incoming>, token: &str) -> bool {
    let given = request.headers().get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    let digest = |text: &str| runoff_runtime::sha256_hex(text.as_bytes());
    // Names of schemes are in any case (RFC 9110 §11.1).
    let credentials = given.and_then(|v| v.split_once(' ')).filter(|(s, _)| s.eq_ignore_ascii_case("bearer"));
    credentials.is_some_and(|(_, given)| digest(given.trim()) == digest(token))
}

/// Whether a request is for this machine by its `Host`. A page of elsewhere whose name was made to mean this machine (DNS
/// rebinding) could otherwise read what needs no token.
fn is_for_here(request: &Request<Incoming>) -> bool {
    let given = request.uri().authority().map(Authority::as_str);
    let given = given.or_else(|| request.headers().get(HOST)?.to_str().ok());
    // HTTP/1.0 has none; browsers do not speak it.
    let Some(host) = given else { return request.version() == Version::HTTP_10 };
    host.parse::<Authority>().is_ok_and(|authority| {
        let name = authority.host().trim_matches(['[', ']']);
        name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    })
}

/// The methods of a path; `None` where there is nothing.
fn methods(segments: &[&str], path: &str) -> Option<&'static str> {
    Some(match segments {
        ["healthz" | "readyz" | "metrics" | "functions" | "overview"] => "GET, HEAD",
        ["functions", _] => "GET, HEAD, PUT, DELETE",
        ["functions", _, "pin"] => "PUT, DELETE",
        ["reload"] => "POST",
        _ => return dashboard::file(path).map(|_| "GET, HEAD"),
    })
}

fn metrics(app: &App) -> Response<Body> {
    let mut response = plain(200, "");
    let mut text = crate::metrics::render(&app.host);
    text += &crate::metrics::render_bodies(app.bodies.held(), app.bodies.most());
    if let Some(traces) = &app.traces {
        text += &crate::metrics::render_traces(&traces.counters.sent, &traces.counters.dropped);
    }
    *response.body_mut() = Full::new(Bytes::from(text));
    response
}

/// Answers an operator.
pub(super) async fn handle(app: Arc<App>, token: Arc<str>, request: Request<Incoming>) -> Response<Body> {
    let method = request.method().clone();
    let mut response = answer(app, &token, request).await;
    fit(&method, &mut response);
    response
}

async fn answer(app: Arc<App>, token: &str, request: Request<Incoming>) -> Response<Body> {
    if !is_for_here(&request) {
        return refused(421, "host", "this is for 127.0.0.1 or localhost, and the request's Host is another");
    }
    let path = request.uri().path().to_owned();
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let method = match *request.method() {
        Method::HEAD => Method::GET,
        ref other => other.clone(),
    };
    match (&method, segments.as_slice()) {
        (&Method::GET, ["healthz"]) => return plain(200, "ok"),
        (&Method::GET, ["readyz"]) if app.is_draining() => return refused(503, "not-ready", "stopping"),
        (&Method::GET, ["readyz"]) => return plain(200, "ready"),
        (&Method::GET, ["metrics"]) => return metrics(&app),
        (&Method::GET, _) => {
            if let Some(file) = dashboard::file(&path) {
                return file;
            }
        }
        _ => {}
    }
    match methods(&segments, &path) {
        Some(allowed) if !allowed.split(", ").any(|a| a == method.as_str()) => return wrong_method(allowed),
        _ => {}
    }
    if !admitted(&request, token) {
        let mut response = refused(401, "token", "this needs `Authorization: Bearer TOKEN`");
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    }
    operate(app, request, &method, segments.as_slice()).await
}

/// What needs the token.
async fn operate(
    app: Arc<App>,
    request: Request<Incoming>,
    method: &Method,
    segments: &[&str],
) -> Response<Body> {
    let name = segments.get(1).map(|s| (*s).to_owned()).unwrap_or_default();
    let known = || app.host.routes().named(&name).cloned();
    let unknown = || json_answer(404, &json!({ "error": format!("there is no function `{name}`") }));
    match (method, segments) {
        (&Method::GET, ["functions"]) => {
            let routes = app.host.routes();
            let all: Vec<_> = routes.functions().iter().map(|f| app.host.status(f)).collect();
            let left_out = app.host.tiers.left_out();
            json_answer(200, &json!({ "functions": all, "runtimes_left_out": left_out }))
        }
        (&Method::GET, ["overview"]) => json_answer(200, &Overview::of(&app)),
        (&Method::GET, ["functions", _]) => match known() {
            Some(function) => json_answer(200, &app.host.status(&function)),
            None => unknown(),
        },
        (&Method::POST, ["reload"]) => done(reload_blocking(&app, |_| {}).await),
        (&Method::DELETE, ["functions", _]) | (&Method::PUT | &Method::DELETE, ["functions", _, "pin"])
            if known().is_none() =>
        {
            unknown()
        }
        (&Method::PUT, ["functions", _]) => match body::<FunctionFile>(request).await {
            Err(refusal) => refusal,
            Ok(mut file) => {
                file.name = Some(name.clone());
                done(
                    reload_blocking(&app, move |overlay| {
                        overlay.dropped.remove(&name);
                        overlay.added.insert(name, file);
                    })
                    .await,
                )
            }
        },
        (&Method::DELETE, ["functions", _]) => done(
            reload_blocking(&app, move |overlay| {
                overlay.added.remove(&name);
                overlay.dropped.insert(name);
            })
            .await,
        ),
        (&Method::PUT, ["functions", _, "pin"]) => match body::<Pin>(request).await {
            Err(refusal) => refusal,
            Ok(pin) => done(reload_blocking(&app, move |o| drop(o.pins.insert(name, pin.runtime))).await),
        },
        (&Method::DELETE, ["functions", _, "pin"]) => {
            done(reload_blocking(&app, move |o| drop(o.pins.remove(&name))).await)
        }
        _ => refused(
            404,
            "no-route",
            "GET / (dashboard), GET /overview, GET /functions[/NAME], PUT or DELETE /functions/NAME[/pin], POST /reload, GET /metrics",
        ),
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    runtime: String,
}

async fn body<T: serde::de::DeserializeOwned>(request: Request<Incoming>) -> Result<T, Response<Body>> {
    let wrong = |words: String| json_answer(400, &json!({ "error": words }));
    let bytes = Limited::new(request.into_body(), MOST).collect().await;
    let bytes = bytes.map_err(|e| wrong(format!("the request cannot be read: {e}")))?.to_bytes();
    serde_json::from_slice(&bytes).map_err(|e| wrong(format!("the request is not what it should be: {e}")))
}
