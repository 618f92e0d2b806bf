//! From endings to responses.

use std::fmt::Write as _;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Body as _;
use hyper::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Method, Response, StatusCode};

use crate::config::AbiName;
use crate::execute::{Answer, Fault};
use crate::function::Function;
use crate::host::{Host, Reply};

pub(super) type Body = Full<Bytes>;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const REASON: HeaderName = HeaderName::from_static("x-runoff-error");
const TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Why the host answered in a function's place, in one word; logs and traces take it from here, because a header of that
/// name could be a guest's.
#[derive(Clone, Copy, Debug)]
struct Reason(&'static str);

/// A plain answer of the host itself that all is well.
pub(super) fn plain(status: u16, words: &str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(format!("{words}\n"))));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}

/// A plain answer of the host itself that something is not; `word` says why in one word.
pub(super) fn refused(status: u16, word: &'static str, words: &str) -> Response<Body> {
    let mut response = plain(status, words);
    response.extensions_mut().insert(Reason(word));
    let headers = response.headers_mut();
    headers.insert(REASON, HeaderValue::from_static(word));
    if status == 429 || status == 503 {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// That a path takes other methods, which are these.
pub(super) fn wrong_method(allowed: &'static str) -> Response<Body> {
    let mut response = refused(405, "method", &format!("this takes {allowed}"));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// The word of an answer the host gave in a function's place.
pub(super) fn reason(response: &Response<Body>) -> Option<&'static str> {
    response.extensions().get::<Reason>().map(|Reason(word)| *word)
}

/// Takes away what answers to this method, or of this status, must not carry (RFC 9110 §6.4.1, §15.3.6): a guest may have
/// written a body all the same, and one on a connection of HTTP/2 breaks the protocol.
pub(super) fn fit(method: &Method, response: &mut Response<Body>) {
    let bare = matches!(response.status().as_u16(), 204 | 205 | 304);
    if !bare && method != Method::HEAD {
        return;
    }
    let body = std::mem::take(response.body_mut());
    if !bare {
        let length = HeaderValue::from(body.size_hint().exact().unwrap_or(0));
        response.headers_mut().insert(CONTENT_LENGTH, length);
    }
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
            refused(fault.status(), fault.word(), words)
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
