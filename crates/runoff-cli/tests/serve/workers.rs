//! Runtimes in worker processes: the hazards of any runtime, and those of processes.

use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::client::{get, post};
use crate::hazards::is_stopped_in_time;
use crate::server::Server;
use crate::{Runoff, folder, guests};

/// Runtimes that are in worker processes because they are told to be.
const CONTAINED: [&str; 2] = ["wasmtime/pulley", "wasmer/cranelift"];

/// Runtimes in worker processes that every build has, and Node.js where it is.
fn runtimes() -> Vec<&'static str> {
    let node = std::process::Command::new("node").arg("--version").output();
    let mut all = vec!["wasm3", "wamr/fast-interp"];
    all.extend(CONTAINED);
    match node {
        Ok(output) if output.status.success() => all.push("node/v8"),
        _ => crate::skip("workers of Node.js: `node` is not there"),
    }
    all
}

/// A function of a module on each of them, as `/NAME/RUNTIME`.
fn everywhere(name: &str, more: &str) -> (String, Vec<String>) {
    let functions = runtimes().into_iter().map(|runtime| {
        let id = runtime.replace('/', "-");
        let function = format!(
            "[[function]]\nname = \"{name}-{id}\"\nmodule = \"{name}.wasm\"\nroute = \"/{name}/{runtime}\"\npin = \"{runtime}\"\n{more}\n"
        );
        (function, format!("/{name}/{runtime}"))
    });
    let (config, routes): (Vec<_>, Vec<_>) = functions.unzip();
    (config.concat(), routes)
}

/// A host of them; `workers` are lines of its table.
fn hosted(modules: &[(&str, &str)], workers: &str, functions: &str) -> (Runoff, Server) {
    let (list, workers) = (runtimes(), format!("[workers]\nruntimes = {CONTAINED:?}\n{workers}"));
    let config = format!("runtimes = [\"wasmi/lazy\", {}\n{workers}\n{functions}", &format!("{list:?}")[1..]);
    let runoff = folder(modules, &config);
    let server = Server::start(&runoff);
    (runoff, server)
}

/// Worker processes of this server.
fn children(server: &Server) -> Vec<Pid> {
    let path = format!("/proc/{0}/task", server.id());
    let tasks = std::fs::read_dir(path).expect("tasks").filter_map(Result::ok);
    let lists = tasks.filter_map(|t| std::fs::read_to_string(t.path().join("children")).ok());
    lists
        .flat_map(|l| l.split_whitespace().filter_map(|p| p.parse().ok()).collect::<Vec<_>>())
        .map(Pid::from_raw)
        .collect()
}

#[test]
fn every_abi_answers_right_in_workers() {
    let (echo, echoes) = everywhere("echo", "");
    let (wagi, wagis) = everywhere("wagi", "abi = \"wagi\"\nenv = { OWN = \"mine\" }");
    let (call, calls) = everywhere("call", "stateless = true");
    let modules = [("echo", guests::ECHO), ("wagi", guests::WAGI), ("call", guests::CALL)];
    let (_runoff, server) = hosted(&modules, "processes = 2\nrequests = 7", &format!("{echo}{wagi}{call}"));
    for route in &echoes {
        for body in [&b""[..], b"hello", &vec![7; 200_000]] {
            let answer = post(server.address, route, body);
            assert_eq!(answer.status, 200, "{route}: {}", answer.text());
            assert!(answer.body == body, "{route}");
            assert_eq!(answer.tier(), route.strip_prefix("/echo/"), "{route}");
        }
    }
    for route in &wagis {
        let answer = post(server.address, route, b"xy");
        assert_eq!((answer.status, answer.header("x-own")), (201, Some("yes")), "{route}");
        assert!(answer.text().contains("OWN=mine\0"), "{route}");
        assert!(!answer.text().contains("RUNOFF_HOME"), "{route}");
    }
    for route in &calls {
        // A fresh instance each time, whatever its function says: its count of calls is nought. More of them than a
        // worker answers before it is replaced.
        for round in 0..20 {
            assert_eq!(post(server.address, route, b"abc").text(), "abc", "{route} {round}");
        }
    }
    let metrics = get(server.admin, "/metrics").text();
    assert!(metrics.contains("ef_workers_lost_total{tier=\"wasm3\"} 0"), "{metrics}");
    server.stop();
}

#[test]
fn whatever_does_not_end_is_killed_in_time_and_replaced() {
    let kinds = [
        ("loop", guests::LOOP),
        ("table", guests::TABLE_LOOP),
        ("start", guests::START_LOOP),
        ("host", guests::HOST_LOOP),
        ("sleep", guests::SLEEP),
    ];
    let (echo, echoes) = everywhere("echo", "");
    let mut config = echo;
    let mut routes = Vec::new();
    for (name, _) in kinds {
        let (text, all) = everywhere(name, "deadline = \"300ms\"");
        config += &text;
        routes.extend(all);
    }
    let modules: Vec<_> = kinds.into_iter().chain([("echo", guests::ECHO)]).collect();
    let (_runoff, server) = hosted(&modules, "", &config);
    for route in &routes {
        is_stopped_in_time(&server, route);
    }
    for route in &echoes {
        assert_eq!(post(server.address, route, b"well").text(), "well", "{route}");
    }
    server.stop();
}

