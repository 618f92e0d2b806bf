//! What the host promises of speed, measured beside a bare handler in the same run.
//!
//! The machine may be busy with other things: everything that is compared is measured in turns, and the median of the
//! rounds counts.

mod builds;
mod firsts;
mod neighbours;
mod overhead;
mod throughput;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::drive::{load, quantile};
use crate::guests;
use crate::server::Server;

/// Clients at once, where there are many.
const MANY: usize = 32;

/// Rounds of everything.
const ROUNDS: usize = 5;

/// Routes of functions that do nothing, by ABI; the first has a limit.
const ROUTES: [(&str, &str); 4] =
    [("/again", "call, reused"), ("/fresh", "call, fresh"), ("/command", "command"), ("/wagi", "wagi")];

/// What is measured, in this order.
const PARTS: [&str; 5] = ["throughput", "overhead", "builds", "firsts", "neighbours"];

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

/// A folder of modules and their `runoff.toml`.
fn folder(modules: &[(&str, String)], config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in modules {
        write(folder.path(), name, text);
    }
    std::fs::write(folder.path().join("runoff.toml"), config).expect("written");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let module = wat::parse_str(text).expect("a module");
    std::fs::write(folder.join(format!("{name}.wasm")), module).expect("written");
}

/// Measures what is asked for, or everything.
pub(crate) fn run(runoff: &str, seconds: f64, only: &[&str]) -> ExitCode {
    if let Some(nonsense) = only.iter().find(|o| !PARTS.contains(*o)) {
        println!("there is no part {nonsense}; there are {}", PARTS.join(", "));
        return ExitCode::from(2);
    }
    let wanted = |part: &str| only.is_empty() || only.contains(&part);
    let runoff = std::path::absolute(runoff).expect("a path");
    let time = Duration::from_secs_f64(seconds);
    let mut verdicts = Verdicts { broken: 0 };
    if ["throughput", "overhead", "builds"].into_iter().any(wanted) {
        let modules = [("call", guests::call()), ("command", guests::command()), ("wagi", guests::wagi())];
        let folder = folder(&modules, CONFIG);
        let host = Server::runoff(&runoff, folder.path());
        // Code is built and brief functions are known after this.
        for (route, _) in ROUTES {
            load(host.address, route, 8, time.max(Duration::from_secs(2)) / 2);
        }
        if wanted("throughput") {
            throughput::throughput(&host, time, &mut verdicts);
        }
        if wanted("overhead") {
            overhead::overhead(&host, time, &mut verdicts);
        }
        if wanted("builds") {
            builds::builds(&host, folder.path(), time, &mut verdicts);
        }
    }
    if wanted("firsts") {
        firsts::firsts(&runoff, &mut verdicts);
    }
    if wanted("neighbours") {
        neighbours::neighbours(&runoff, time, &mut verdicts);
    }
    println!("{} of the limits are not kept", verdicts.broken);
    if verdicts.broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    quantile(values, 0.5)
}
