//! WASI preview 1 on every runtime: the same bytes and the same errno, as committed under
//! `guests/expected/wasi-probe`.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-cli --test wasi_golden` writes them anew, from the first
//! runtime; the others must still agree.

mod common;

use std::fs;

use common::{Runoff, repository};

/// Sections of the probe; each runs in a sandbox of its own.
const SECTIONS: [&str; 16] = [
    "args", "env", "clock", "random", "stdio", "files", "dirs", "links", "escape", "times", "poll",
    "sockets", "exit", "trap", "values", "pointers",
];

/// What a section printed on a runtime, with its exit code.
fn probe(runtime: &str, section: &str) -> String {
    let runoff = Runoff::new();
    // The sandbox lies beside a folder that must stay as it is whatever the guest tries.
    fs::create_dir(runoff.path("sandbox")).expect("a sandbox");
    let canary = runoff.write("outside/canary", "untouched");
    fs::copy(repository("guests/prebuilt/wasi-probe.wasm"), runoff.path("wasi-probe.wasm"))
        .expect("the probe");
    let args = ["--dir", "sandbox::/sandbox", "--env", "GREETING=good day", "--env", "EMPTY="];
    let module = ["wasi-probe.wasm", "--", section, "second argument"];
    let command = [&["run", "--runtime", runtime], &args[..], &module[..]].concat();
    let (code, out, err) = runoff.run_with(command, "first line\nsecond line\n");
    assert_eq!(fs::read_to_string(canary).expect("the canary"), "untouched", "{runtime}, {section}");
    let folder: Vec<_> = fs::read_dir(runoff.path("outside")).expect("the folder").collect();
    assert_eq!(folder.len(), 1, "{runtime}, {section} left something outside its sandbox");
    // The trap's line begins with the runtime's name.
    let err = err.replace(runtime, "RUNTIME");
    format!("{out}-- standard error\n{err}-- exit code {code}\n")
}

#[test]
fn every_runtime_answers_with_the_same_bytes() {
    let runtimes = Runoff::new().runtimes();
    let bless = std::env::var_os("RUNOFF_BLESS").is_some();
    let mut wrong = Vec::new();
    for section in SECTIONS {
        let golden = repository("guests/expected/wasi-probe").join(format!("{section}.txt"));
        if bless {
            fs::write(&golden, probe(&runtimes[0], section)).expect("a golden file");
        }
        let expected = fs::read_to_string(&golden).expect("a golden file");
        for runtime in &runtimes {
            let found = probe(runtime, section);
            // An engine of the past may not read what a current compiler makes of the probe.
            if found.contains(": unsupported: ") && found.ends_with("-- exit code 4\n") {
                continue;
            }
            let differs = found.lines().zip(expected.lines()).position(|(f, e)| f != e);
            if found != expected {
                let line = differs.unwrap_or_else(|| found.lines().count().min(expected.lines().count()));
                wrong.push(format!(
                    "{runtime}, {section}, line {}: {:?} instead of {:?}",
                    line + 1,
                    found.lines().nth(line),
                    expected.lines().nth(line)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is committed must be right and not just the same everywhere.
#[test]
fn the_probe_finds_nothing_wrong() {
    let mut broken = Vec::new();
    for section in SECTIONS {
        let golden = repository("guests/expected/wasi-probe").join(format!("{section}.txt"));
        let text = fs::read_to_string(golden).expect("a golden file");
        let checks = text.lines().filter(|line| line.starts_with("check: "));
        broken
            .extend(checks.filter(|line| !line.ends_with(": yes")).map(|line| format!("{section}: {line}")));
        if section == "escape" {
            assert!(text.matches("= 63 perm").count() > 50, "the probe no longer tries to get out");
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
