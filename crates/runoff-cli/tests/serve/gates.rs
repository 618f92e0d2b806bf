//! What one function may cost another, and what the first request may cost. The machine these run on may be busy: what
//! is compared is measured in turns, and the best of some turns counts.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Connection, post};
use crate::server::Server;
use crate::{Runoff, folder, guests};

fn quantile(times: &mut [Duration], q: f64) -> Duration {
    times.sort();
    times[((times.len() - 1) as f64 * q) as usize]
}

/// How long requests take, one after the other.
fn times(connection: &mut Connection, path: &str, number: usize) -> Vec<Duration> {
    let once = |_| {
        let started = Instant::now();
        assert_eq!(connection.post(path, b"x").expect("an answer").status, 200);
        started.elapsed()
    };
    (0..number).map(once).collect()
}

#[test]
fn a_function_at_its_limits_does_not_double_anothers_p99() {
    let config = "[[function]]\nmodule = \"loop.wasm\"\ndeadline = \"50ms\"\nconcurrency = 2\n\
        [[function]]\nmodule = \"memory.wasm\"\nmemory = \"4MiB\"\nconcurrency = 2\n\
        [[function]]\nmodule = \"call.wasm\"\n";
    let modules = [("loop", guests::LOOP), ("memory", guests::MEMORY), ("call", guests::CALL)];
    let runoff = folder(&modules, config);
    let server = Server::start(&runoff);
    let mut connection = Connection::open(server.address).expect("a connection");
    times(&mut connection, "/call", 1000);
    for path in ["/loop", "/memory"] {
        post(server.address, path, b"");
    }
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let alone = quantile(&mut times(&mut connection, "/call", 2000), 0.99);
        let stop = AtomicBool::new(false);
        let beside = thread::scope(|scope| {
            for client in 0..6 {
                let path = if client % 2 == 0 { "/loop" } else { "/memory" };
                let (server, stop) = (&server, &stop);
                scope.spawn(move || {
                    while !stop.load(SeqCst) {
                        let answer = post(server.address, path, b"");
                        assert!([429, 500, 503, 504].contains(&answer.status), "{answer:?}");
                        // Whoever is told to come later does.
                        thread::sleep(Duration::from_millis(if answer.status == 429 { 20 } else { 0 }));
                    }
                });
            }
            thread::sleep(Duration::from_millis(50));
            let beside = quantile(&mut times(&mut connection, "/call", 2000), 0.99);
            stop.store(true, SeqCst);
            beside
        });
        // Half a millisecond is the scheduler of the system, not ours.
        let floor = Duration::from_micros(500);
        ratios.push(beside.max(floor).as_secs_f64() / alone.max(floor).as_secs_f64());
        if ratios.last().is_some_and(|r| *r <= 2.0) {
            break;
        }
    }
    crate::say(&format!("p99 beside functions at their limits over p99 alone: {ratios:.2?}"));
    assert!(ratios.iter().any(|r| *r <= 2.0), "{ratios:?}");
    server.stop();
}

/// First requests of functions that nobody called before, each a module of its own; from the request to its answer.
fn firsts(number: usize, pin: Option<&str>) -> Duration {
    let pin = pin.map(|p| format!("pin = \"{p}\"\n")).unwrap_or_default();
    let runoff = Runoff::new();
    let mut config = "log = \"off\"\n".to_owned();
    for i in 0..number {
        let closing = guests::ECHO.rfind(')').expect("a module");
        let text = format!("{} (func (export \"own{i}\")))", &guests::ECHO[..closing]);
        runoff.write(&format!("f{i}.wasm"), guests::wasm(&text));
        let _ = write!(config, "[[function]]\nmodule = \"f{i}.wasm\"\n{pin}");
    }
    runoff.write("runoff.toml", config);
    let server = Server::start(&runoff);
    let mut connection = Connection::open(server.address).expect("a connection");
    let mut took: Vec<Duration> =
        (0..number).flat_map(|i| times(&mut connection, &format!("/f{i}"), 1)).collect();
    server.stop();
    quantile(&mut took, 0.95)
}

#[test]
fn a_first_request_takes_little_longer_than_on_the_tier_that_starts_fastest() {
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let fastest = ["wasmi/lazy", "wasmi/eager"].map(|pin| firsts(60, Some(pin))).into_iter().min();
        let ours = firsts(60, None);
        ratios.push(ours.as_secs_f64() / fastest.expect("two").as_secs_f64());
        if ratios.last().is_some_and(|r| *r <= 1.2) {
            break;
        }
    }
    crate::say(&format!("p95 of first requests over that of the fastest-starting tier: {ratios:.2?}"));
    assert!(ratios.iter().any(|r| *r <= 1.2), "{ratios:?}");
}
