//! What operators do.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::client::{Answer, ask, get, post};
use crate::server::{Server, token};
use crate::{folder, guests};

fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !there() {
        assert!(Instant::now() < end, "waited for: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.text()))
}

const ONE: &str = "log = \"off\"\n[[function]]\nmodule = \"echo.wasm\"\n";

#[test]
fn a_changed_file_or_a_signal_reloads_and_a_mistake_keeps_the_old() {
    let runoff =
        folder(&[("echo", guests::ECHO), ("trap", guests::TRAP)], "[[function]]\nmodule = \"echo.wasm\"\n");
    let server = Server::start(&runoff);
    let two = format!("{ONE}[[function]]\nmodule = \"trap.wasm\"\n");
    runoff.write("runoff.toml", &two);
    wait_for("the new function", || post(server.address, "/trap", b"").status == 500);
    // A module replaced in place.
    runoff.write("trap.wasm", guests::wasm(guests::ECHO));
    wait_for("the new module", || post(server.address, "/trap", b"y").text() == "y");
    runoff.write("runoff.toml", "nonsense");
    server.signal(Signal::SIGHUP);
    wait_for("a refusal", || get(server.admin, "/metrics").text().contains("result=\"refused\"} 1"));
    assert_eq!(post(server.address, "/trap", b"z").text(), "z");
    runoff.write("runoff.toml", ONE);
    server.signal(Signal::SIGHUP);
    wait_for("the function to go", || post(server.address, "/trap", b"").status == 404);
    let err = server.stop();
    assert!(err.contains("the old configuration stays"), "{err}");
}

#[test]
fn the_admin_api_wants_its_token_and_deploys_pins_and_drops() {
    let runoff = folder(&[("echo", guests::ECHO)], "[[function]]\nmodule = \"echo.wasm\"\n");
    let server = Server::start(&runoff);
    assert_eq!(get(server.admin, "/functions").status, 401);
    let wrong = format!("authorization: Bearer {}\r\n", "0".repeat(64));
    assert_eq!(ask(server.admin, "GET", "/functions", &wrong, b"").status, 401);
    assert_eq!(get(server.address, "/functions").status, 404);
    let bearer = format!("authorization: Bearer {}\r\n", token(&runoff));
    let admin =
        |method: &str, path: &str, body: &str| ask(server.admin, method, path, &bearer, body.as_bytes());
    post(server.address, "/echo", b"x");
    let status = json(&admin("GET", "/functions/echo", ""));
    assert_eq!((status["abi"].as_str(), status["route"].as_str()), (Some("command"), Some("/echo")));
    assert!(status["tiers"].as_array().is_some_and(|t| t.iter().any(|t| t["runs"] == 1)), "{status}");
    assert_eq!(admin("PUT", "/functions/echo/pin", r#"{"runtime":"wasmtime/winch"}"#).status, 200);
    assert_eq!(post(server.address, "/echo", b"x").tier(), Some("wasmtime/winch"));
    let answer = admin("PUT", "/functions/echo/pin", r#"{"runtime":"wasm3"}"#);
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("pin: `wasm3` cannot run it: left out: "), "{}", answer.text());
    assert_eq!(post(server.address, "/echo", b"x").tier(), Some("wasmtime/winch"));
    assert_eq!(admin("DELETE", "/functions/echo/pin", "").status, 200);
    let deploy = r#"{"module":"echo.wasm","route":"/more","deadline":"1s"}"#;
    assert_eq!(admin("PUT", "/functions/more", deploy).status, 200);
    assert_eq!(post(server.address, "/more", b"m").text(), "m");
    assert_eq!(admin("PUT", "/functions/more", r#"{"modul":"echo.wasm"}"#).status, 400);
    // What operators did holds through reloads.
    assert_eq!(admin("POST", "/reload", "").status, 200);
    assert_eq!(post(server.address, "/more", b"m").text(), "m");
    assert_eq!(admin("DELETE", "/functions/more", "").status, 200);
    assert_eq!(post(server.address, "/more", b"m").status, 404);
    assert_eq!(admin("DELETE", "/functions/more", "").status, 404);
    server.stop();
}

#[test]
fn metrics_have_the_names_operators_know() {
    let runoff = folder(
        &[("echo", guests::ECHO), ("trap", guests::TRAP)],
        "[[function]]\nmodule = \"echo.wasm\"\n[[function]]\nmodule = \"trap.wasm\"\n",
    );
    let server = Server::start(&runoff);
    for _ in 0..5 {
        post(server.address, "/echo", b"x");
        post(server.address, "/trap", b"");
    }
    // Accounts come after answers.
    wait_for("the counts", || {
        let text = get(server.admin, "/metrics").text();
        text.contains("http_requests_total{code=\"5xx\"} 5") && text.contains("ef_compile_queue 0")
    });
    let text = get(server.admin, "/metrics").text();
    for name in [
        "http_requests_total{code=\"2xx\"} ",
        "http_request_duration_seconds_bucket{le=\"+Inf\"} ",
        "http_requests_in_flight 0",
        "ef_invocations_total{fn=\"echo\",tier=",
        "outcome=\"fault\"}",
        "ef_exec_seconds_count{fn=\"trap\"",
        "ef_cold_total{fn=\"echo\"} ",
        "ef_compile_seconds_count{tier=\"wasmi/lazy\"}",
        "ef_compile_queue 0",
        "ef_tier_switch_total",
        "ef_regret_ratio",
        "ef_cache_miss_total",
        "ef_active_instances{fn=\"echo\"} 0",
        "ef_max_instances{fn=\"echo\"} 256",
    ] {
        assert!(text.contains(name), "`{name}` is not in {text}");
    }
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let (_, value) = line.rsplit_once(' ').expect("a sample");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    server.stop();
}

#[test]
fn a_check_says_what_would_stop_the_host() {
    let runoff = folder(&[("echo", guests::ECHO)], "[store]\npath = \"runoff.toml/store\"\n");
    let (code, _, err) = runoff.run(["serve", "--check"]);
    assert!(code == 2 && err.contains("runoff.toml is no folder"), "{err}");
    runoff.write("runoff.toml", ONE);
    let (code, out, err) = runoff.run(["serve", "--check"]);
    assert!(code == 0 && out.contains("others are left out") && !out.contains("absent: "), "{out}{err}");
    let (_, out, _) = runoff.run(["serve", "--check", "--verbose"]);
    assert!(out.contains("absent: ") && !out.contains("others are left out"), "{out}");
    runoff.write("runoff.toml", format!("{ONE}pin = \"nope\""));
    let (code, _, err) = runoff.run(["serve", "--check"]);
    let words = "function `echo`: pin: there is no runtime `nope`; it may run on wasmtime/cranelift, ";
    assert!(code == 2 && err.contains(words) && err.lines().count() == 1, "{err}");
}

#[test]
fn the_cache_is_listed_checked_and_cleared() {
    let config = "[[function]]\nmodule = \"echo.wasm\"\npin = \"wasmtime/winch\"\n";
    let runoff = folder(&[("echo", guests::ECHO)], config);
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    server.stop();
    let (code, out, _) = runoff.run(["cache", "verify"]);
    assert!(code == 0 && out.contains("wasmtime/winch") && out.contains("ok"), "{out}");
    let list = runoff.json(&["cache", "list"]);
    let digest = list[0]["module_sha256"].as_str().expect("a digest");
    let (_, out, _) = runoff.run(["cache", "list", "--long"]);
    assert!(out.contains(digest), "{out}");
    assert!(!runoff.run(["cache", "list"]).1.contains(digest));
    for what in ["list", "verify", "clear"] {
        let (code, _, err) = runoff.run(["cache", what, "--store", "nowhere"]);
        assert!(code == 2 && err.contains("there is no store at nowhere"), "{what}: {err}");
    }
    let (code, out, _) = runoff.run(["cache", "prune", "--unused", "30d"]);
    assert!(code == 0 && out.starts_with("removed 0 artifacts, "), "{out}");
    let path = list[0]["path"].as_str().expect("a path").to_owned();
    // Loaded, not compiled.
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo", b"x").tier(), Some("wasmtime/winch"));
    let metrics = get(server.admin, "/metrics").text();
    assert!(metrics.contains("ef_cache_hit_total 1"), "{metrics}");
    assert!(metrics.contains("ef_compile_seconds_count{tier=\"wasmtime/winch\"} 0"), "{metrics}");
    server.stop();
    let mut bytes = std::fs::read(&path).expect("an artifact");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    std::fs::write(&path, &bytes).expect("written");
    let (code, out, _) = runoff.run(["cache", "verify"]);
    assert!(code == 3 && out.contains("damaged"), "{code} {out}");
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    assert!(get(server.admin, "/metrics").text().contains("ef_cache_corrupt_total 1"));
    server.stop();
    std::fs::write(&path, &bytes).expect("damaged again");
    let (_, out, _) = runoff.run(["cache", "prune"]);
    assert!(out.starts_with("removed 1 artifact (1 of them damaged, now in quarantine), "), "{out}");
    let server = Server::start(&runoff);
    assert_eq!(post(server.address, "/echo", b"x").text(), "x");
    server.stop();
    assert_eq!(runoff.run(["cache", "verify"]).0, 0);
    let (code, out, _) = runoff.run(["cache", "clear"]);
    assert!(code == 0 && out.contains("removed 1 artifact,"), "{out}");
    assert_eq!(runoff.json(&["cache", "list"]).as_array().map(Vec::len), Some(0));
}
