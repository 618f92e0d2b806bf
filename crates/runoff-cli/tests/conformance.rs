//! The conformance cases on every runtime, in worker processes as measuring uses them.

mod common;

use common::Runoff;

#[test]
fn every_runtime_keeps_its_promises_in_workers() {
    let runoff = Runoff::new();
    let rows = runoff.json(&["doctor", "--conformance"]);
    let rows = rows.as_array().expect("a list");
    let failed: Vec<_> = rows.iter().filter(|r| r["outcome"] == "fail").collect();
    assert!(failed.is_empty(), "{failed:#?}");
    for runtime in runoff.runtimes() {
        let of = |outcome: &str| {
            rows.iter().filter(|r| r["runtime"] == runtime.as_str() && r["outcome"] == outcome).count()
        };
        assert!(of("pass") > 60 && of("pass") + of("unsupported") > 90, "{runtime}: {} passed", of("pass"));
    }
    // What is unsupported has a reason.
    assert!(rows.iter().filter(|r| r["outcome"] == "unsupported").all(|r| r["detail"].is_string()));
}

#[test]
fn the_seam_keeps_its_price_list() {
    // The figures are the machine's; that there is one for every runtime is ours.
    let runoff = Runoff::new();
    let seam = runoff.json(&["doctor", "--seam"]);
    let rows = seam["rows"].as_array().expect("rows");
    let list = runoff.json(&["runtimes"]);
    let linked = |r: &&serde_json::Value| r["reach"] == "linked" && r["available"] == true;
    // A price of calls over a pipe would be the pipe's.
    assert_eq!(rows.len(), list.as_array().expect("a list").iter().filter(linked).count());
    assert!(rows.iter().all(|r| r["own_ns"].as_f64().is_some_and(|ns| ns > 0.0)), "{rows:#?}");
}
