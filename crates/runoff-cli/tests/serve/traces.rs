//! Traces, and collectors that are slow or gone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Connection, ask, get, post};
use crate::server::Server;
use crate::{folder, guests};

/// A collector that takes everything; path, content type and body of each request.
fn collector() -> (SocketAddr, Receiver<(String, String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, received) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            let mut reader = BufReader::new(stream);
            let (mut line, mut length, mut kind) = (String::new(), 0, String::new());
            reader.read_line(&mut line).expect("a request");
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            loop {
                line.clear();
                reader.read_line(&mut line).expect("a header");
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                match name {
                    "content-length" => length = value.parse().expect("a length"),
                    "content-type" => value.clone_into(&mut kind),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let _ = reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
            if sender.send((path, kind, serde_json::from_slice(&body).expect("JSON"))).is_err() {
                return;
            }
        }
    });
    (address, received)
}

fn attribute<'a>(span: &'a Value, key: &str) -> Option<&'a Value> {
    let all = span["attributes"].as_array()?;
    all.iter().find(|a| a["key"] == key)?["value"].as_object()?.values().next()
}

#[test]
fn a_request_is_a_trace_of_its_phases() {
    let (address, received) = collector();
    let config = format!(
        "[otlp]\nendpoint = \"http://{address}\"\nservice = \"edge\"\n\
        [[function]]\nmodule = \"echo.wasm\"\n[[function]]\nmodule = \"trap.wasm\"\n"
    );
    let runoff = folder(&[("echo", guests::ECHO), ("trap", guests::TRAP)], &config);
    let server = Server::start(&runoff);
    let caller = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    assert_eq!(ask(server.address, "POST", "/echo/below?secret=1", caller, b"x").text(), "x");
    let unsampled = "traceparent: 00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00\r\n";
    assert_eq!(ask(server.address, "POST", "/echo", unsampled, b"x").text(), "x");
    assert_eq!(post(server.address, "/trap", b"").status, 500);
    assert_eq!(post(server.address, "/nowhere", b"").status, 404);
    let mut spans = Vec::new();
    // Two that ran have five spans each, one that did not has its own.
    while spans.len() < 11 {
        let (path, kind, body) = received.recv_timeout(Duration::from_secs(20)).expect("spans");
        assert_eq!((path.as_str(), kind.as_str()), ("/v1/traces", "application/json"));
        assert!(!body.to_string().contains("secret"), "queries are nobody's business");
        let resource = &body["resourceSpans"][0];
        assert_eq!(attribute(&resource["resource"], "service.name"), Some(&"edge".into()));
        spans.extend(resource["scopeSpans"][0]["spans"].as_array().expect("spans").iter().cloned());
    }
    assert_eq!(spans.len(), 11);
    let ns =
        |span: &Value, key: &str| span[key].as_str().and_then(|t| t.parse::<u64>().ok()).expect("a time");
    let root = spans.iter().find(|s| s["parentSpanId"] == "b7ad6b7169203331").expect("the caller's child");
    assert_eq!(root["traceId"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!((&root["name"], &root["kind"]), (&"POST /echo".into(), &2.into()));
    assert_eq!(attribute(root, "url.path"), Some(&"/echo/below".into()));
    assert_eq!(attribute(root, "http.response.status_code"), Some(&"200".into()));
    assert!(attribute(root, "runoff.tier").is_some());
    let phases: Vec<&Value> = spans.iter().filter(|s| s["parentSpanId"] == root["spanId"]).collect();
    let names: Vec<&str> = phases.iter().filter_map(|s| s["name"].as_str()).collect();
    assert_eq!(names, ["schedule", "load", "instantiate", "run"]);
    for pair in phases.windows(2) {
        assert_eq!(pair[0]["endTimeUnixNano"], pair[1]["startTimeUnixNano"]);
    }
    assert!(ns(phases[0], "startTimeUnixNano") >= ns(root, "startTimeUnixNano"));
    assert!(ns(phases[3], "endTimeUnixNano") <= ns(root, "endTimeUnixNano"));
    let trap = spans.iter().find(|s| s["name"] == "POST /trap").expect("a span");
    assert_eq!((&trap["status"]["code"], attribute(trap, "error.type")), (&2.into(), Some(&"trap".into())));
    server.stop();
}

/// Requests, and whether all of them together took no longer than they may.
fn quick(server: &Server) {
    let mut connection = Connection::open(server.address).expect("a connection");
    let started = Instant::now();
    for _ in 0..300 {
        assert_eq!(connection.post("/echo", b"x").expect("an answer").text(), "x");
    }
    // One that waited for its collector would take five seconds.
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

#[test]
fn a_collector_that_is_gone_or_silent_slows_nobody() {
    // One that nobody listens at, and one that takes connections and says nothing.
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    for address in [gone, silent.local_addr().expect("an address")] {
        let config =
            format!("[otlp]\nendpoint = \"http://{address}\"\n[[function]]\nmodule = \"echo.wasm\"\n");
        let runoff = folder(&[("echo", guests::ECHO)], &config);
        let server = Server::start(&runoff);
        assert_eq!(post(server.address, "/echo", b"x").text(), "x");
        for _ in 0..3 {
            quick(&server);
        }
        if address == gone {
            let end = Instant::now() + Duration::from_secs(20);
            while get(server.admin, "/metrics").text().contains("ef_traces_total{result=\"dropped\"} 0") {
                assert!(Instant::now() < end, "nothing was dropped");
                thread::sleep(Duration::from_millis(50));
            }
        }
        let started = Instant::now();
        server.stop();
        assert!(started.elapsed() < Duration::from_secs(10), "a stop waits for nobody");
    }
}
