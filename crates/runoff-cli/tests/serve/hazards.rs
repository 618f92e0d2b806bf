//! Guests that misbehave, on every runtime of this process.

use std::time::{Duration, Instant};

use crate::client::{Connection, ask, get, post};
use crate::server::Server;
use crate::{RUNTIMES, everywhere, folder, guests};

/// Deadline of these functions.
const DEADLINE: Duration = Duration::from_millis(300);

/// What an engine may take beyond it.
const TICK: Duration = Duration::from_millis(100);

/// A function with [`DEADLINE`] that does not end is answered for at it.
pub(crate) fn is_stopped_in_time(server: &Server, route: &str) {
    // Code comes first: what waits for it too long is the host's doing, not the function's.
    let end = Instant::now() + Duration::from_mins(1);
    while post(server.address, route, b"").header("x-runoff-error") == Some("overloaded") {
        assert!(Instant::now() < end, "{route} is not built");
    }
    // Another process on the machine may take the processor: the best of some.
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let started = Instant::now();
        let answer = post(server.address, route, b"");
        best = best.min(started.elapsed());
        assert_eq!((answer.status, answer.header("x-runoff-error")), (504, Some("deadline")), "{route}");
        if best < DEADLINE + TICK {
            break;
        }
    }
    assert!(best >= DEADLINE && best < DEADLINE + TICK, "{route} took {best:?}");
}

#[test]
fn whatever_does_not_end_is_stopped_in_time_on_every_runtime() {
    let kinds = [
        ("loop", guests::LOOP),
        ("table", guests::TABLE_LOOP),
        ("start", guests::START_LOOP),
        ("host", guests::HOST_LOOP),
        ("sleep", guests::SLEEP),
    ];
    let mut config = RUNTIMES.to_owned();
    let mut routes = Vec::new();
    for (name, _) in kinds {
        let (text, all) = everywhere(name, name, "deadline = \"300ms\"");
        config += &text;
        routes.extend(all);
    }
    let runoff = folder(&kinds, &config);
    let server = Server::start(&runoff);
    for route in &routes {
        is_stopped_in_time(&server, route);
    }
    server.stop();
}

#[test]
fn faults_are_500_and_say_why_in_one_word() {
    let kinds = [
        ("trap", guests::TRAP, "trap"),
        ("exit", guests::EXIT, "exit"),
        ("stack", guests::STACK, "trap"),
        ("flood", guests::FLOOD, "limit"),
        ("memory", guests::MEMORY, "exit"),
    ];
    let mut config = RUNTIMES.to_owned();
    let mut routes = Vec::new();
    for (name, _, word) in kinds {
        let (text, all) = everywhere(name, name, "memory = \"16MiB\"\noutput = \"1MiB\"");
        config += &text;
        routes.extend(all.into_iter().map(|route| (route, word)));
    }
    config += "[[function]]\nmodule = \"echo.wasm\"\n";
    let modules: Vec<(&str, &str)> =
        kinds.iter().map(|(name, text, _)| (*name, *text)).chain([("echo", guests::ECHO)]).collect();
    let runoff = folder(&modules, &config);
    let server = Server::start(&runoff);
    post(server.address, "/echo", b"x");
    let before = server.resident();
    for (route, word) in &routes {
        for _ in 0..3 {
            let answer = post(server.address, route, b"");
            assert_eq!((answer.status, answer.header("x-runoff-error")), (500, Some(*word)), "{route}");
            // What went wrong inside stays inside.
            assert_eq!(answer.text(), "the function failed\n", "{route}");
        }
        assert_eq!(post(server.address, "/echo", b"well").text(), "well", "after {route}");
    }
    let grown = server.resident().saturating_sub(before);
    assert!(grown < 300 << 20, "the host grew by {grown} bytes");
    server.stop();
}

#[test]
fn what_guests_write_does_nothing_to_a_terminal() {
    let runoff = folder(&[("escapes", guests::ESCAPES)], "[[function]]\nmodule = \"escapes.wasm\"");
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/escapes", b"").status, 500);
    let err = server.stop();
    assert!(err.contains("it wrote: \\u{1b}[2Jboo") && !err.contains('\x1b'), "{err:?}");
}

