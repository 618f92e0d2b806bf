//! What functions at their limits cost another one.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::{ROUNDS, Verdicts, median};
use crate::drive::{Client, load, quantile, request};
use crate::guests;
use crate::server::Server;

/// Clients of those at their limits.
const CLIENTS: usize = 6;

const CONFIG: &str = r#"log = "off"
[[function]]
module = "endless.wasm"
deadline = "50ms"
concurrency = 2
[[function]]
module = "growing.wasm"
memory = "4MiB"
concurrency = 2
[[function]]
module = "call.wasm"
"#;

pub(super) fn neighbours(runoff: &Path, time: Duration, verdicts: &mut Verdicts) {
    let modules = [("endless", guests::endless()), ("growing", guests::growing()), ("call", guests::call())];
    let folder = super::folder(&modules, CONFIG);
    let server = Server::runoff(runoff, folder.path());
    for path in ["/endless", "/growing"] {
        Client::open(server.address).send(&request(path));
    }
    load(server.address, "/call", 1, time);
    let p99 = || quantile(&load(server.address, "/call", 1, time).latency, 0.99);
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let alone = p99();
        let stop = AtomicBool::new(false);
        let beside = thread::scope(|scope| {
            for client in 0..CLIENTS {
                let path = if client % 2 == 0 { "/endless" } else { "/growing" };
                let (server, stop) = (&server, &stop);
                scope.spawn(move || insist(server, path, stop));
            }
            thread::sleep(Duration::from_millis(50));
            let beside = p99();
            stop.store(true, Ordering::Relaxed);
            beside
        });
        ratios.push(beside / alone);
    }
    let ratio = median(&mut ratios);
    let what = "p99 beside functions at their limits over alone";
    verdicts.say(what, &format!("{ratio:.2}"), Some(("<= 2", ratio <= 2.0)));
}

/// Asks again and again; whoever is told to come later does.
fn insist(server: &Server, path: &str, stop: &AtomicBool) {
    let request = request(path);
    while !stop.load(Ordering::Relaxed) {
        // Answers of failures may close the connection.
        let status = Client::open(server.address).send(&request).status;
        assert!([429, 500, 503, 504].contains(&status), "{path} answers {status}");
        thread::sleep(Duration::from_millis(if status == 429 { 20 } else { 0 }));
    }
}
