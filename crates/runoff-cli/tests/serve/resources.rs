//! A machine that has no more to give: of disk, of descriptors, of time for compilers.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::client::{Connection, ask, get, post};
use crate::server::{Server, token};
use crate::{Runoff, folder, guests};

/// The server's command line, run by a shell script that ends with `exec "$@"`.
fn through(runoff: &Runoff, shell: &[&str], script: &str) -> Command {
    let own = Server::command(runoff, &[]);
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).args(["sh", "-c", script, "sh"]);
    command.arg(own.get_program()).args(own.get_args());
    command.current_dir(runoff.path(".")).env("RUNOFF_HOME", runoff.path("home"));
    command
}

#[test]
fn a_full_disk_costs_artifacts_and_no_request() {
    let alone = ["unshare", "--user", "--map-root-user", "--mount"];
    let probe =
        Command::new(alone[0]).args(&alone[1..]).args(["mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        crate::skip("a full disk: a small one cannot be mounted here (unshare --user --mount)");
        return;
    }
    let config = "[[function]]\nname = \"before\"\nmodule = \"echo.wasm\"\npin = \"wasmtime/winch\"\n\
        [[function]]\nname = \"full\"\nmodule = \"wagi.wasm\"\nabi = \"wagi\"\npin = \"wasmtime/winch\"\n\
        [[function]]\nname = \"after\"\nmodule = \"call.wasm\"\npin = \"wasmtime/winch\"\n";
    let modules = [("echo", guests::ECHO), ("wagi", guests::WAGI), ("call", guests::CALL)];
    let runoff = folder(&modules, &format!("[store]\npath = \"store\"\n{config}"));
    std::fs::create_dir(runoff.path("store")).expect("a folder");
    let script = "mount -t tmpfs -o size=12m tmpfs store && exec \"$@\"";
    let server = Server::of(through(&runoff, &alone, script));
    assert_eq!(post(server.address, "/before", b"x").text(), "x");
    let failures = || {
        let text = get(server.admin, "/metrics").text();
        let line = text.lines().find(|l| l.starts_with("ef_cache_write_fail_total ")).map(str::to_owned);
        line.and_then(|l| l.rsplit(' ').next()?.parse::<u64>().ok()).expect("a count")
    };
    assert_eq!(failures(), 0);
    let inside = format!("/proc/{}/root{}", server.id(), runoff.path("store/filler").display());
    let fill = std::fs::write(&inside, vec![1; 64 << 20]).expect_err("the disk is small");
    assert_eq!(fill.kind(), std::io::ErrorKind::StorageFull, "{fill}");
    for _ in 0..20 {
        assert_eq!(post(server.address, "/before", b"y").text(), "y");
        let answer = post(server.address, "/full", b"");
        assert_eq!((answer.status, answer.tier()), (201, Some("wasmtime/winch")));
    }
    assert_eq!(failures(), 1);
    // Profiles are kept every two seconds, or not.
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(post(server.address, "/full", b"").status, 201);
    std::fs::remove_file(&inside).expect("room");
    assert_eq!(post(server.address, "/after", b"z").text(), "z");
    assert_eq!(failures(), 1);
    server.stop();
}

#[test]
fn without_descriptors_connections_wait_and_nothing_ends() {
    let runoff = folder(&[("echo", guests::ECHO)], "[[function]]\nmodule = \"echo.wasm\"\n");
    let server = Server::of(through(&runoff, &["env"], "ulimit -n 80 && exec \"$@\""));
    let mut first = Connection::open(server.address).expect("a connection");
    assert_eq!(first.post("/echo", b"x").expect("an answer").text(), "x");
    // The system takes these on the server's behalf; it cannot have them all.
    let many: Vec<Connection> = (0..150).filter_map(|_| Connection::open(server.address).ok()).collect();
    std::thread::sleep(Duration::from_millis(300));
    for _ in 0..20 {
        assert_eq!(first.post("/echo", b"y").expect("an answer").text(), "y");
    }
    drop(many);
    let end = Instant::now() + Duration::from_secs(20);
    while post(server.address, "/echo", b"z").text() != "z" {
        assert!(Instant::now() < end, "it does not recover");
    }
    let err = server.stop();
    // It is so twenty times a second; nobody reads that.
    let said = err.matches("a connection cannot be taken").count();
    assert!((1..=3).contains(&said), "{said}: {err}");
}

/// A module that takes an optimising compiler long: one function with very many blocks and values alive in all of them.
fn bomb() -> String {
    let locals = 200;
    let mut text = format!("(module (func (export \"_start\") (local {})\n", "i32 ".repeat(locals));
    for i in 0..60_000 {
        let (a, b, c) = (i % locals, (i * 7 + 3) % locals, (i * 13 + 5) % locals);
        let _ = writeln!(
            text,
            "(if (local.get {a}) (then (local.set {b} (i32.add (local.get {c}) (local.get {a})))))"
        );
    }
    text + "))"
}

#[test]
fn a_compiler_bomb_stays_within_the_build_limits_and_in_nobodys_way() {
    let config = "build-time = \"1s\"\nbuild-memory = \"200MiB\"\n\
        [[function]]\nmodule = \"bomb.wasm\"\npin = \"wasmtime/cranelift\"\ndeadline = \"30s\"\n\
        [[function]]\nmodule = \"echo.wasm\"\n";
    let text = bomb();
    let runoff = folder(&[("bomb", &text), ("echo", guests::ECHO)], config);
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    let before = server.resident();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let bombed = scope.spawn(|| post(server.address, "/bomb", b""));
        while !bombed.is_finished() {
            assert_eq!(post(server.address, "/echo", b"y").text(), "y");
        }
        let answer = bombed.join().expect("no panic");
        assert_eq!((answer.status, answer.header("x-runoff-error")), (503, Some("no-runtime")));
    });
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    // What failed is not tried again with each request.
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(post(server.address, "/bomb", b"").status, 503);
    }
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    let grown = server.resident().saturating_sub(before);
    assert!(grown < 150 << 20, "the host grew by {grown} bytes");
    server.stop();
}

