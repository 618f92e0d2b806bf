//! `runoff history` as a user drives it: results of many days, made from one that was measured.

mod common;

use std::fs;

use common::Runoff;
use serde_json::Value;

/// A result of `day` whose calls took `factor` times as long, on a machine of this name.
fn day(template: &str, day: u64, factor: f64, cpu: &str) -> String {
    // Some noise of its own, the same every time.
    let noise = 1.0 + 0.004 * ((day * 7919) % 13) as f64 / 13.0;
    let line = |line: &str| {
        let mut record: Value = serde_json::from_str(line).expect("a record");
        if record["record"] == "header" {
            record["created_unix"] = (1_770_000_000 + day * 86_400).into();
            record["machine"]["cpu"] = cpu.into();
        }
        if let Some(warm) = record["samples"]["phases"]["call"]["warm_ns"].as_array_mut() {
            for value in warm {
                *value = (value.as_f64().expect("a time") * factor * noise).into();
            }
        }
        record.to_string() + "\n"
    };
    template.lines().map(line).collect()
}

fn template(runoff: &Runoff) -> String {
    let args = [
        "bench",
        "fibonacci",
        "--runtimes",
        "wasmi/eager",
        "--rounds",
        "4",
        "--time",
        "1s",
        "--max-calls",
        "50",
        "--out",
        "t.jsonl",
    ];
    let (code, _, err) = runoff.run(args);
    assert_eq!(code, 0, "{err}");
    fs::read_to_string(runoff.path("t.jsonl")).expect("a result")
}

#[test]
fn a_slower_level_is_found_named_and_fails_the_build() {
    let runoff = Runoff::new();
    let template = template(&runoff);
    let (code, _, err) = runoff.run(["history", "show"]);
    assert!(code == 2 && err.contains("history add"), "{err}");
    for i in 0..16 {
        let factor = if i < 12 { 1.0 } else { 1.2 };
        let name = format!("d{i}.jsonl");
        runoff.write(&name, day(&template, i, factor, "Here"));
        // A second machine, three times as slow, is another line and no change.
        let other = format!("o{i}.jsonl");
        runoff.write(&other, day(&template, i, 3.0, "There"));
        let (code, out, err) =
            runoff.run(["history", "add", &name, &other, "--label", &format!("commit-{i}")]);
        assert!(code == 0 && out.contains("figures added"), "{err}");
    }
    let (code, out, _) = runoff.run(["history", "add", "d3.jsonl"]);
    assert!(code == 0 && out.contains("already"), "{out}");
    let shown = runoff.json(&["history", "show"]);
    assert_eq!(shown["entries"].as_array().map(Vec::len), Some(32));

    let trends = runoff.json(&["history", "trend", "--measure", "call"]);
    let trends = trends["trends"].as_array().expect("trends");
    assert_eq!(trends.len(), 2, "one line per machine");
    for trend in trends {
        assert_eq!(trend["points"].as_array().map(Vec::len), Some(16));
        let changes = trend["changes"].as_array().expect("changes");
        if trend["machine"].as_str().is_some_and(|m| m.contains("There")) {
            assert!(changes.is_empty(), "{changes:?}");
        } else {
            assert_eq!(changes.len(), 1, "{changes:?}");
            assert_eq!(changes[0]["label"], "commit-12");
            assert!((changes[0]["ratio"].as_f64().expect("a ratio") - 1.2).abs() < 0.02);
        }
    }
    let (code, out, err) =
        runoff.run(["history", "trend", "--measure", "call", "--fail-above", "5%", "--format", "md"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("**1 on a level worse") && out.contains("with commit-12"), "{out}");
    assert!(err.contains("since commit-12"), "{err}");
    let (code, ..) = runoff.run(["history", "trend", "--measure", "call", "--fail-above", "50%"]);
    assert_eq!(code, 0);
    // Times that nobody touched stayed where they were.
    let (code, out, err) = runoff.run(["history", "trend", "--measure", "jit", "--fail-above", "5%"]);
    assert!(code == 0 && out.contains("jit"), "{out}{err}");
    let (code, out, _) = runoff.run(["history", "trend", "--format", "csv"]);
    assert!(code == 0 && out.starts_with("machine,workload,"), "{out}");
}

#[test]
fn a_cut_line_and_wrong_questions() {
    let runoff = Runoff::new();
    let template = template(&runoff);
    runoff.write("a.jsonl", day(&template, 1, 1.0, "Here"));
    runoff.write("b.jsonl", day(&template, 2, 1.0, "Here"));
    let (code, ..) = runoff.run(["history", "add", "a.jsonl", "--store", "h.jsonl"]);
    assert_eq!(code, 0);
    let text = fs::read_to_string(runoff.path("h.jsonl")).expect("a history");
    runoff.write("h.jsonl", format!("{text}{}", &text[..text.len() / 2]));
    let (code, out, err) = runoff.run(["history", "show", "--store", "h.jsonl"]);
    assert!(code == 0 && err.contains("cut short") && out.contains("a.jsonl"), "{err}");
    let (code, ..) = runoff.run(["history", "add", "b.jsonl", "--store", "h.jsonl"]);
    assert_eq!(code, 0);
    let (code, out, err) = runoff.run(["history", "trend", "--store", "h.jsonl"]);
    assert!(code == 0 && err.is_empty() && out.contains("fibonacci"), "{err}");
    let (code, _, err) = runoff.run(["history", "trend", "--store", "h.jsonl", "--measure", "speed"]);
    assert!(code == 2 && err.contains("peak_rss"), "{err}");
    let (code, _, err) = runoff.run(["history", "trend", "--store", "h.jsonl", "--runtime", "wasm3"]);
    assert!(code == 2 && err.contains("no such cell"), "{err}");
    let (code, _, err) = runoff.run(["history", "add", "absent.jsonl", "--store", "h.jsonl"]);
    assert!(code == 2 && err.contains("absent.jsonl"), "{err}");
}
