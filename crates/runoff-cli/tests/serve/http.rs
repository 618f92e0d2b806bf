//! What HTTP asks of a server, and what it lets one refuse.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Connection, Frame, ask, ask_over_h2, get, post};
use crate::server::{Server, token};
use crate::{folder, guests};

/// A `wagi` function that always writes this, `{}` being its header lines; the body is `body`.
fn writes(head: &str) -> String {
    let text = format!("{head}\n\nbody");
    let escaped = text.replace('\n', "\\n");
    format!(
        r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "{escaped}")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const {}))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"#,
        text.len()
    )
}

#[test]
fn answers_without_a_body_have_none_over_either_version() {
    let statuses = [200, 204, 205, 304];
    let modules: Vec<(String, String)> =
        statuses.iter().map(|s| (format!("s{s}"), writes(&format!("Status: {s}")))).collect();
    let function =
        |(name, _): &(String, _)| format!("[[function]]\nmodule = \"{name}.wasm\"\nabi = \"wagi\"\n");
    let config = modules.iter().map(function).collect::<Vec<_>>().concat();
    let modules: Vec<(&str, &str)> = modules.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let runoff = folder(&modules, &config);
    let server = Server::start(&runoff);
    let paths = statuses.map(|s| (s, format!("/s{s}")));
    for (status, path) in paths.iter().map(|(s, p)| (*s, p.as_str())).chain([(200, "/healthz")]) {
        for method in ["GET", "HEAD"] {
            let frames = ask_over_h2(server.address, method, path).expect("frames");
            let bare = method == "HEAD" || status != 200;
            assert_eq!(frames[0].kind, Frame::HEADERS, "{method} {path}: {frames:?}");
            if bare {
                assert_eq!(frames.len(), 1, "{method} {path}: {frames:?}");
            } else {
                let expected: &[u8] = if path == "/healthz" { b"ok\n" } else { b"body" };
                assert!(frames[1..].iter().all(|f| f.kind == Frame::DATA), "{method} {path}: {frames:?}");
                assert_eq!(frames[1..].iter().flat_map(|f| f.payload.clone()).collect::<Vec<_>>(), expected);
            }
            // One connection for both: what follows an answer is the next one.
            let mut connection = Connection::open(server.address).expect("a connection");
            connection.bare = method == "HEAD";
            let request = format!("{method} {path} HTTP/1.1\r\nhost: a\r\n\r\n");
            connection.send(request.as_bytes()).expect("sent");
            let first = connection.receive().expect("an answer");
            assert_eq!(first.status, status, "{method} {path}");
            if status == 200 {
                let length = if path == "/healthz" { "3" } else { "4" };
                assert_eq!(first.header("content-length"), Some(length), "{method} {path}");
            } else {
                assert!(first.body.is_empty(), "{method} {path}: {first:?}");
            }
            connection.send(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").expect("sent");
            assert_eq!(connection.receive().expect("the next answer").text(), "ok\n", "{method} {path}");
        }
    }
    server.stop();
}

#[test]
fn requests_that_could_be_read_in_two_ways_are_refused() {
    let runoff = folder(&[("echo", guests::ECHO)], "[[function]]\nmodule = \"echo.wasm\"\nroute = \"/\"");
    let server = Server::start(&runoff);
    for (head, status) in [
        ("CONNECT localhost:80 HTTP/1.1\r\nhost: localhost:80", 405),
        ("GET / HTTP/1.1", 400),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: a", 400),
        ("GET / HTTP/1.1\r\nhost: a b", 400),
        ("GET / HTTP/1.1\r\nhost: a/b", 400),
        ("GET /a%00b HTTP/1.1\r\nhost: a", 400),
        ("GET /a?b=%00 HTTP/1.1\r\nhost: a", 200),
        ("GET / HTTP/1.1\r\nhost:", 200),
        ("GET / HTTP/1.1\r\nhost: [::1]:80", 200),
    ] {
        let mut connection = Connection::open(server.address).expect("a connection");
        connection.send(format!("{head}\r\n\r\n").as_bytes()).expect("sent");
        let answer = connection.receive().expect("an answer");
        assert_eq!(answer.status, status, "{head}: {}", answer.text());
        match status {
            405 => assert_eq!(answer.header("x-runoff-error"), Some("method"), "{head}"),
            400 => assert_eq!(answer.header("x-runoff-error"), Some("bad-request"), "{head}"),
            _ => {}
        }
    }
    let said = server.stop();
    assert!(!said.contains("function echo: "), "{said}");
}

#[test]
fn what_guests_say_of_the_host_is_left_out_and_the_log_is_the_hosts() {
    let head =
        "content-type: text/plain\nX-Runoff-Error: trap\nTE: x\nTrailer: x\nserver-timing: x\nx-own: y";
    let runoff = folder(&[("forger", &writes(head)), ("trap", guests::TRAP)], "");
    let config = "log = \"json\"\n[[function]]\nmodule = \"forger.wasm\"\nabi = \"wagi\"\n\
        [[function]]\nmodule = \"trap.wasm\"\n";
    runoff.write("runoff.toml", config);
    let server = Server::start(&runoff);
    let answer = get(server.address, "/forger");
    assert_eq!((answer.status, answer.header("x-own"), answer.text().as_str()), (200, Some("y"), "body"));
    for name in ["x-runoff-error", "te", "trailer"] {
        assert_eq!(answer.header(name), None, "{name}");
    }
    assert_eq!(answer.headers.iter().filter(|(n, _)| n == "server-timing").count(), 1);
    assert!(answer.tier().is_some(), "{answer:?}");
    assert_eq!(get(server.address, "/trap").status, 500);
    assert_eq!(get(server.address, "/nowhere").status, 404);
    server.signal(nix::sys::signal::Signal::SIGTERM);
    let (code, out, err) = server.wait_for_all();
    assert_eq!(code, 0, "{err}");
    // Nothing is on standard output but the log.
    let lines: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let found: Vec<(&str, Option<&str>)> =
        lines.iter().map(|l| (l["path"].as_str().unwrap_or(""), l["error"].as_str())).collect();
    assert_eq!(found, [("/forger", None), ("/trap", Some("trap")), ("/nowhere", Some("no-route"))]);
}

#[test]
fn bodies_that_stop_coming_are_bounded_in_memory() {
    let config = "max-bodies = \"4MiB\"\n[timeouts]\nbody = \"30s\"\n[[function]]\nmodule = \"echo.wasm\"\n";
    let runoff = folder(&[("echo", guests::ECHO)], config);
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    let before = server.resident();
    let begun =
        [&b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 1048576\r\n\r\n"[..], &vec![7; 1_048_575]]
            .concat();
    let mut stopped: Vec<Connection> =
        (0..80).map(|_| Connection::open(server.address).expect("a connection")).collect();
    for connection in &mut stopped {
        // One that is refused may be closed before all of it is sent.
        let _ = connection.send(&begun);
    }
    let held = || {
        let metrics = get(server.admin, "/metrics").text();
        let value = metrics.lines().find_map(|l| l.strip_prefix("ef_body_bytes ")).expect("a gauge");
        value.parse::<u64>().expect("a number")
    };
    assert!((1 << 20..=4 << 20).contains(&held()), "{}", held());
    let grown = server.resident().saturating_sub(before);
    assert!(grown < 48 << 20, "the host grew by {grown} bytes");
    // How many of them stay, and how many were refused because all came at once, is chance: more come until there is no room.
    let end = Instant::now() + Duration::from_secs(10);
    let answer = loop {
        let answer = post(server.address, "/echo", &vec![1; 1 << 20]);
        if answer.status != 200 {
            break answer;
        }
        assert!(Instant::now() < end, "{} bytes are held", held());
        let mut one = Connection::open(server.address).expect("a connection");
        let _ = one.send(&begun);
        stopped.push(one);
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!((answer.status, answer.header("x-runoff-error")), (503, Some("bodies")));
    assert_eq!(answer.header("retry-after"), Some("1"));
    // What needs little is served all the while, and everything once they are gone.
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    drop(stopped);
    let end = Instant::now() + Duration::from_secs(10);
    while held() > 0 {
        assert!(Instant::now() < end, "{} bytes are held", held());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(post(server.address, "/echo", &vec![1; 1 << 20]).status, 200);
    server.stop();
}

#[test]
fn a_body_that_drips_has_a_time_in_all() {
    let config = "[timeouts]\nbody = \"2s\"\nbody-total = \"1s\"\n[[function]]\nmodule = \"echo.wasm\"\n";
    let runoff = folder(&[("echo", guests::ECHO)], config);
    let server = Server::start(&runoff);
    let mut connection = Connection::open(server.address).expect("a connection");
    connection.send(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n").expect("sent");
    let started = Instant::now();
    for _ in 0..12 {
        std::thread::sleep(Duration::from_millis(100));
        let _ = connection.send(b"x");
    }
    let answer = connection.receive().expect("an answer");
    assert_eq!((answer.status, answer.header("x-runoff-error")), (408, Some("body-timeout")));
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    server.stop();
}

#[test]
fn the_admin_side_keeps_to_http_and_to_this_machine() {
    let runoff = folder(&[("echo", guests::ECHO)], "[[function]]\nmodule = \"echo.wasm\"\n");
    let server = Server::start(&runoff);
    let bearer = format!("authorization: bEaReR {}\r\n", token(&runoff));
    let admin =
        |method: &str, path: &str, body: &str| ask(server.admin, method, path, &bearer, body.as_bytes());
    assert_eq!(admin("GET", "/functions", "").header("x-runoff-error"), None);
    for path in ["/metrics", "/healthz", "/readyz", "/", "/functions", "/functions/echo", "/overview"] {
        let answer = admin("HEAD", path, "");
        assert!(answer.status == 200 && answer.header("content-length") != Some("0"), "{path}: {answer:?}");
        assert_eq!(answer.header("x-runoff-error"), None, "{path}");
    }
    for (method, path, allowed) in [
        ("POST", "/metrics", "GET, HEAD"),
        ("DELETE", "/", "GET, HEAD"),
        ("GET", "/reload", "POST"),
        ("PATCH", "/functions/echo", "GET, HEAD, PUT, DELETE"),
        ("GET", "/functions/echo/pin", "PUT, DELETE"),
    ] {
        let answer = admin(method, path, "");
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allowed)), "{method} {path}");
    }
    // A name of elsewhere that was made to mean this machine.
    for (host, status) in
        [("evil.example", 421), ("127.0.0.1:1", 200), ("[::1]:1", 200), ("localhost", 200), ("10.0.0.1", 421)]
    {
        let mut connection = Connection::open(server.admin).expect("a connection");
        connection.send(format!("GET /metrics HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes()).expect("sent");
        assert_eq!(connection.receive().expect("an answer").status, status, "{host}");
    }
    // Files that are no modules are not quoted.
    runoff.write("secret.txt", "hunter2 is the word");
    let answer = admin("PUT", "/functions/x", r#"{"module":"secret.txt"}"#);
    assert!(answer.status == 422 && answer.text().contains("not WebAssembly"), "{}", answer.text());
    assert!(!answer.text().contains("hunt"), "{}", answer.text());
    assert_eq!(admin("PUT", "/functions/echo/pin", r#"{"runtime":"wasmi/lazy"}"#).status, 200);
    let status: Value = serde_json::from_slice(&admin("GET", "/functions/echo", "").body).expect("JSON");
    assert_eq!(status["pin"], "wasmi/lazy");
    server.stop();
}

#[test]
fn operators_are_told_of_open_files_swallowed_health_and_keys_that_wait() {
    use std::os::unix::fs::PermissionsExt;
    let route = "[[function]]\nmodule = \"echo.wasm\"\nroute = \"/\"\n";
    let runoff = folder(&[("echo", guests::ECHO)], route);
    Server::start(&runoff).stop();
    for name in ["admin.token", "secret.key"] {
        let path = runoff.path(&format!("home/host/{name}"));
        if name == "secret.key" && !path.exists() {
            std::fs::write(&path, [7; 32]).expect("a key");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changed");
    }
    let server = Server::start(&runoff);
    runoff.write("runoff.toml", format!("log = \"json\"\nmax-requests = 7\n{route}"));
    let bearer = format!("authorization: Bearer {}\r\n", token(&runoff));
    let answer = ask(server.admin, "POST", "/reload", &bearer, b"");
    let answer: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(answer["needs_restart"], serde_json::json!(["max-requests", "log"]));
    let said = [server.said.clone(), server.stop()].concat();
    for words in [
        "admin.token: `chmod 600",
        "secret.key: `chmod 600",
        "answers /healthz, too",
        "wait for a restart: max-requests, log",
        "no function changed",
    ] {
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
}
