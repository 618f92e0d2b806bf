//! What the host promises of speed, measured beside a bare handler in the same run.
//!
//! The machine may be busy with other things: everything that is compared is measured in turns, and the median of the
//! rounds counts.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::drive::{Client, Shown, load, quantile, request};
use crate::guests;
use crate::server::Server;

/// Clients at once, where there are many.
const MANY: usize = 32;

/// Rounds of everything.
const ROUNDS: usize = 5;

/// Routes of functions that do nothing, by ABI; the first has a limit.
const ROUTES: [(&str, &str); 4] =
    [("/again", "call, reused"), ("/fresh", "call, fresh"), ("/command", "command"), ("/wagi", "wagi")];

const CONFIG: &str = r#"log = "off"
[[function]]
name = "again"
module = "call.wasm"
stateless = true
[[function]]
name = "fresh"
module = "call.wasm"
[[function]]
name = "command"
module = "command.wasm"
[[function]]
name = "wagi"
module = "wagi.wasm"
abi = "wagi"
"#;

struct Verdicts {
    broken: usize,
}

impl Verdicts {
    /// Prints a figure, and whether it keeps its limit, where it has one.
    fn say(&mut self, what: &str, figure: &str, limit: Option<(&str, bool)>) {
        let verdict = match limit {
            None => String::new(),
            Some((limit, true)) => format!("  limit {limit}: kept"),
            Some((limit, false)) => {
                self.broken += 1;
                format!("  limit {limit}: NOT KEPT")
            }
        };
        println!("{what:<44} {figure:>24}{verdict}");
    }
}

pub(crate) fn run(runoff: &str, seconds: f64) -> ExitCode {
    let runoff = std::path::absolute(runoff).expect("a path");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), wat::parse_str(text).expect("a module")).expect("written");
    };
    write("call.wasm", &guests::call());
    write("command.wasm", &guests::command());
    write("wagi.wasm", &guests::wagi());
    std::fs::write(folder.path().join("runoff.toml"), CONFIG).expect("written");
    let time = Duration::from_secs_f64(seconds);
    let bare = Server::bare(600);
    let host = Server::runoff(&runoff, folder.path());
    let mut verdicts = Verdicts { broken: 0 };
    // Code is built and brief functions are known after this.
    for (route, _) in ROUTES {
        load(host.address, route, 8, time.max(Duration::from_secs(2)) / 2);
    }
    throughput(&bare, &host, time, &mut verdicts);
    overhead(&bare, &host, time, &mut verdicts);
    builds(&host, folder.path(), time, &mut verdicts);
    println!("{} of the limits are not kept", verdicts.broken);
    if verdicts.broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    quantile(values, 0.5)
}

fn throughput(bare: &Server, host: &Server, time: Duration, verdicts: &mut Verdicts) {
    let mut shares = [const { Vec::new() }; ROUTES.len()];
    let mut bares = Vec::new();
    for _ in 0..ROUNDS {
        for ((route, _), shares) in ROUTES.iter().zip(&mut shares) {
            // Next to each other in time: the machine may be another a moment later.
            let alone = load(bare.address, "/", MANY, time).per_second;
            bares.push(alone);
            shares.push(load(host.address, route, MANY, time).per_second / alone);
        }
    }
    let figure = format!("{:.0} requests/s", median(&mut bares));
    verdicts.say(&format!("bare hyper, {MANY} connections"), &figure, None);
    for (i, ((_, abi), shares)) in ROUTES.iter().zip(&mut shares).enumerate() {
        let share = median(shares);
        let limit = (i == 0).then_some((">= 60 %", share >= 0.6));
        verdicts.say(
            &format!("{abi}, {MANY} connections"),
            &format!("{:.0} % of bare", share * 100.0),
            limit,
        );
    }
}

fn overhead(bare: &Server, host: &Server, time: Duration, verdicts: &mut Verdicts) {
    let alone = quantile(&load(bare.address, "/", 1, time).latency, 0.5);
    verdicts.say("bare hyper, one connection, p50", &format!("{alone:.1} us"), None);
    for (route, abi) in ROUTES {
        let mut p50s: Vec<f64> =
            (0..ROUNDS).map(|_| quantile(&load(host.address, route, 1, time).outside, 0.5)).collect();
        let p50 = median(&mut p50s);
        let what = format!("{abi}: outside the function, p50");
        verdicts.say(&what, &format!("{p50:.1} us"), Some(("<= 60 us", p50 <= 60.0)));
    }
}

/// Latency of a function while the host compiles others in the background.
fn builds(host: &Server, folder: &Path, time: Duration, verdicts: &mut Verdicts) {
    let admin = host.admin.expect("an admin address");
    let token = std::fs::read_to_string(folder.join("home/host/admin.token")).expect("a token");
    for connections in [1, MANY] {
        let quiet = load(host.address, ROUTES[0].0, connections, time);
        let stop = AtomicBool::new(false);
        let before = compiles(admin);
        let (busy, built) = thread::scope(|scope| {
            let first = 1000 * connections as u32;
            let builder = scope.spawn({
                let (stop, token) = (&stop, &token);
                move || keep_building(host.address, admin, token, folder, first, stop)
            });
            // It begins when something is being built.
            while queue(admin) == 0.0 && !builder.is_finished() {
                thread::sleep(Duration::from_millis(1));
            }
            let busy = load(host.address, ROUTES[0].0, connections, time * 2);
            stop.store(true, Ordering::Relaxed);
            (busy, compiles(admin) - before)
        });
        let ratio = |shown: &Shown| quantile(&shown.latency, 0.99) / quantile(&shown.latency, 0.5);
        let (calm, loaded) = (ratio(&quiet), ratio(&busy));
        let what = format!("p99/p50, {connections} connections, quiet");
        verdicts.say(&what, &format!("{calm:.1}"), None);
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
        let module = wat::parse_str(guests::heavy(number)).expect("a module");
        std::fs::write(folder.join(format!("{name}.wasm")), module).expect("written");
        let body = format!("{{\"module\": \"{name}.wasm\", \"deadline\": \"60s\"}}");
        let head = format!(
            "PUT /functions/{name} HTTP/1.1\r\nhost: load\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
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
        }
    }
}

fn metric(admin: SocketAddr, wanted: impl Fn(&str) -> bool) -> f64 {
    let mut client = Client::open(admin);
    let page = client.send(b"GET /metrics HTTP/1.1\r\nhost: load\r\n\r\n");
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
