//! What no guest gets around.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use runoff_host::Busy;
use runoff_host::execute::{Fault, Invocation};

use super::scripted::{Act, Script};
use super::{Lab, ONE, call, text};

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_told_apart_and_the_next_call_is_well() {
    let lab = Lab::new();
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(&format!("{ONE}deadline = \"2s\""), &[&runtime], false);
    for (act, word, status) in
        [(Act::Trap, "trap", 500), (Act::Panic, "engine", 500), (Act::Forever, "deadline", 504)]
    {
        runtime.next.lock().unwrap().push(act);
        let started = Instant::now();
        let fault = call(&host, "a", "x").await.ending.expect_err("a fault");
        assert_eq!((fault.word(), fault.status()), (word, status));
        assert!(started.elapsed() < Duration::from_secs(4));
        assert_eq!(text(&host, call(&host, "a", "y").await).0, "y");
    }
    assert_eq!(runtime.interrupted.load(SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_at_its_limit_says_so_and_recovers() {
    let lab = Lab::new();
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(&format!("{ONE}concurrency = 2"), &[&runtime], false);
    call(&host, "a", "").await.ending.expect("an answer");
    runtime.next.lock().unwrap().extend([Act::Forever, Act::Forever]);
    let long = |host: &Arc<runoff_host::Host>| {
        let host = Arc::clone(host);
        tokio::spawn(async move { call(&host, "a", "x").await })
    };
    let held = [long(&host), long(&host)];
    let function = host.routes().named("a").unwrap().clone();
    // Both guests run, not only wait to.
    while runtime.calls.load(SeqCst) < 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let busy = host.invoke(&function, Invocation::default()).await.expect_err("busy");
    assert_eq!(busy, Busy::Function);
    // A client that leaves ends its guest, long before the deadline.
    let started = Instant::now();
    held.iter().for_each(tokio::task::JoinHandle::abort);
    while function.active() > 0 || runtime.interrupted.load(SeqCst) < 2 {
        assert!(started.elapsed() < Duration::from_secs(3), "the guests go on");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(text(&host, call(&host, "a", "y").await).0, "y");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_has_a_limit_of_its_own() {
    let lab = Lab::new();
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(&format!("max-requests = 1\n{ONE}deadline = \"300ms\""), &[&runtime], false);
    runtime.next.lock().unwrap().push(Act::Forever);
    let other = Arc::clone(&host);
    let long = tokio::spawn(async move { call(&other, "a", "x").await });
    while host.active() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let function = host.routes().named("a").unwrap().clone();
    assert_eq!(host.invoke(&function, Invocation::default()).await.expect_err("busy"), Busy::Host);
    assert_eq!(long.await.unwrap().ending.expect_err("a fault"), Fault::Deadline);
    assert_eq!(text(&host, call(&host, "a", "y").await).0, "y");
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_capped() {
    let lab = Lab::new();
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(&format!("{ONE}output = 4"), &[&runtime], false);
    assert_eq!(text(&host, call(&host, "a", "1234").await).0, "1234");
    let fault = call(&host, "a", "12345").await.ending.expect_err("a fault");
    assert_eq!((fault.word(), fault.status()), ("limit", 500), "{fault}");
}

#[test]
fn modules_that_cannot_be_served_are_named_all_at_once() {
    let lab = Lab::new();
    lab.module("big.wasm", "(memory 2000)");
    std::fs::write(lab.path().join("torn.wasm"), b"\0asm\x01\0\0\0\x01\xff").unwrap();
    let import = "(module (import \"env\" \"f\" (func)) (func (export \"_start\")))";
    std::fs::write(lab.path().join("foreign.wasm"), wat::parse_str(import).unwrap()).unwrap();
    std::fs::write(lab.path().join("none.wasm"), wat::parse_str("(module (func (export \"f\")))").unwrap())
        .unwrap();
    let runtime = Script::new("r", 1, 10);
    let text: String = ["big", "torn", "foreign", "none", "gone"]
        .map(|name| format!("[[function]]\nmodule = \"{name}.wasm\"\n"))
        .concat();
    let said = lab.try_start(&text, &[&runtime], false).expect_err("mistakes").to_string();
    for words in [
        "function `big`",
        "multi-memory",
        "function `torn`",
        "malformed module",
        "imports `env` `f`",
        "neither `_start` (a program) nor `runoff_call`",
        "gone.wasm cannot be read",
    ] {
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
}
