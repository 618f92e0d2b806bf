//! From endings to responses.

use std::fmt::Write as _;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use crate::config::AbiName;
use crate::execute::{Answer, Fault};
use crate::function::Function;
use crate::host::{Host, Reply};

pub(super) type Body = Full<Bytes>;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const REASON: HeaderName = HeaderName::from_static("x-runoff-error");
const TIMING: HeaderName = HeaderName::from_static("server-timing");

/// A plain answer of the host itself; `word` says why in one word.
pub(super) fn plain(status: u16, word: &'static str, words: &str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(format!("{words}\n"))));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, TEXT);
    headers.insert(REASON, HeaderValue::from_static(word));
    if status == 429 || status == 503 {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// The answer of a function, or what is said in its place. What went wrong inside stays inside: clients get one word.
pub(super) fn of_reply(host: &Host, function: &Function, reply: Reply) -> Response<Body> {
    let timing = timing(host, &reply);
    let mut response = match reply.ending {
        Ok(answer) => of_answer(function, answer),
        Err(fault) => {
            let words = match &fault {
                Fault::Deadline => "the function took too long",
                Fault::Overloaded(_) => "the host is too busy",
                Fault::NoTier(_) => "no runtime can run the function now",
                _ => "the function failed",
            };
            plain(fault.status(), fault.word(), words)
        }
    };
    if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(timing)) {
        response.headers_mut().insert(TIMING, value);
    }
    response
}

fn of_answer(function: &Function, answer: Answer) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    // Programs that say headers say this one, or mean that there is none.
    if function.abi != AbiName::Wagi {
        response.headers_mut().insert(CONTENT_TYPE, function.content_type.clone());
    }
    for (name, value) in answer.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        // Names were checked where they were read; bytes beyond ASCII are opaque data in HTTP.
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Tier and phases, as browsers and `curl -v` show them.
fn timing(host: &Host, reply: &Reply) -> String {
    let mut text = String::with_capacity(96);
    if let Some(tier) = reply.tier {
        let _ = write!(text, "tier;desc=\"{}\", ", host.tiers.list()[tier].runtime);
    }
    let Reply { load, spent, .. } = reply;
    // Milliseconds, as whole numbers of microseconds: formatting floating point for each request shows.
    for (name, took) in [("load;dur=", load), (", setup;dur=", &spent.setup), (", exec;dur=", &spent.run)] {
        let _ = write!(text, "{name}{}.{:03}", took.as_millis(), took.subsec_micros() % 1000);
    }
    text
}
