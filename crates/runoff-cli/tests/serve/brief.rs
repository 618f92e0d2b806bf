//! Functions that are brief, and those that only seemed so.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Connection, post};
use crate::server::Server;
use crate::{folder, guests};

/// Runs that are proof enough, and some more.
const MANY: usize = 300;

#[test]
fn a_function_that_stops_being_brief_is_stopped_and_in_nobodys_way() {
    let config = "runtimes = [\"wasmtime\", \"wasmi\"]\nthreads = 4\n\
        [[function]]\nname = \"moody\"\nmodule = \"moody.wasm\"\ndeadline = \"300ms\"\nstateless = true\n\
        [[function]]\nname = \"fresh\"\nmodule = \"moody.wasm\"\ndeadline = \"300ms\"\n\
        [[function]]\nmodule = \"call.wasm\"\n";
    let runoff = folder(&[("moody", guests::MOODY), ("call", guests::CALL)], config);
    let server = Server::start(&runoff);
    let mut connection = Connection::open(server.address).expect("a connection");
    for path in ["/moody", "/fresh", "/call"] {
        for _ in 0..MANY {
            assert_eq!(connection.post(path, b"ab").expect("an answer").text(), "ab", "{path}");
        }
    }
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            let mut connection = Connection::open(server.address).expect("a connection");
            let mut took = Vec::new();
            while !stop.load(SeqCst) {
                let started = Instant::now();
                assert_eq!(connection.post("/call", b"x").expect("an answer").text(), "x");
                took.push(started.elapsed());
            }
            took.sort();
            took
        });
        for round in 0..4 {
            for path in ["/moody", "/fresh"] {
                let started = Instant::now();
                let answer = connection.post(path, b"loop").expect("an answer");
                let took = started.elapsed();
                assert_eq!(
                    (answer.status, answer.header("x-runoff-error")),
                    (504, Some("deadline")),
                    "{path}"
                );
                let late = Duration::from_millis(if round == 3 { 100 } else { 1000 });
                assert!(
                    took >= Duration::from_millis(300) && took < Duration::from_millis(300) + late,
                    "{took:?}"
                );
                // And it goes on as before.
                for _ in 0..MANY {
                    assert_eq!(connection.post(path, b"cd").expect("an answer").text(), "cd", "{path}");
                }
            }
        }
        stop.store(true, SeqCst);
        let took = other.join().expect("no panic");
        // Four looping guests of 300 ms each, twice; whoever shared a thread with one for its whole time would be here.
        let slow = took.iter().filter(|t| **t > Duration::from_millis(200)).count();
        assert!(took.len() > 200 && slow == 0, "{slow} of {} were slow: {:?}", took.len(), took.last());
    });
    server.stop();
}

#[test]
fn brief_failures_are_answered_as_any_others() {
    let config = "[[function]]\nmodule = \"moody.wasm\"\nstateless = true\noutput = \"1KiB\"\n";
    let runoff = folder(&[("moody", guests::MOODY)], config);
    let server = Server::start(&runoff);
    for round in 0..MANY {
        assert_eq!(post(server.address, "/moody", b"ab").text(), "ab", "{round}");
    }
    for _ in 0..3 {
        let answer = post(server.address, "/moody", b"trap");
        assert_eq!((answer.status, answer.header("x-runoff-error")), (500, Some("trap")));
        let answer = post(server.address, "/moody", &[b'x'; 2000]);
        assert_eq!((answer.status, answer.header("x-runoff-error")), (500, Some("limit")));
        assert_eq!(post(server.address, "/moody", b"ab").text(), "ab");
    }
    server.stop();
}
