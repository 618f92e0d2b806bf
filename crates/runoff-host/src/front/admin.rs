//! The operators' side, on an address of this machine only: metrics and health for anybody there, the rest with a
//! token.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response};
use serde::Serialize;
use serde_json::json;

use super::answer::{Body, plain};
use super::app::App;
use super::dashboard::{self, Overview};
use super::reload::reload_blocking;
use crate::config::FunctionFile;
use crate::host::{Deployed, HostError};
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
    let mut response = plain(status, "ok", "");
    *response.body_mut() = Full::new(Bytes::from([text, b"\n".to_vec()].concat()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn done(result: Result<Deployed, HostError>) -> Response<Body> {
    match result {
        Ok(d) => json_answer(200, &json!({ "fresh": d.fresh, "same": d.same, "gone": d.gone })),
        Err(error) => json_answer(422, &json!({ "error": error.to_string() })),
    }
}

/// Whether a request carries the token; takes the same time however much of it is right.
fn admitted(request: &Request<Incoming>, token: &str) -> bool {
    let given = request.headers().get(AUTHORIZATION).and_then(|v| v.to_str().ok());
    let digest = |text: &str| runoff_runtime::sha256_hex(text.as_bytes());
    given.and_then(|v| v.strip_prefix("Bearer ")).is_some_and(|given| digest(given) == digest(token))
}

pub(super) async fn handle(app: Arc<App>, token: Arc<str>, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    match (request.method(), segments.as_slice()) {
        (&Method::GET, ["healthz"]) => return plain(200, "ok", "ok"),
        (&Method::GET, ["readyz"]) if app.is_draining() => return plain(503, "not-ready", "stopping"),
        (&Method::GET, ["readyz"]) => return plain(200, "ok", "ready"),
        (&Method::GET, ["metrics"]) => {
            let mut response = plain(200, "ok", "");
            let mut text = crate::metrics::render(&app.host);
            if let Some(traces) = &app.traces {
                text += &crate::metrics::render_traces(&traces.counters.sent, &traces.counters.dropped);
            }
            *response.body_mut() = Full::new(Bytes::from(text));
            return response;
        }
        (&Method::GET, _) => {
            if let Some(file) = dashboard::file(&path) {
                return file;
            }
        }
        _ => {}
    }
    if !admitted(&request, &token) {
        return plain(401, "token", "this needs `Authorization: Bearer TOKEN`");
    }
    let name = segments.get(1).map(|s| (*s).to_owned()).unwrap_or_default();
    let known = || app.host.routes().named(&name).cloned();
    let unknown = || json_answer(404, &json!({ "error": format!("there is no function `{name}`") }));
    match (request.method().clone(), segments.as_slice()) {
        (Method::GET, ["functions"]) => {
            let routes = app.host.routes();
            let all: Vec<_> = routes.functions().iter().map(|f| app.host.status(f)).collect();
            let left_out = app.host.tiers.left_out();
            json_answer(200, &json!({ "functions": all, "runtimes_left_out": left_out }))
        }
        (Method::GET, ["overview"]) => json_answer(200, &Overview::of(&app)),
        (Method::GET, ["functions", _]) => match known() {
            Some(function) => json_answer(200, &app.host.status(&function)),
            None => unknown(),
        },
        (Method::POST, ["reload"]) => done(reload_blocking(&app, |_| {}).await),
        (Method::DELETE, ["functions", _]) | (Method::PUT | Method::DELETE, ["functions", _, "pin"])
            if known().is_none() =>
        {
            unknown()
        }
        (Method::PUT, ["functions", _]) => match body::<FunctionFile>(request).await {
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
        (Method::DELETE, ["functions", _]) => done(
            reload_blocking(&app, move |overlay| {
                overlay.added.remove(&name);
                overlay.dropped.insert(name);
            })
            .await,
        ),
        (Method::PUT, ["functions", _, "pin"]) => match body::<Pin>(request).await {
            Err(refusal) => refusal,
            Ok(pin) => done(reload_blocking(&app, move |o| drop(o.pins.insert(name, pin.runtime))).await),
        },
        (Method::DELETE, ["functions", _, "pin"]) => {
            done(reload_blocking(&app, move |o| drop(o.pins.remove(&name))).await)
        }
        _ => plain(
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
