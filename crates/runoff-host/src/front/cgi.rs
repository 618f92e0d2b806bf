//! CGI variables of a request (RFC 3875 §4.1), for `wagi`.

use std::net::SocketAddr;

use hyper::http::request::Parts;

use crate::config::FunctionConfig;

/// Headers that are not passed on: `Proxy` would become the variable that steers HTTP clients (httpoxy), the others have
/// variables of their own. Names with `_` are left out, too: `X_A` and `X-A` would be one variable, and a proxy in front that
/// sets or removes `X-A` does not know of the other.
const LEFT_OUT: [&str; 4] = ["proxy", "content-length", "content-type", "connection"];

/// The variables; `below` is what of the path is below the function's route.
pub(super) fn variables(
    parts: &Parts,
    function: &FunctionConfig,
    below: &str,
    body: usize,
    peer: SocketAddr,
    local: SocketAddr,
) -> Vec<(String, String)> {
    let header = |name: &str| parts.headers.get(name).map(|v| text(v.as_bytes()));
    // What the request line says of it counts (RFC 9112 §3.2.2); a `Host` may be empty where there is nothing to say.
    let host = parts.uri.authority().map(ToString::to_string).or_else(|| header("host"));
    let host = host.filter(|host| !host.is_empty());
    let (name, port) = match &host {
        Some(host) => match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => {
                (name.to_owned(), port.to_owned())
            }
            _ => (host.clone(), "80".to_owned()),
        },
        None => (local.ip().to_string(), local.port().to_string()),
    };
    let query = parts.uri.query().unwrap_or("");
    let path = parts.uri.path();
    let full = format!(
        "http://{}{}",
        host.clone().unwrap_or_else(|| local.to_string()),
        parts.uri.path_and_query().map_or(path, |p| p.as_str())
    );
    let route = if function.route == "/" { "" } else { function.route.as_str() };
    let matched = format!("{route}/...");
    let mut variables: Vec<(String, String)> = [
        ("AUTH_TYPE", ""),
        ("GATEWAY_INTERFACE", "CGI/1.1"),
        ("PATH_INFO", &decoded(below)),
        ("PATH_TRANSLATED", &decoded(below)),
        ("QUERY_STRING", query),
        ("REMOTE_ADDR", &peer.ip().to_string()),
        ("REMOTE_HOST", &peer.ip().to_string()),
        ("REMOTE_USER", ""),
        ("REQUEST_METHOD", parts.method.as_str()),
        ("SCRIPT_NAME", route),
        ("SERVER_NAME", &name),
        ("SERVER_PORT", &port),
        ("SERVER_PROTOCOL", &format!("{:?}", parts.version)),
        ("SERVER_SOFTWARE", concat!("runoff/", env!("CARGO_PKG_VERSION"))),
        ("X_FULL_URL", &full),
        ("X_MATCHED_ROUTE", &matched),
        ("X_RAW_PATH_INFO", below),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    if body > 0 {
        variables.push(("CONTENT_LENGTH".into(), body.to_string()));
    }
    if let Some(kind) = header("content-type") {
        variables.push(("CONTENT_TYPE".into(), kind));
    }
    for name in parts.headers.keys().filter(|n| !LEFT_OUT.contains(&n.as_str()) && !n.as_str().contains('_'))
    {
        let values = parts.headers.get_all(name).iter().map(|v| text(v.as_bytes()));
        let joined = values.collect::<Vec<_>>().join(if name == "cookie" { "; " } else { ", " });
        variables.push((format!("HTTP_{}", name.as_str().to_ascii_uppercase().replace('-', "_")), joined));
    }
    // A NUL ends strings on the other side.
    variables.retain(|(_, value)| !value.contains('\0'));
    variables
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A path with its `%xx` decoded; what is no UTF-8 then is replaced.
fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        let hex = hex.filter(|_| *byte == b'%').and_then(|h| u8::from_str_radix(h, 16).ok());
        out.push(hex.unwrap_or(*byte));
        at += if hex.is_some() { 3 } else { 1 };
    }
    text(&out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn variables_are_those_of_the_standard() {
        let config =
            Config::parse("[[function]]\nmodule = \"a.wasm\"\nroute = \"/a/b\"", "x/y".as_ref()).unwrap();
        let request = hyper::Request::builder()
            .uri("/a/b/c%20d%zz?q=1%20")
            .header("host", "example.test:81")
            .header("proxy", "evil")
            .header("x-two", "1")
            .header("x-two", "2")
            .header("x_two", "3")
            .header("x_other", "4")
            .header("content-type", "text/plain")
            .body(())
            .unwrap();
        let address = "127.0.0.1:9".parse().unwrap();
        let (parts, ()) = request.into_parts();
        let all = variables(&parts, &config.functions[0], "/c%20d%zz", 3, address, address);
        let get = |name: &str| all.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        assert_eq!(get("PATH_INFO"), Some("/c d%zz"));
        assert_eq!(get("X_RAW_PATH_INFO"), Some("/c%20d%zz"));
        assert_eq!(get("QUERY_STRING"), Some("q=1%20"));
        assert_eq!((get("SERVER_NAME"), get("SERVER_PORT")), (Some("example.test"), Some("81")));
        assert_eq!((get("SCRIPT_NAME"), get("SERVER_PROTOCOL")), (Some("/a/b"), Some("HTTP/1.1")));
        assert_eq!((get("CONTENT_LENGTH"), get("CONTENT_TYPE")), (Some("3"), Some("text/plain")));
        assert_eq!((get("HTTP_X_TWO"), get("HTTP_PROXY")), (Some("1, 2"), None));
        assert_eq!(get("HTTP_X_OTHER"), None);
        assert_eq!(get("X_FULL_URL"), Some("http://example.test:81/a/b/c%20d%zz?q=1%20"));
        assert_eq!(get("X_MATCHED_ROUTE"), Some("/a/b/..."));
    }
}
