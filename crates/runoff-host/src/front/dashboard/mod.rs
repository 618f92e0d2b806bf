//! The dashboard: one page on the admin address that shows what the host does, as it does it. It loads nothing from
//! elsewhere, and what it shows it asks for with the token, as any other client.

mod overview;

use bytes::Bytes;
use hyper::Response;
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, X_FRAME_OPTIONS,
};

use super::answer::{Body, plain};

pub(super) use overview::Overview;

/// Nothing but these files and this server; no text becomes script, whatever it holds.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// A file of the page; `None` for any other path.
pub(super) fn file(path: &str) -> Option<Response<Body>> {
    let (text, kind) = match path {
        "/" => (include_str!("page.html"), "text/html; charset=utf-8"),
        "/dashboard.css" => (include_str!("style.css"), "text/css; charset=utf-8"),
        "/dashboard.js" => (include_str!("script.js"), "text/javascript; charset=utf-8"),
        _ => return None,
    };
    let mut response = plain(200, "");
    *response.body_mut() = Body::new(Bytes::from_static(text.as_bytes()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Some(response)
}
