//! What the first request of a function costs that nobody called before.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use super::{ROUNDS, Verdicts, median};
use crate::drive::{Client, quantile, request};
use crate::guests;
use crate::server::Server;

/// Functions, each a module of its own.
const FUNCTIONS: u32 = 60;

/// Runtimes that start at once; the faster one is what the host is compared with.
const FASTEST: [&str; 2] = ["wasmi/lazy", "wasmi/eager"];

pub(super) fn firsts(runoff: &Path, verdicts: &mut Verdicts) {
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let fastest = FASTEST.map(|pin| p95(runoff, Some(pin))).into_iter().fold(f64::INFINITY, f64::min);
        ratios.push(p95(runoff, None) / fastest);
    }
    let ratio = median(&mut ratios);
    let what = "first requests: p95 over the fastest tier's";
    verdicts.say(what, &format!("{ratio:.2}"), Some(("<= 1.2", ratio <= 1.2)));
}

/// The 95th percentile of first requests, in microseconds.
fn p95(runoff: &Path, pin: Option<&str>) -> f64 {
    let pin = pin.map(|p| format!("pin = \"{p}\"\n")).unwrap_or_default();
    let mut config = "log = \"off\"\n".to_owned();
    let mut modules = Vec::new();
    for i in 0..FUNCTIONS {
        let name = format!("f{i}");
        let _ = write!(config, "[[function]]\nmodule = \"{name}.wasm\"\n{pin}");
        modules.push((name, guests::another(i)));
    }
    let modules: Vec<_> = modules.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    let folder = super::folder(&modules, &config);
    let server = Server::runoff(runoff, folder.path());
    let mut client = Client::open(server.address);
    let mut took: Vec<f64> = (0..FUNCTIONS)
        .map(|i| {
            let request = request(&format!("/f{i}"));
            let started = Instant::now();
            assert_eq!(client.send(&request).status, 200, "an answer");
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    took.sort_by(f64::total_cmp);
    quantile(&took, 0.95)
}
