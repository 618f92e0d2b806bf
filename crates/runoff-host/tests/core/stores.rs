//! What outlives a host, and what happens when it is damaged.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use runoff_host::Host;
use runoff_host::store::{clear, list, prune, verify};

use super::scripted::Script;
use super::{Lab, ONE, call, text};

fn artifacts(folder: &Path) -> Vec<PathBuf> {
    list(folder).expect("a list").into_iter().map(|a| a.path).collect()
}

/// Ends a host and waits until its store is free.
async fn end(host: Arc<Host>) {
    host.keep_profiles().expect("profiles");
    let weak = Arc::downgrade(&host);
    drop(host);
    while weak.strong_count() > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // The last owner may be a thread that is still letting go.
    tokio::time::sleep(Duration::from_millis(100)).await;
}

fn scripts() -> (Arc<Script>, Arc<Script>) {
    let slow = Script { optimising: true, ..Script::plain("wasmtime/cranelift", 60, 50) };
    (Script::new("wasmi/lazy", 1, 8000), Arc::new(slow))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_start_serves_the_best_tier_from_the_first_request() {
    let lab = Lab::new();
    let (quick, slow) = scripts();
    let host = lab.start(ONE, &[&quick, &slow], true);
    for _ in 0..1000 {
        if text(&host, call(&host, "a", "xyz").await).1 == "wasmtime/cranelift"
            && slow.calls.load(SeqCst) > 20
        {
            break;
        }
    }
    assert!(slow.calls.load(SeqCst) > 20, "it never moved");
    end(host).await;
    let (quick, slow) = scripts();
    let host = lab.start(ONE, &[&quick, &slow], true);
    assert_eq!(text(&host, call(&host, "a", "xyz").await), ("xyz".into(), "wasmtime/cranelift".into()));
    assert_eq!((slow.compiles.load(SeqCst), slow.loads.load(SeqCst)), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_artifact_is_a_miss_and_put_aside() {
    for damage in ["flip", "cut", "empty", "foreign"] {
        let lab = Lab::new();
        let runtime = Script::new("r", 1, 10);
        let host = lab.start(ONE, &[&runtime], true);
        call(&host, "a", "x").await.ending.expect("an answer");
        end(host).await;
        let folder = lab.path().join("store");
        let path = artifacts(&folder).pop().expect("an artifact");
        let mut bytes = std::fs::read(&path).unwrap();
        match damage {
            "flip" => *bytes.last_mut().unwrap() ^= 1,
            "cut" => drop(bytes.pop()),
            "empty" => bytes.clear(),
            // Whole, but vouched for by another store.
            _ => std::fs::write(folder.join("secret.key"), [7; 32]).unwrap(),
        }
        std::fs::write(&path, &bytes).unwrap();
        assert!(verify(&folder).unwrap()[0].problem.is_some(), "{damage}");
        let runtime = Script::new("r", 1, 10);
        let host = lab.start(ONE, &[&runtime], true);
        assert_eq!(text(&host, call(&host, "a", "x").await).0, "x", "{damage}");
        assert_eq!((runtime.compiles.load(SeqCst), runtime.loads.load(SeqCst)), (1, 0), "{damage}");
        assert_eq!(host.store_counters().unwrap().corrupt.load(SeqCst), 1, "{damage}");
        assert_eq!(std::fs::read_dir(folder.join("quarantine")).unwrap().count(), 1, "{damage}");
        assert!(verify(&folder).unwrap().iter().all(|f| f.problem.is_none()), "{damage}");
        end(host).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_of_the_engine_and_swapped_files_are_misses() {
    let lab = Lab::new();
    lab.module("b.wasm", "(func)");
    let two = format!("{ONE}[[function]]\nmodule = \"b.wasm\"\n");
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(&two, &[&runtime], true);
    for name in ["a", "b"] {
        call(&host, name, "x").await.ending.expect("an answer");
    }
    end(host).await;
    let newer = Arc::new(Script { version: "2", ..Script::plain("r", 1, 10) });
    let host = lab.start(ONE, &[&newer], true);
    call(&host, "a", "x").await.ending.expect("an answer");
    assert_eq!((newer.compiles.load(SeqCst), newer.loads.load(SeqCst)), (1, 0));
    end(host).await;
    let folder = lab.path().join("store");
    let old: Vec<PathBuf> =
        list(&folder).unwrap().into_iter().filter(|a| a.key.starts_with("r 1 ")).map(|a| a.path).collect();
    let [one, two_path] = old.as_slice() else { panic!("{old:?}") };
    let (x, y) = (std::fs::read(one).unwrap(), std::fs::read(two_path).unwrap());
    std::fs::write(one, y).unwrap();
    std::fs::write(two_path, x).unwrap();
    assert_eq!(verify(&folder).unwrap().iter().filter(|f| f.problem.is_some()).count(), 2);
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(&two, &[&runtime], true);
    for name in ["a", "b"] {
        call(&host, name, "x").await.ending.expect("an answer");
    }
    assert_eq!((runtime.compiles.load(SeqCst), runtime.loads.load(SeqCst)), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_be_written_costs_no_request() {
    let lab = Lab::new();
    let folder = lab.path().join("store");
    std::fs::create_dir_all(&folder).unwrap();
    // A file where the folder of artifacts belongs fails for everybody, root included.
    std::fs::write(folder.join("artifacts"), b"").unwrap();
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(ONE, &[&runtime], true);
    assert_eq!(text(&host, call(&host, "a", "x").await).0, "x");
    assert_eq!(host.store_counters().unwrap().write_failures.load(SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_store_has_one_host_and_can_be_pruned_and_cleared() {
    let lab = Lab::new();
    let runtime = Script::new("r", 1, 10);
    let host = lab.start(ONE, &[&runtime], true);
    call(&host, "a", "x").await.ending.expect("an answer");
    let said = lab.try_start(ONE, &[&runtime], true).expect_err("taken").to_string();
    assert!(said.contains("store of its own"), "{said}");
    let folder = lab.path().join("store");
    assert_eq!(prune(&folder, Some(Duration::from_hours(1)), Some(1 << 20)).unwrap().removed, 0);
    let pruned = prune(&folder, None, Some(0)).unwrap();
    assert_eq!((pruned.removed, pruned.left), (1, 0));
    assert_eq!(clear(&folder).unwrap().removed, 0);
    // What went is a miss, also for the host that runs.
    assert_eq!(text(&host, call(&host, "a", "x").await).0, "x");
    assert_eq!(clear(&lab.path().join("nowhere")).unwrap().removed, 0);
}