/// Many functions of some size, which takes an optimising compiler long enough.
fn large() -> String {
    let mut text = "(module (func (export \"_start\"))\n".to_owned();
    for i in 0..6000 {
        let _ = write!(text, "(func (export \"f{i}\") (param i32 i32) (result i32)");
        for step in 0..12 {
            let own = i * 13 + step;
            let _ = write!(
                text,
                " (local.set 0 (i32.mul (i32.xor (local.get 0) (i32.const {own})) (local.get 1)))"
            );
        }
        text += " (local.get 0))\n";
    }
    text + ")"
}

#[test]
fn a_build_that_outlasts_the_deadline_is_503_and_goes_on() {
    let config =
        "[[function]]\nmodule = \"large.wasm\"\npin = \"wasmtime/cranelift\"\ndeadline = \"100ms\"\n";
    let text = large();
    let runoff = folder(&[("large", &text)], config);
    let server = Server::start(&runoff);
    let started = Instant::now();
    let answer = post(server.address, "/large", b"");
    // The function did nothing yet, and asking again is right.
    assert_eq!((answer.status, answer.header("x-runoff-error")), (503, Some("overloaded")));
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    let metrics = get(server.admin, "/metrics").text();
    assert!(metrics.contains("ef_unserved_total{fn=\"large\"} 1"), "{metrics}");
    let end = Instant::now() + Duration::from_mins(1);
    while post(server.address, "/large", b"").status != 200 {
        assert!(Instant::now() < end, "it is never built");
        std::thread::sleep(Duration::from_millis(50));
    }
    let bearer = format!("authorization: Bearer {}\r\n", token(&runoff));
    let status = ask(server.admin, "GET", "/functions/large", &bearer, b"").text();
    assert!(status.contains("\"loaded\""), "{status}");
    assert!(
        get(server.admin, "/metrics")
            .text()
            .contains("ef_compile_seconds_count{tier=\"wasmtime/cranelift\"} 1")
    );
    server.stop();
}