#[test]
fn faults_in_workers_are_500_and_say_why() {
    let kinds = [
        ("trap", guests::TRAP, "trap"),
        ("exit", guests::EXIT, "exit"),
        ("flood", guests::FLOOD, "limit"),
        ("memory", guests::MEMORY, "exit"),
    ];
    let mut config = String::new();
    let mut routes = Vec::new();
    for (name, _, word) in kinds {
        let (text, all) = everywhere(name, "memory = \"16MiB\"\noutput = \"1MiB\"\ndeadline = \"20s\"");
        config += &text;
        routes.extend(all.into_iter().map(|route| (route, word)));
    }
    let modules: Vec<_> = kinds.iter().map(|(name, text, _)| (*name, *text)).collect();
    let (_runoff, server) = hosted(&modules, "", &config);
    for (route, word) in &routes {
        for _ in 0..2 {
            let answer = post(server.address, route, b"");
            assert_eq!((answer.status, answer.header("x-runoff-error")), (500, Some(*word)), "{route}");
        }
    }
    server.stop();
}

#[test]
fn workers_end_with_their_host_and_are_replaced_when_they_die() {
    let (config, routes) = everywhere("echo", "");
    let (looping, loops) = everywhere("loop", "deadline = \"1min\"");
    let (_runoff, server) = hosted(
        &[("echo", guests::ECHO), ("loop", guests::LOOP)],
        "processes = 3",
        &format!("{config}{looping}"),
    );
    for route in &routes {
        assert_eq!(post(server.address, route, b"x").text(), "x", "{route}");
    }
    for child in children(&server) {
        kill(child, Signal::SIGKILL).expect("a signal");
    }
    for route in &routes {
        // Whoever finds its worker dead is told so; the next one has a new one.
        let first = post(server.address, route, b"y");
        assert!(
            first.text() == "y" || first.header("x-runoff-error") == Some("engine"),
            "{route}: {first:?}"
        );
        assert_eq!(post(server.address, route, b"z").text(), "z", "{route}");
    }
    // Guests that would run for a minute do not outlive a host that was killed.
    let pending: Vec<_> = loops
        .iter()
        .map(|route| {
            let mut connection = crate::client::Connection::open(server.address).expect("a connection");
            let head = format!("POST {route} HTTP/1.1\r\nhost: t\r\ncontent-length: 0\r\n\r\n");
            connection.send(head.as_bytes()).expect("sent");
            connection
        })
        .collect();
    std::thread::sleep(Duration::from_secs(1));
    let workers = children(&server);
    assert!(!workers.is_empty());
    server.signal(Signal::SIGKILL);
    server.wait();
    drop(pending);
    let end = Instant::now() + Duration::from_secs(10);
    // Of another user or another group by then, a number is somebody else's; none of these is.
    while workers.iter().any(|pid| std::path::Path::new(&format!("/proc/{pid}/exe")).read_link().is_ok()) {
        assert!(Instant::now() < end, "a worker outlived its host");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_client_that_leaves_and_a_guest_that_takes_too_much_cost_a_worker_and_no_more() {
    let config = "[[function]]\nmodule = \"loop.wasm\"\npin = \"wasm3\"\ndeadline = \"1min\"\n\
        [[function]]\nmodule = \"memory.wasm\"\npin = \"wasm3\"\nmemory = \"4GiB\"\ndeadline = \"30s\"\n\
        [[function]]\nmodule = \"echo.wasm\"\npin = \"wasm3\"\n";
    let modules = [("loop", guests::LOOP), ("memory", guests::MEMORY), ("echo", guests::ECHO)];
    let (_runoff, server) = hosted(&modules, "memory = \"64MiB\"", config);
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    let mut gone = crate::client::Connection::open(server.address).expect("a connection");
    gone.send(b"POST /loop HTTP/1.1\r\nhost: t\r\ncontent-length: 0\r\n\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(500));
    drop(gone);
    let end = Instant::now() + Duration::from_secs(10);
    while !get(server.admin, "/metrics").text().contains("outcome=\"cancelled\"} 1") {
        assert!(Instant::now() < end, "its guest still runs");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(get(server.admin, "/metrics").text().contains("ef_workers_lost_total{tier=\"wasm3\"} 1"));
    let before = server.resident();
    // Either the engine says that there is no more, or it is ended.
    let answer = post(server.address, "/memory", b"");
    assert_eq!(answer.status, 500, "{answer:?}");
    let word = answer.header("x-runoff-error").expect("a word");
    assert!(["exit", "engine", "trap", "limit"].contains(&word), "{word}");
    assert!(server.resident().saturating_sub(before) < 50 << 20);
    assert_eq!(post(server.address, "/echo", b"y").text(), "y");
    server.stop();
}
