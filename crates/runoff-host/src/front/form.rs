//! What a request must be before it is looked at: one that two programs on its way could read differently is refused.

use std::net::Ipv6Addr;

use hyper::header::HOST;
use hyper::http::request::Parts;
use hyper::{Method, Response, Version};

use super::answer::{Body, refused, wrong_method};

/// The refusal of what is no request for a function.
pub(super) fn refusal(parts: &Parts) -> Option<Response<Body>> {
    // It asks for a tunnel, and would be given one by any answer of 2xx.
    if parts.method == Method::CONNECT {
        return Some(wrong_method("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    }
    let bad = |words| Some(refused(400, "bad-request", words));
    // RFC 9112 §3.2.
    let mut hosts = parts.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => return bad("there is more than one Host"),
        (None, None) if parts.version == Version::HTTP_11 => return bad("there is no Host"),
        (Some(host), None) if !host.to_str().is_ok_and(is_host) => return bad("Host is no host"),
        _ => {}
    }
    if parts.uri.authority().is_some_and(|a| !is_host(a.as_str())) {
        return bad("the host asked for is none");
    }
    // It ends strings in many a program, which would then read another path than the host did.
    if parts.uri.path().contains("%00") {
        return bad("there is a NUL in the path");
    }
    None
}

/// Whether a text is `uri-host [ ":" port ]` (RFC 9110 §7.2), or empty.
fn is_host(text: &str) -> bool {
    let (named, port) = if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        (address.parse::<Ipv6Addr>().is_ok(), port)
    } else {
        let at = text.find(':').unwrap_or(text.len());
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=".contains(c);
        (text[..at].chars().all(plain), &text[at..])
    };
    let digits = |port: &str| port.is_empty() || port.parse::<u16>().is_ok() && !port.starts_with('+');
    named && (port.is_empty() || port.strip_prefix(':').is_some_and(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_what_is_none() {
        for host in ["", "a", "a.example:80", "127.0.0.1:", "[::1]", "[::1]:8080", "a_b", "x%20y"] {
            assert!(is_host(host), "{host}");
        }
        for nonsense in
            ["a b", "a/b", "a:b", "a:+1", "a:70000", "a:1:2", "[::1", "[x]", "[::1]8", "u@h", "a\\b", "ä"]
        {
            assert!(!is_host(nonsense), "{nonsense}");
        }
    }

    #[test]
    fn requests_for_tunnels_without_a_host_or_with_two_are_refused() {
        let status = |request: hyper::http::request::Builder| {
            let (parts, ()) = request.body(()).unwrap().into_parts();
            refusal(&parts).map(|r| r.status().as_u16())
        };
        let get = || hyper::Request::builder().uri("/a");
        assert_eq!(status(get().header("host", "a")), None);
        assert_eq!(status(get()), Some(400));
        assert_eq!(status(get().version(Version::HTTP_10)), None);
        assert_eq!(status(get().header("host", "a").header("host", "a")), Some(400));
        assert_eq!(status(get().header("host", "a b")), Some(400));
        assert_eq!(status(get().uri("/a%00b").header("host", "a")), Some(400));
        assert_eq!(status(get().uri("http://u@b/").header("host", "b")), Some(400));
        assert_eq!(status(get().version(Version::HTTP_2).uri("http://a/b")), None);
        assert_eq!(status(get().method("CONNECT").uri("a:1").header("host", "a:1")), Some(405));
    }
}
