//! Which tier runs, and what is built for it.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use runoff_host::execute::Fault;

use super::scripted::{Act, Script};
use super::{Lab, ONE, call, text};

#[tokio::test(flavor = "multi_thread")]
async fn many_first_calls_compile_once_per_tier_and_all_are_answered() {
    let lab = Lab::new();
    let (quick, slow) = (Script::new("wasmi/lazy", 5, 300), Script::new("wasmtime/cranelift", 60, 20));
    let text_of =
        "max-requests = 2000\n[[function]]\nmodule = \"a.wasm\"\nconcurrency = 2000\ndeadline = \"30s\"";
    let host = lab.start(text_of, &[&quick, &slow], false);
    let calls = (0..500).map(|i| {
        let host = Arc::clone(&host);
        tokio::spawn(async move { text(&host, call(&host, "a", &format!("body {i}")).await).0 })
    });
    for (i, answer) in calls.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(answer.await.expect("no panic"), format!("body {i}"));
    }
    assert!(quick.compiles.load(SeqCst) <= 1 && slow.compiles.load(SeqCst) <= 1);
    assert!(quick.compiles.load(SeqCst) + slow.compiles.load(SeqCst) >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_moves_to_the_tier_its_calls_are_worth() {
    let lab = Lab::new();
    let quick = Script::new("wasmi/lazy", 1, 5000);
    let slow = Arc::new(Script { optimising: true, ..Script::plain("wasmtime/cranelift", 100, 100) });
    let host = lab.start(ONE, &[&quick, &slow], false);
    let end = Instant::now() + Duration::from_secs(20);
    let mut seen = Vec::new();
    while Instant::now() < end {
        let (answer, tier) = text(&host, call(&host, "a", "x").await);
        assert_eq!(answer, "x");
        seen.push(tier);
        if seen.iter().rev().take(20).filter(|t| *t == "wasmtime/cranelift").count() == 20 {
            return;
        }
    }
    panic!("it stayed where it was: {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tier_that_cannot_be_built_is_done_without_and_none_is_said() {
    let lab = Lab::new();
    let (broken, good) = (Script::new("broken", 1, 10), Script::new("good", 30, 10));
    broken.fails.store(true, SeqCst);
    let host = lab.start(ONE, &[&broken, &good], false);
    assert_eq!(text(&host, call(&host, "a", "x").await), ("x".into(), "good".into()));
    let host = lab.start(ONE, &[&broken], false);
    let fault = call(&host, "a", "x").await.ending.expect_err("no tier");
    assert!(matches!(fault, Fault::NoTier(_)), "{fault}");
    assert_eq!(fault.status(), 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn pins_and_lists_hold() {
    let lab = Lab::new();
    let (one, two) = (Script::new("e/one", 1, 10), Script::new("e/two", 1, 10));
    let pinned = format!("{ONE}pin = \"e/two\"");
    let host = lab.start(&pinned, &[&one, &two], false);
    for _ in 0..5 {
        assert_eq!(text(&host, call(&host, "a", "x").await).1, "e/two");
    }
    assert_eq!(one.compiles.load(SeqCst), 0);
    let said = lab.try_start(&format!("{ONE}pin = \"e/three\""), &[&one], false).expect_err("none");
    let words = "function `a`: pin: there is no runtime `e/three`; it may run on e/one";
    assert!(said.to_string().contains(words), "{said}");
    let said = lab.try_start(&format!("{ONE}pin = \"e\""), &[&one], false).expect_err("none").to_string();
    assert!(said.contains("pin: `e` is not the whole name of a runtime; it may run on e/one"), "{said}");
    let more = "runtimes = [\"e/one\", \"nope\"]";
    let said = lab.try_start(&format!("{ONE}{more}"), &[&one], false).expect_err("none").to_string();
    assert!(said.contains("runtimes: there is no runtime `nope`; it may run on e/one"), "{said}");
    let more = "pin = \"e/two\"\nruntimes = [\"e/one\"]";
    let said = lab.try_start(&format!("{ONE}{more}"), &[&one, &two], false).expect_err("none").to_string();
    assert!(said.contains("pin: `e/two` cannot run it: it is not in the function's `runtimes`"), "{said}");
    let said = lab.try_start("runtimes = [\"x\"]", &[&one], false).expect_err("none");
    assert!(said.to_string().contains("`x`, which is none; there are e/one"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotent_call_that_takes_long_is_raced() {
    let lab = Lab::new();
    // A module so long that it surely begins on the tier that translates nothing.
    lab.module("a.wasm", &format!("(data \"{}\")", "x".repeat(1 << 20)));
    let quick = Script::new("wasmi/lazy", 1, 100);
    let slow = Arc::new(Script { optimising: true, ..Script::plain("wasmtime/cranelift", 40, 10) });
    let host = lab.start(&format!("{ONE}idempotent = true\ndeadline = \"20s\""), &[&quick, &slow], false);
    // Never ends on the first tier; only the race can answer it.
    quick.next.lock().unwrap().push(Act::Forever);
    let started = Instant::now();
    let (answer, tier) = text(&host, call(&host, "a", "x").await);
    assert_eq!((answer.as_str(), tier.as_str()), ("x", "wasmtime/cranelift"));
    assert!(started.elapsed() < Duration::from_secs(15));
    let end = Instant::now() + Duration::from_secs(5);
    while quick.interrupted.load(SeqCst) == 0 {
        assert!(Instant::now() < end, "the run that lost goes on");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_call_is_answered_while_its_code_is_compiled() {
    let lab = Lab::new();
    let quick = Arc::new(Script { lazy: true, ..Script::plain("wasmi/lazy", 1, 100) });
    let slow = Arc::new(Script { optimising: true, ..Script::plain("wasmtime/cranelift", 3000, 10) });
    let host = lab.start(ONE, &[&quick, &slow], false);
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(text(&host, call(&host, "a", "x").await), ("x".into(), "wasmi/lazy".into()));
    }
    assert!(started.elapsed() < Duration::from_millis(2500), "{:?}", started.elapsed());
    assert!(quick.compiles.load(SeqCst) == 1 && slow.compiles.load(SeqCst) <= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_that_does_not_end_is_begun_anew_on_what_was_compiled() {
    let lab = Lab::new();
    let quick = Arc::new(Script { lazy: true, ..Script::plain("wasmi/lazy", 1, 100) });
    let slow = Arc::new(Script { optimising: true, ..Script::plain("wasmtime/cranelift", 60, 10) });
    let host = lab.start(&format!("{ONE}deadline = \"20s\""), &[&quick, &slow], false);
    quick.next.lock().unwrap().push(Act::Forever);
    let (answer, _) = text(&host, call(&host, "a", "x").await);
    assert_eq!(answer, "x");
    // A policy that begins on the interpreter would not be stopped here.
    assert!(quick.interrupted.load(SeqCst) == 1 || quick.calls.load(SeqCst) == 1);
    // A trap is an answer like any other, and not tried twice.
    let host = lab.start(ONE, &[&quick, &slow], false);
    let before = quick.calls.load(SeqCst) + slow.calls.load(SeqCst);
    for script in [&quick, &slow] {
        script.next.lock().unwrap().push(Act::Trap);
    }
    assert!(matches!(call(&host, "a", "x").await.ending, Err(Fault::Trap(_))));
    assert_eq!(quick.calls.load(SeqCst) + slow.calls.load(SeqCst), before + 1);
}
