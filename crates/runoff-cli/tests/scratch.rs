//! What a run leaves among the temporary files.

mod common;

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use common::Runoff;

/// Measures for a minute, with the test's own place for temporary files.
fn long_run(runoff: &Runoff) -> Child {
    let mut process = runoff.process([
        "bench",
        "nbody",
        "--runtimes",
        "wasmi/eager",
        "--time",
        "60s",
        "--precision",
        "0.01%",
    ]);
    process.env("TMPDIR", runoff.path("tmp")).stdout(Stdio::null()).stderr(Stdio::null());
    process.spawn().expect("runoff")
}

fn folders(runoff: &Runoff) -> Vec<PathBuf> {
    let list = std::fs::read_dir(runoff.path("tmp")).expect("the folder");
    list.map(|entry| entry.expect("an entry").path()).collect()
}

/// Waits until the run has a folder that `known` has not.
fn made(runoff: &Runoff, known: &[PathBuf]) -> PathBuf {
    let start = Instant::now();
    loop {
        let whole = |p: &PathBuf| p.display().to_string().contains("runoff-scratch-") && !known.contains(p);
        if let Some(path) = folders(runoff).into_iter().find(whole) {
            return path;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "no folder of the run");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_a_killed_run_left_is_removed_by_the_next_and_a_living_run_keeps_its_own() {
    let runoff = Runoff::new();
    std::fs::create_dir(runoff.path("tmp")).expect("a folder");
    let mut killed = long_run(&runoff);
    let left = made(&runoff, &[]);
    killed.kill().expect("a process to kill");
    killed.wait().expect("its end");
    assert!(left.exists());

    let mut living = long_run(&runoff);
    let held = made(&runoff, std::slice::from_ref(&left));
    assert!(!left.exists(), "what was left is gone when the next run has a folder");

    let mut short = runoff.process(["run", "fibonacci", "--runtime", "wasmi/eager", "--", "10"]);
    let short = short.env("TMPDIR", runoff.path("tmp")).output().expect("runoff");
    assert!(short.status.success(), "{}", String::from_utf8_lossy(&short.stderr));
    assert!(held.exists(), "a living run keeps its folder");
    living.kill().expect("a process to kill");
    living.wait().expect("its end");

    let ended = runoff.process(["run", "fibonacci", "--", "10"]).env("TMPDIR", runoff.path("tmp")).output();
    assert!(ended.expect("runoff").status.success());
    assert_eq!(folders(&runoff), Vec::<PathBuf>::new());
}
