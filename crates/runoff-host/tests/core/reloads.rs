//! Another configuration while requests are under way.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use runoff_host::execute::Invocation;

use super::scripted::Script;
use super::{Lab, ONE, call, text};

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_change_stays_and_what_is_wrong_changes_nothing() {
    let lab = Lab::new();
    lab.module("b.wasm", "(func)");
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(ONE, &[&runtime], false);
    let before = host.routes().named("a").unwrap().clone();
    let two = format!("{ONE}[[function]]\nmodule = \"b.wasm\"\n");
    let deployed = host.deploy(&lab.config(&two)).expect("a reload");
    assert_eq!((deployed.fresh, deployed.same), (vec!["b".to_owned()], vec!["a".to_owned()]));
    assert!(Arc::ptr_eq(&before, host.routes().named("a").unwrap()));
    std::fs::write(lab.path().join("b.wasm"), b"nonsense").unwrap();
    let said = host.deploy(&lab.config(&two)).expect_err("a mistake").to_string();
    assert!(said.contains("function `b`"), "{said}");
    assert_eq!(text(&host, call(&host, "b", "x").await).0, "x");
    let deployed = host.deploy(&lab.config(ONE)).expect("a reload");
    assert_eq!(deployed.gone, ["b"]);
    assert!(host.routes().named("b").is_none() && before.active() == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_reloads_loses_no_call() {
    let lab = Lab::new();
    let runtime = Script::new("r", 2, 200);
    let host = lab.start(ONE, &[&runtime], false);
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (host, stop) = (Arc::clone(&host), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut done = 0;
                while !stop.load(SeqCst) {
                    let function = host.routes().named("a").expect("always there").clone();
                    let reply = host.invoke(&function, Invocation::default()).await.expect("admitted");
                    match reply.ending {
                        Ok(_) => done += 1,
                        // The front looks for the new one then.
                        Err(fault) => assert!(function.is_retired(), "{fault}"),
                    }
                }
                done
            })
        })
        .collect();
    for round in 0..100 {
        lab.module("a.wasm", if round % 2 == 0 { "(func)" } else { "" });
        host.deploy(&lab.config(ONE)).expect("a reload");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    stop.store(true, SeqCst);
    for caller in callers {
        assert!(caller.await.expect("no panic") > 0);
    }
}
