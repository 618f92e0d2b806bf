//! Being stopped, killed and reloaded under load.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::client::{Connection, post};
use crate::server::{Server, token};
use crate::{common, folder, guests};

#[test]
fn a_stop_under_load_loses_no_answer() {
    let config = "[[function]]\nmodule = \"echo.wasm\"\n[[function]]\nmodule = \"sleepy.wasm\"\ndeadline = \"700ms\"\n";
    let runoff = folder(&[("echo", guests::ECHO), ("sleepy", guests::SLEEP)], config);
    let server = Server::start(&runoff);
    let address = server.address;
    post(address, "/echo", b"x");
    let (stopping, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (stopping, answered) = (&stopping, &answered);
    thread::scope(|scope| {
        for worker in 0..8 {
            scope.spawn(move || {
                let mut open: Option<Connection> = None;
                for round in 0.. {
                    let Ok(mut connection) = open.take().map_or_else(|| Connection::open(address), Ok) else {
                        assert!(stopping.load(SeqCst), "refused before the stop");
                        return;
                    };
                    let path = if worker == 0 && round == 3 { "/sleepy" } else { "/echo" };
                    // Once a connection took a request, an answer must come.
                    let answer = connection.post(path, b"x").expect("an answer");
                    assert!(answer.status == 200 || path == "/sleepy" && answer.status == 504, "{answer:?}");
                    answered.fetch_add(1, SeqCst);
                    if answer.header("connection") != Some("close") {
                        open = Some(connection);
                    } else if stopping.load(SeqCst) {
                        return;
                    }
                }
            });
        }
        thread::sleep(Duration::from_millis(500));
        stopping.store(true, SeqCst);
        let started = Instant::now();
        server.signal(Signal::SIGTERM);
        let (code, err) = server.wait();
        assert!(code == 0 && err.contains("stopped"), "{code} {err}");
        assert!(started.elapsed() < Duration::from_secs(10));
    });
    assert!(answered.load(SeqCst) > 50);
}

#[test]
fn a_second_signal_does_not_wait() {
    let config = "[[function]]\nmodule = \"loop.wasm\"\ndeadline = \"1min\"\n";
    let runoff = folder(&[("loop", guests::LOOP)], config);
    let server = Server::start(&runoff);
    let mut connection = Connection::open(server.address).expect("a connection");
    connection.send(b"POST /loop HTTP/1.1\r\nhost: t\r\ncontent-length: 0\r\n\r\n").expect("sent");
    thread::sleep(Duration::from_millis(300));
    let started = Instant::now();
    server.signal(Signal::SIGTERM);
    thread::sleep(Duration::from_millis(600));
    server.signal(Signal::SIGINT);
    server.wait();
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
}

/// Kills the host while it compiles and writes, again and again; every start must serve right answers.
fn killed(times: usize) {
    let config = "build-slots = 2\n[[function]]\nmodule = \"fibo.wasm\"\npin = \"wasmtime/cranelift\"\nargs = [\"20\"]\ndeadline = \"30s\"\n\
        [[function]]\nmodule = \"echo.wasm\"\npin = \"wasmtime/winch\"\ndeadline = \"30s\"\n";
    let runoff = folder(&[("echo", guests::ECHO)], config);
    std::fs::copy(common::repository("guests/prebuilt/fibo.wasm"), runoff.path("fibo.wasm")).expect("a copy");
    for round in 0..times {
        let server = Server::start(&runoff);
        if round % 3 == 0 {
            assert_eq!(post(server.address, "/echo", b"x").text(), "x", "round {round}");
            assert_eq!(runoff.run(["cache", "clear"]).0, 0);
        }
        for path in ["/fibo", "/echo"] {
            let mut connection = Connection::open(server.address).expect("a connection");
            let head = format!("POST {path} HTTP/1.1\r\nhost: t\r\ncontent-length: 1\r\n\r\nx");
            connection.send(head.as_bytes()).expect("sent");
        }
        // Somewhere between the compiler and the last byte on disk.
        thread::sleep(Duration::from_micros(1700 * (round as u64 % 40)));
        server.signal(Signal::SIGKILL);
        server.wait();
        // Half a file may be left among the parts, never among the artifacts.
        let (code, out, err) = runoff.run(["cache", "verify"]);
        assert_eq!(code, 0, "round {round}: {out}{err}");
    }
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    assert_eq!(post(server.address, "/fibo", b"").text(), "10946\n");
    server.stop();
}

#[test]
fn killed_while_it_writes_the_next_start_serves() {
    killed(8);
}

/// The long form (`just chaos`).
#[test]
#[ignore = "minutes: just chaos"]
fn killed_two_hundred_times_the_next_start_serves() {
    killed(200);
}

fn storm(reloads: usize) {
    let runoff =
        folder(&[("echo", guests::ECHO), ("other", guests::CALL)], "[[function]]\nmodule = \"echo.wasm\"\n");
    let server = Server::start(&runoff);
    let stop = AtomicBool::new(false);
    let bearer = format!("authorization: Bearer {}\r\n", token(&runoff));
    thread::scope(|scope| {
        let (server, stop) = (&server, &stop);
        let callers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(move || {
                    let mut connection = Connection::open(server.address).expect("a connection");
                    let mut done = 0;
                    while !stop.load(SeqCst) {
                        let answer = connection.post("/echo", b"x").expect("an answer");
                        assert_eq!((answer.status, answer.text().as_str()), (200, "x"));
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        for round in 0..reloads {
            // The module changes, and with it all its code.
            let padding = "(func)".repeat(round % 3);
            let text = guests::ECHO.trim_end().trim_end_matches(')').to_owned();
            let closing = guests::ECHO.len() - text.len();
            let echo = format!("{text}{}{padding})", ")".repeat(closing - 1));
            let beside = runoff.write("echo.part", guests::wasm(&echo));
            std::fs::rename(beside, runoff.path("echo.wasm")).expect("in place");
            let answer = crate::client::ask(server.admin, "POST", "/reload", &bearer, b"");
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        stop.store(true, SeqCst);
        for caller in callers {
            assert!(caller.join().expect("no panic") > 0);
        }
    });
    server.stop();
}

#[test]
fn a_storm_of_reloads_fails_no_request() {
    storm(40);
}

/// The long form (`just chaos`).
#[test]
#[ignore = "minutes: just chaos"]
fn a_long_storm_of_reloads_fails_no_request() {
    storm(1000);
}

#[test]
fn a_log_nobody_reads_stops_no_request() {
    let runoff = folder(&[("trap", guests::TRAP)], "[[function]]\nmodule = \"trap.wasm\"\n");
    // Its standard error is a pipe that is read when it has stopped; each of these is a line of it.
    let server = Server::start(&runoff);
    let mut connection = Connection::open(server.address).expect("a connection");
    for _ in 0..4000 {
        assert_eq!(connection.post("/trap", b"").expect("an answer").status, 500);
    }
    drop(connection);
    server.stop();
}
