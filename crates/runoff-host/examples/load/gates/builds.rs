//! Latency of a function while others are compiled.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{MANY, ROUNDS, ROUTES, Verdicts, median};
use crate::drive::{Client, Shown, load, quantile, request};
use crate::guests;
use crate::server::Server;

/// Latency of a function while the host compiles others in the background.
pub(super) fn builds(host: &Server, folder: &Path, time: Duration, verdicts: &mut Verdicts) {
    let admin = host.admin.expect("an admin address");
    let token = std::fs::read_to_string(folder.join("home/host/admin.token")).expect("a token");
    let ratio = |shown: &Shown| quantile(&shown.latency, 0.99) / quantile(&shown.latency, 0.5);
    for (part, connections) in [1, MANY].into_iter().enumerate() {
        let (mut calm, mut loaded, before) = (Vec::new(), Vec::new(), compiles(admin));
        for round in 0..ROUNDS {
            calm.push(ratio(&load(host.address, ROUTES[0].0, connections, time)));
            let first = (part * ROUNDS + round) * 1000;
            let stop = AtomicBool::new(false);
            let busy = thread::scope(|scope| {
                let builder = scope.spawn({
                    let (stop, token) = (&stop, &token);
                    move || keep_building(host.address, admin, token, folder, first as u32, stop)
                });
                // It begins when something is being built.
                while queue(admin) == 0.0 && !builder.is_finished() {
                    thread::sleep(Duration::from_millis(1));
                }
                let busy = load(host.address, ROUTES[0].0, connections, time);
                stop.store(true, Ordering::Relaxed);
                busy
            });
            loaded.push(ratio(&busy));
        }
        let built = compiles(admin) - before;
        verdicts.say(
            &format!("p99/p50, {connections} connections, quiet"),
            &format!("{:.1}", median(&mut calm)),
            None,
        );
        let loaded = median(&mut loaded);
        let what = format!("p99/p50, {connections} connections, {built:.0} builds");
        verdicts.say(&what, &format!("{loaded:.1}"), Some(("<= 5", loaded <= 5.0)));
    }
}

/// Deploys functions that are worth compiling, one after the other.
fn keep_building(
    address: SocketAddr,
    admin: SocketAddr,
    token: &str,
    folder: &Path,
    first: u32,
    stop: &AtomicBool,
) {
    for number in first..first + 200 {
        let name = format!("heavy-{number}");
        super::write(folder, &name, &guests::heavy(number));
        let body = format!("{{\"module\": \"{name}.wasm\", \"deadline\": \"60s\"}}");
        let head = format!(
            "PUT /functions/{name} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
            token.trim(),
            body.len()
        );
        let status = Client::open(admin).send(head.as_bytes()).status;
        assert_eq!(status, 200, "a function is deployed");
        let mut client = Client::open(address);
        let (request, end) = (request(&format!("/{name}")), Instant::now() + Duration::from_secs(20));
        while !client.send(&request).timing.contains("cranelift") && Instant::now() < end {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            // Its calls make it worth compiling; it is the compiler that is to be in the way, not they.
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn metric(admin: SocketAddr, wanted: impl Fn(&str) -> bool) -> f64 {
    let mut client = Client::open(admin);
    let page = client.send(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let text = String::from_utf8_lossy(&page.body);
    let lines = text.lines().filter(|l| wanted(l));
    lines.filter_map(|l| l.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

fn compiles(admin: SocketAddr) -> f64 {
    metric(admin, |l| l.starts_with("ef_compile_seconds_count"))
}

fn queue(admin: SocketAddr) -> f64 {
    metric(admin, |l| l.starts_with("ef_compile_queue "))
}
