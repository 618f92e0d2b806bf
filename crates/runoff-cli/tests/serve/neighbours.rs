//! Functions beside others: what is at its limits fails alone, and what is new waits for no compiler. How long that takes
//! is measured by `just host-speed`.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use crate::client::{Connection, post};
use crate::server::Server;
use crate::{Runoff, folder, guests};

#[test]
fn functions_at_their_limits_fail_alone() {
    let config = "[[function]]\nmodule = \"loop.wasm\"\ndeadline = \"50ms\"\nconcurrency = 2\n\
        [[function]]\nmodule = \"memory.wasm\"\nmemory = \"4MiB\"\nconcurrency = 2\n\
        [[function]]\nmodule = \"call.wasm\"\n";
    let modules = [("loop", guests::LOOP), ("memory", guests::MEMORY), ("call", guests::CALL)];
    let runoff = folder(&modules, config);
    let server = Server::start(&runoff);
    let mut connection = Connection::open(server.address).expect("a connection");
    let (stop, failed) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for client in 0..6 {
            let path = if client % 2 == 0 { "/loop" } else { "/memory" };
            let (server, stop, failed) = (&server, &stop, &failed);
            scope.spawn(move || {
                while !stop.load(SeqCst) {
                    let answer = post(server.address, path, b"");
                    assert!([429, 500, 503, 504].contains(&answer.status), "{answer:?}");
                    failed.fetch_add(1, SeqCst);
                    // Whoever is told to come later does.
                    thread::sleep(Duration::from_millis(if answer.status == 429 { 20 } else { 0 }));
                }
            });
        }
        for number in 0..2000 {
            let body = number.to_string();
            let answer = connection.post("/call", body.as_bytes()).expect("an answer");
            assert_eq!((answer.status, answer.text()), (200, body));
        }
        // All of these were beside at least some of those.
        while failed.load(SeqCst) < 20 {
            thread::sleep(Duration::from_millis(5));
        }
        stop.store(true, SeqCst);
    });
    server.stop();
}

#[test]
fn first_requests_are_answered_before_any_compiler_is_done() {
    const FUNCTIONS: usize = 40;
    let runoff = Runoff::new();
    let mut config = "log = \"off\"\n".to_owned();
    for i in 0..FUNCTIONS {
        let closing = guests::ECHO.rfind(')').expect("a module");
        let text = format!("{} (func (export \"own{i}\")))", &guests::ECHO[..closing]);
        runoff.write(&format!("f{i}.wasm"), guests::wasm(&text));
        let _ = writeln!(config, "[[function]]\nmodule = \"f{i}.wasm\"");
    }
    runoff.write("runoff.toml", config);
    let server = Server::start(&runoff);
    let interpreted = (0..FUNCTIONS).filter(|i| {
        let answer = post(server.address, &format!("/f{i}"), b"well");
        assert_eq!((answer.status, answer.text().as_str()), (200, "well"));
        answer.tier().is_some_and(|tier| tier.starts_with("wasmi/"))
    });
    // A trial is given up after some milliseconds, and on a busy machine those are soon over.
    let interpreted = interpreted.count();
    assert!(interpreted >= FUNCTIONS / 2, "{interpreted} of {FUNCTIONS} on an interpreter");
    server.stop();
}
