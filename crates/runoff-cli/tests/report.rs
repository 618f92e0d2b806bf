//! `runoff report` and `runoff compare`, on results made by the binary itself.

mod common;

use std::fs;

use common::Runoff;

/// Enough rounds for verdicts on memory, where processes often have the same: with five a single tie is one too many for
/// the rank test.
fn measured(runoff: &Runoff, name: &str) {
    let args = [
        "bench",
        "fibonacci",
        "add-one",
        "--runtimes",
        "native,wasmi/eager,wasm3",
        "--rounds",
        "8",
        "--time",
        "30s",
        "--max-calls",
        "100",
        "--out",
        name,
    ];
    let (code, _, err) = runoff.run(args);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn a_result_becomes_a_page_text_and_pictures() {
    let runoff = Runoff::new();
    measured(&runoff, "r.jsonl");
    let (code, out, err) = runoff.run(["report", "r.jsonl"]);
    assert!(code == 0 && out.is_empty() && err.contains("report.html"), "{err}");
    let html = fs::read_to_string(runoff.path("report.html")).expect("the page");
    for part in
        ["<!doctype html>", "wasmi/eager", "fibonacci", "<svg", "against native", "data:application/gzip"]
    {
        assert!(html.contains(part), "{part} is missing");
    }
    // The ending chooses the format, and --plots brings the pictures.
    let (code, _, err) = runoff.run(["report", "r.jsonl", "--out", "r.md", "--plots", "plots"]);
    assert_eq!(code, 0, "{err}");
    assert!(fs::read_to_string(runoff.path("r.md")).expect("text").starts_with("# "));
    let plots: Vec<String> = fs::read_dir(runoff.path("plots"))
        .expect("plots")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(
        plots.len() >= 12
            && plots.iter().all(|p| std::path::Path::new(p).extension().is_some_and(|e| e == "svg")),
        "{plots:?}"
    );
    assert!(plots.contains(&"fibonacci-envelope.svg".to_owned()), "{plots:?}");
    let (code, out, err) = runoff.run(["report", "r.jsonl", "--format", "csv"]);
    assert!(code == 0 && out.starts_with("run,workload,runtime,measure"), "{err}");
    let json = runoff.json(&["report", "r.jsonl"]);
    assert_eq!(json["runs"][0]["cells"].as_array().map(Vec::len), Some(6));
    // PNG where it is built in and there are fonts; else the reason.
    let (code, _, err) = runoff.run(["report", "r.jsonl", "--plots", "png", "--png"]);
    if code == 0 {
        let picture = fs::read(runoff.path("png/fibonacci-phases.png")).expect("a picture");
        assert!(picture.starts_with(b"\x89PNG") && picture.len() > 5_000, "{}", picture.len());
        assert!(!runoff.path("png/fibonacci-phases.svg").exists());
    } else {
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("no font") || err.contains("--features png"), "{err}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let runoff = Runoff::new();
    measured(&runoff, "r.jsonl");
    let (code, _, err) = runoff.run(["report", "absent.jsonl"]);
    assert!(code == 2 && err.contains("absent.jsonl"), "{err}");
    let (code, _, err) = runoff.run(["report", "r.jsonl", "--baseline", "wasmoo"]);
    assert!(code == 2 && err.contains("no runtime `wasmoo`"), "{err}");
    let (code, _, err) = runoff.run(["report", "r.jsonl", "--out", "r.pdf"]);
    assert!(code == 2 && err.contains("--format"), "{err}");
    let (code, _, err) = runoff.run(["report", "r.jsonl", "--out", "no/such/folder/r.html"]);
    assert!(code == 2 && err.contains("cannot write"), "{err}");
    runoff.write("junk.jsonl", "not a result\n");
    let (code, _, err) = runoff.run(["report", "junk.jsonl"]);
    assert!(code == 2 && err.contains("not a Runoff result file"), "{err}");
    assert!(!runoff.path("report.html").exists());
}

#[test]
fn many_results_are_compared_with_the_first() {
    let runoff = Runoff::new();
    measured(&runoff, "a.jsonl");
    let text = fs::read_to_string(runoff.path("a.jsonl")).expect("a result");
    // Another machine, another engine, and twice the memory.
    let other = text.replacen("\"cpu\":\"", "\"cpu\":\"Other ", 1).replacen(
        "\"version\":\"2.0.0\"",
        "\"version\":\"2.0.1\"",
        1,
    );
    let grown: String = other
        .lines()
        .map(|line| {
            let mut record: serde_json::Value = serde_json::from_str(line).expect("a record");
            if let Some(rss) = record["samples"]["memory"]["peak_rss"].as_u64() {
                record["samples"]["memory"]["peak_rss"] = (rss * 2).into();
            }
            record.to_string() + "\n"
        })
        .collect();
    runoff.write("b.jsonl", &text);
    runoff.write("c.jsonl", &grown);
    let all = ["compare", "a.jsonl", "b.jsonl", "c.jsonl"];
    let json = runoff.json(&all);
    assert_eq!(json["comparisons"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["comparisons"][0]["notes"].as_array().map(Vec::len), Some(0));
    let notes = json["comparisons"][1]["notes"].to_string();
    assert!(notes.contains("different machines") && notes.contains("version 2.0.0, then 2.0.1"), "{notes}");
    let larger = |of: usize| {
        let rows = json["comparisons"][of]["rows"].as_array().expect("rows");
        rows.iter().filter(|r| r["measure"] == "peak_rss" && r["verdict"] == "larger").count()
    };
    assert_eq!((larger(0), larger(1)), (0, 6));
    let (code, out, err) = runoff.run(all.iter().chain(&["--format", "md", "--fail-above", "50%"]));
    assert_eq!(code, 1, "{err}");
    assert!(
        out.contains("### b.jsonl against a.jsonl") && out.contains("### c.jsonl against a.jsonl"),
        "{out}"
    );
    assert!(
        out.contains("**6 certainly worse") && out.contains("- Mind: ") && out.contains("<details>"),
        "{out}"
    );
    assert!(err.contains("peak_rss: +100.0 %"), "{err}");
    let (code, out, _) = runoff.run(all.iter().chain(&["--format", "csv"]));
    assert!(code == 0 && out.lines().filter(|l| l.starts_with("file,")).count() == 1, "{out}");
    // And as one report of two machines.
    let (code, _, err) = runoff.run(["report", "a.jsonl", "c.jsonl", "--out", "two.html"]);
    assert_eq!(code, 0, "{err}");
    let html = fs::read_to_string(runoff.path("two.html")).expect("the page");
    assert!(html.contains("2 different machines") && html.contains("Side by side"));
}
