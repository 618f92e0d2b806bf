//! What every runtime promises, checked in worker processes as `runoff doctor --conformance` does it.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-cli --test conformance` writes the parts of docs/CONFORMANCE.md anew
//! that are about runtimes of this machine.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use common::{Runoff, repository};
use serde_json::Value;

const HEAD: &str = "# Conformance\n\n\
Written by a test: `RUNOFF_BLESS=1 cargo test --release -p runoff-cli --test conformance`, each part on a machine that\n\
has the runtime. Every runtime goes through the same cases, in processes of its own; none fails any. What it says it\n\
cannot do is listed with its words. Drivers answer through sessions, so that what is their own is shown and not what\n\
Runoff does for all of them.\n\n";

#[test]
fn every_runtime_keeps_its_promises_in_workers() {
    let runoff = Runoff::new();
    // Exit code 3 when a case fails, with the same rows.
    let (_, out, err) = runoff.run(["doctor", "--conformance", "--format", "json"]);
    let rows: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {err}"));
    let rows = rows.as_array().expect("rows");
    let runtimes = runoff.runtimes();
    assert!(rows.len() > 90 * runtimes.len(), "only {} rows", rows.len());
    let failed: Vec<_> = rows.iter().filter(|r| r["outcome"] == "fail").collect();
    assert!(failed.is_empty(), "{failed:#?}");
    // What is unsupported has a reason.
    assert!(rows.iter().filter(|r| r["outcome"] == "unsupported").all(|r| r["detail"].is_string()));

    let list = runoff.json(&["runtimes"]);
    let version = |id: &str| {
        let row = list.as_array().expect("a list").iter().find(|r| r["identity"]["id"] == id);
        row.and_then(|r| r["identity"]["version"].as_str()).expect("a version").to_owned()
    };
    let found: BTreeMap<_, _> =
        runtimes.iter().map(|id| (id.clone(), part(id, &version(id), rows))).collect();
    let path = repository("docs/CONFORMANCE.md");
    let mut known = read(&fs::read_to_string(&path).unwrap_or_default());
    if std::env::var_os("RUNOFF_BLESS").is_some() {
        known.extend(found.clone());
        fs::write(&path, written(&known)).expect("the document");
    }
    for (id, part) in found {
        // Another version of an engine that is not ours to pin may do more or less.
        let same_version =
            |k: &&String| k.lines().nth(2).and_then(|l| l.split(": ").next()) == Some(&version(&id));
        if let Some(known) = known.get(&id).filter(same_version) {
            assert_eq!(&part, known, "docs/CONFORMANCE.md is out of date about {id}");
        }
    }
}

/// What the document says of one runtime: its name, version with counts, and what is unsupported by reason.
fn part(id: &str, version: &str, rows: &[Value]) -> String {
    let own: Vec<&Value> = rows.iter().filter(|r| r["runtime"] == id).collect();
    let count = |outcome: &str| own.iter().filter(|r| r["outcome"] == outcome).count();
    let mut text =
        format!("## {id}\n\n{version}: {} pass, {} unsupported\n\n", count("pass"), count("unsupported"));
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for row in own.iter().filter(|r| r["outcome"] == "unsupported") {
        let (Some(reason), Some(case)) = (row["detail"].as_str(), row["case"].as_str()) else { continue };
        match reasons.iter_mut().find(|(r, _)| *r == reason) {
            Some((_, cases)) => cases.push(format!("`{case}`")),
            None => reasons.push((reason, vec![format!("`{case}`")])),
        }
    }
    for (reason, cases) in reasons {
        writeln!(text, "- {}: {reason}", cases.join(", ")).expect("a string");
    }
    text
}

/// The parts of the document by runtime.
fn read(text: &str) -> BTreeMap<String, String> {
    let parts = text.split("\n## ").skip(1).map(|part| format!("## {}\n", part.trim_end()));
    parts.map(|part| (part[3..].lines().next().unwrap_or_default().to_owned(), part)).collect()
}

fn written(parts: &BTreeMap<String, String>) -> String {
    let mut text = format!("{HEAD}| runtime | version | pass | unsupported |\n|---|---|---:|---:|\n");
    for (id, part) in parts {
        let line = part.lines().nth(2).unwrap_or_default();
        let (version, counts) = line.rsplit_once(": ").unwrap_or((line, ""));
        let numbers: Vec<&str> = counts.split(", ").filter_map(|c| c.split(' ').next()).collect();
        writeln!(text, "| {id} | {version} | {} |", numbers.join(" | ")).expect("a string");
    }
    for part in parts.values() {
        write!(text, "\n{}\n", part.trim_end()).expect("a string");
    }
    text
}

#[test]
fn the_seam_keeps_its_price_list() {
    // The figures are the machine's; that there is one for every runtime is ours.
    let runoff = Runoff::new();
    let seam = runoff.json(&["doctor", "--seam"]);
    let rows = seam["rows"].as_array().expect("rows");
    let list = runoff.json(&["runtimes"]);
    let linked = |r: &&Value| r["reach"] == "linked" && r["available"] == true;
    // A price of calls over a pipe would be the pipe's.
    assert_eq!(rows.len(), list.as_array().expect("a list").iter().filter(linked).count());
    assert!(rows.iter().all(|r| r["own_ns"].as_f64().is_some_and(|ns| ns > 0.0)), "{rows:#?}");
}