#[test]
fn bodies_that_are_too_large_are_413_whether_they_say_so_or_not() {
    let runoff = folder(&[("echo", guests::ECHO)], "[[function]]\nmodule = \"echo.wasm\"\nbody = \"1KiB\"");
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo", &[1; 1024]).status, 200);
    let answer = post(server.address, "/echo", &[1; 1025]);
    assert_eq!((answer.status, answer.header("x-runoff-error")), (413, Some("body-too-large")));
    let mut connection = Connection::open(server.address).expect("a connection");
    let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
    let head = "POST /echo HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n";
    connection.send(format!("{head}{chunk}1\r\nx\r\n0\r\n\r\n").as_bytes()).expect("sent");
    assert_eq!(connection.receive().expect("an answer").status, 413);
    server.stop();
}

#[test]
fn slow_and_vanished_clients_hold_nothing() {
    let config = "[timeouts]\nheader = \"1s\"\nbody = \"1s\"\nwrite = \"1s\"\n\
        [[function]]\nmodule = \"echo.wasm\"\nbody = \"64MiB\"\noutput = \"64MiB\"\ndeadline = \"30s\"\n\
        [[function]]\nmodule = \"loop.wasm\"\ndeadline = \"30s\"\n";
    let runoff = folder(&[("echo", guests::ECHO), ("loop", guests::LOOP)], config);
    let server = Server::start(&runoff);
    let ended = |sent: &[u8]| {
        let mut connection = Connection::open(server.address).expect("a connection");
        connection.send(sent).expect("sent");
        let started = Instant::now();
        let answer = connection.receive();
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", sent.escape_ascii().to_string());
        answer.map(|a| a.status).ok()
    };
    // Nothing at all, half of what HTTP/2 begins with, half a head, half a body.
    assert_eq!(ended(b""), None);
    assert_eq!(ended(b"PRI * HT"), None);
    assert!(matches!(ended(b"GET / HTTP/1.1\r\nhost: te"), None | Some(408)));
    assert_eq!(ended(b"POST /echo HTTP/1.1\r\nhost: t\r\ncontent-length: 9\r\n\r\nabc"), Some(408));
    // A client that never reads: its connection ends and nothing of it is left.
    let mut deaf = Connection::open(server.address).expect("a connection");
    let body = vec![b'x'; 48 << 20];
    deaf.send(format!("POST /echo HTTP/1.1\r\nhost: t\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes())
        .unwrap();
    deaf.send(&body).expect("sent");
    // One that leaves while its guest runs.
    let mut gone = Connection::open(server.address).expect("a connection");
    gone.send(b"POST /loop HTTP/1.1\r\nhost: t\r\ncontent-length: 0\r\n\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(300));
    drop(gone);
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let metrics = get(server.admin, "/metrics").text();
        let cancelled = metrics.contains("outcome=\"cancelled\"} 1");
        if cancelled && metrics.contains("http_requests_in_flight 0") {
            break;
        }
        assert!(Instant::now() < end, "{metrics}");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    drop(deaf);
    server.stop();
}

#[test]
fn nonsense_is_no_way_to_bring_it_down() {
    let runoff = folder(&[("echo", guests::ECHO)], "[[function]]\nmodule = \"echo.wasm\"");
    let server = Server::start(&runoff);
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(100_000));
    for bytes in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
        long.as_bytes(),
        &vec![0xff; 70_000],
    ] {
        let mut connection = Connection::open(server.address).expect("a connection");
        // It may close before all of it is sent.
        let _ = connection.send(bytes);
        if let Ok(answer) = connection.receive() {
            assert!((400..500).contains(&answer.status), "{answer:?}");
        }
    }
    for path in ["//", "/echo/../../etc/passwd", "/%01", "/echo%2f"] {
        assert!([200, 404].contains(&ask(server.address, "GET", path, "", b"").status), "{path}");
    }
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    server.stop();
}
