//! What kills a worker or Runoff itself loses nothing that was finished.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use common::{Runoff, records};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// Process ids whose parent is this one.
fn children(parent: u32) -> Vec<i32> {
    let list = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// A number that differs from call to call, for pauses.
fn scatter(seed: &mut u64) -> u64 {
    // xorshift: nothing here needs more.
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn start(runoff: &Runoff, args: &[&str]) -> Child {
    let mut command = runoff.process(args);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a start")
}

fn wait(child: &mut Child) -> Option<i32> {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_mins(2) {
        if let Some(status) = child.try_wait().expect("a child") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("an end");
    panic!("the run did not end");
}

fn blocks(path: &Path) -> Vec<Value> {
    records(path).into_iter().filter(|r| r["record"] == "block").collect()
}

#[test]
fn a_hundred_killed_workers_cost_their_own_blocks_only() {
    let runoff = Runoff::new();
    // A cell that crashes again and again is given up: there must be more cells than a hundred kills can end.
    let args = [
        "bench",
        "add-one",
        "fibonacci",
        "nbody",
        "--runtimes",
        "wasm3,wasmi,wasmtime,wamr/fast-interp",
        "--rounds",
        "400",
        "--time",
        "60s",
        "--precision",
        "0.01%",
        "--out",
        "r.jsonl",
    ];
    let mut child = start(&runoff, &args);
    let (mut kills, mut seed) = (0, 0x9e37_79b9_7f4a_7c15_u64);
    while kills < 100 {
        std::thread::sleep(Duration::from_millis(5 + scatter(&mut seed) % 150));
        assert!(child.try_wait().expect("a child").is_none(), "the run ended after {kills} kills");
        for pid in children(child.id()) {
            kills += u32::from(kill(Pid::from_raw(pid), Signal::SIGKILL).is_ok());
        }
    }
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).expect("a signal");
    assert_eq!(wait(&mut child), Some(130));

    let blocks = blocks(&runoff.path("r.jsonl"));
    let status = |b: &Value| b["status"].as_str().unwrap_or_default().to_owned();
    let crashed: Vec<_> = blocks.iter().filter(|b| status(b) == "crashed").collect();
    // A worker killed after its outcome, on its way out, has finished its block.
    assert!(crashed.len() > 50, "only {} blocks noticed", crashed.len());
    assert!(
        crashed.iter().all(|b| b["reason"].as_str().is_some_and(|r| r.contains("SIGKILL"))),
        "{crashed:#?}"
    );
    assert!(blocks.iter().all(|b| ["ok", "crashed"].contains(&status(b).as_str())));
    let mut keys: Vec<_> = blocks
        .iter()
        .map(|b| format!("{} {} {} {}", b["round"], b["workload"], b["runtime"], b["mode"]))
        .collect();
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count, "a block is there twice");
    // Within a round nothing is skipped but what a crash explains.
    let ok = blocks.iter().filter(|b| status(b) == "ok").count();
    assert!(ok > 20, "{ok} blocks of {count}");
}

#[test]
fn runoff_itself_killed_again_and_again_loses_no_finished_block() {
    let runoff = Runoff::new();
    let file = runoff.path("r.jsonl");
    let first = [
        "bench",
        "add-one",
        "nbody",
        "--runtimes",
        "wasm3,wasmi/eager,wasmtime/winch",
        "--rounds",
        "12",
        "--time",
        "60s",
        "--precision",
        "0.01%",
        "--out",
        "r.jsonl",
    ];
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut kept = Vec::new();
    for attempt in 0..20 {
        let mut child = start(&runoff, if attempt == 0 { &first } else { &["bench", "--resume", "r.jsonl"] });
        // The very first must get as far as a header.
        while attempt == 0 && fs::metadata(&file).map_or(0, |m| m.len()) == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(scatter(&mut seed) % 400));
        let _ = kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
        child.wait().expect("an end");
        let text = fs::read_to_string(&file).expect("the result");
        let whole: Vec<String> = text.lines().map(ToOwned::to_owned).filter(|l| l.ends_with('}')).collect();
        assert!(whole.starts_with(&kept), "attempt {attempt} lost something");
        kept = whole;
    }
    let mut child = start(&runoff, &["bench", "--resume", "r.jsonl"]);
    assert_eq!(wait(&mut child), Some(0));
    let blocks = blocks(&file);
    assert_eq!(blocks.len(), 12 * 2 * 4, "every planned block once");
    assert!(blocks.iter().all(|b| b["status"] == "ok"), "{blocks:#?}");
}

#[test]
fn nobody_is_left_when_runoff_is_killed() {
    let runoff = Runoff::new();
    runoff.write("forever.wat", r#"(module (func (export "_start") (loop (br 0))))"#);
    let mut child = start(&runoff, &["bench", "forever.wat", "--runtimes", "wasmtime/cranelift"]);
    let begin = Instant::now();
    // One process tells what the runtime is; the one that hangs stays.
    let worker = loop {
        let before = children(child.id());
        std::thread::sleep(Duration::from_millis(500));
        let after = children(child.id());
        if let Some(pid) = after.iter().find(|pid| before.contains(pid)) {
            break *pid;
        }
        assert!(begin.elapsed() < Duration::from_mins(1), "no worker");
    };
    child.kill().expect("an end");
    child.wait().expect("an end");
    let gone = || !Path::new(&format!("/proc/{worker}")).exists();
    let killed = Instant::now();
    while !gone() {
        assert!(killed.elapsed() < Duration::from_secs(20), "worker {worker} goes on alone");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_full_disk_ends_the_run_with_a_way_on() {
    let runoff = Runoff::new();
    // A file size limit is a full disk that needs no rights to make.
    let script = format!(
        "trap '' XFSZ; ulimit -f 8; exec {} bench add-one --runtimes wasm3 --rounds 40 --time 20s --precision 0.01% --out r.jsonl",
        env!("CARGO_BIN_EXE_runoff")
    );
    let output = runoff.shell(&script).output().expect("a shell");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("r.jsonl") && err.contains("--resume"), "{err}");
    let before = fs::read_to_string(runoff.path("r.jsonl")).expect("the result");
    let whole = before.lines().filter(|l| serde_json::from_str::<Value>(l).is_ok()).count();
    assert!(whole > 1, "{before}");
    let (code, _, err) = runoff.run(["bench", "--resume", "r.jsonl"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(blocks(&runoff.path("r.jsonl")).len(), 40, "one block a round");
}
