//! More than there is room for.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::client::{Connection, get, post};
use crate::server::Server;
use crate::{folder, guests};

fn overload(time: Duration) {
    let config = "threads = 4\n[[function]]\nmodule = \"loop.wasm\"\ndeadline = \"150ms\"\nconcurrency = 4\n\
        [[function]]\nmodule = \"echo.wasm\"\n";
    let runoff = folder(&[("loop", guests::LOOP), ("echo", guests::ECHO)], config);
    let server = Server::start(&runoff);
    post(server.address, "/loop", b"");
    let (busy, late) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let end = Instant::now() + time;
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                while Instant::now() < end {
                    let answer = post(server.address, "/loop", b"");
                    match answer.status {
                        429 => {
                            assert_eq!(answer.header("retry-after"), Some("1"));
                            busy.fetch_add(1, SeqCst);
                            thread::sleep(Duration::from_millis(10));
                        }
                        503 | 504 => drop(late.fetch_add(1, SeqCst)),
                        other => panic!("{other}"),
                    }
                }
            });
        }
        // Somebody else is served all the while.
        while Instant::now() < end {
            assert_eq!(post(server.address, "/echo", b"x").text(), "x");
        }
    });
    assert!(busy.load(SeqCst) > 20 && late.load(SeqCst) > 10, "{busy:?} {late:?}");
    let answer = post(server.address, "/loop", b"");
    assert_eq!(answer.status, 504);
    server.stop();
}

#[test]
fn overload_is_429_with_retry_after_then_everything_is_as_before() {
    overload(Duration::from_secs(2));
}

/// The long form (`just chaos`).
#[test]
#[ignore = "minutes: just chaos"]
fn a_minute_of_overload_is_429_then_everything_is_as_before() {
    overload(Duration::from_mins(1));
}

fn stampede(herd: usize) {
    let config = "[[function]]\nmodule = \"echo.wasm\"\nconcurrency = 2000\ndeadline = \"30s\"\n";
    let runoff = folder(&[("echo", guests::ECHO)], config);
    let server = Server::start(&runoff);
    let mut connections: Vec<Connection> =
        (0..herd).map(|_| Connection::open(server.address).expect("a connection")).collect();
    for (i, connection) in connections.iter_mut().enumerate() {
        let body = format!("call {i}");
        let head = format!("POST /echo HTTP/1.1\r\nhost: t\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        connection.send(head.as_bytes()).expect("sent");
    }
    for (i, connection) in connections.iter_mut().enumerate() {
        let answer = connection.receive().expect("an answer");
        assert_eq!((answer.status, answer.text()), (200, format!("call {i}")));
    }
    let metrics = get(server.admin, "/metrics").text();
    let compiles = metrics.lines().filter(|l| l.starts_with("ef_compile_seconds_count"));
    let counts: Vec<&str> = compiles.filter_map(|l| l.rsplit(' ').next()).collect();
    // None at all where code translated for a trial of the first call was good enough for the rest.
    assert!(!counts.is_empty() && counts.iter().all(|n| ["0", "1"].contains(n)), "{counts:?}");
    server.stop();
}

#[test]
fn a_herd_on_a_cold_function_compiles_once_per_tier() {
    stampede(300);
}

/// The long form (`just chaos`).
#[test]
#[ignore = "needs two thousand descriptors: just chaos"]
fn a_thousand_on_a_cold_function_compile_once_per_tier() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    setrlimit(Resource::RLIMIT_NOFILE, hard.min(4096), hard).expect("descriptors");
    stampede(1000);
}

#[test]
fn no_request_gets_anothers_data() {
    let config = "[[function]]\nmodule = \"echo.wasm\"\n[[function]]\nmodule = \"call.wasm\"\n\
        [[function]]\nmodule = \"trap.wasm\"\n";
    let modules = [("echo", guests::ECHO), ("call", guests::CALL), ("trap", guests::TRAP)];
    let runoff = folder(&modules, config);
    let server = Server::start(&runoff);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for worker in 0..6 {
            let (server, stop) = (&server, &stop);
            scope.spawn(move || {
                let mut connection = Connection::open(server.address).expect("a connection");
                for round in 0.. {
                    if stop.load(SeqCst) {
                        break;
                    }
                    let body = format!("{worker}/{round}").repeat(1 + round % 50);
                    let path = if round % 2 == 0 { "/echo" } else { "/call" };
                    assert_eq!(connection.post(path, body.as_bytes()).expect("an answer").text(), body);
                    if round % 20 == 0 {
                        assert_eq!(connection.post("/trap", b"").expect("an answer").status, 500);
                    }
                }
            });
        }
        thread::sleep(Duration::from_secs(2));
        stop.store(true, SeqCst);
    });
    server.stop();
}
