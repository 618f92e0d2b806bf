//! `runoff study architecture` on calls whose instructions are known.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

mod common;

use common::Runoff;
use serde_json::Value;

fn study(args: &[&str]) -> Option<Value> {
    let runoff = Runoff::new();
    let (code, out, err) = runoff.run([&["study", "architecture", "--format", "json"], args].concat());
    if code == 3 && err.contains("may not be followed") {
        // A container without the right to follow processes.
        return None;
    }
    assert_eq!(code, 0, "{err}");
    Some(serde_json::from_str(&out).expect("JSON"))
}

#[test]
fn a_call_is_followed_to_its_end_or_to_the_limit() {
    let runtimes = "wasmtime/cranelift,wasmer/cranelift,native,wasmi/eager";
    let found = study(&["--workloads", "c/matmul-17@ci", "--runtimes", runtimes, "--instructions", "40000"]);
    let Some(value) = found else { return };
    let cells = value["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 4);
    for cell in cells {
        let figures = &cell["figures"];
        // The whole call is some twenty million instructions.
        assert_eq!(
            (figures["instructions"].as_u64(), cell["complete"].as_bool()),
            (Some(40_000), Some(false)),
            "{cell}"
        );
        let conditional = figures["conditional"].as_u64().expect("a count");
        assert!(conditional > 1000 && figures["taken"].as_u64().expect("a count") <= conditional, "{cell}");
        for caches in [&figures["code"], &figures["data"]] {
            let misses: Vec<u64> = caches
                .as_array()
                .expect("caches")
                .iter()
                .map(|c| c["misses"].as_u64().expect("a count"))
                .collect();
            assert_eq!(misses.len(), 8);
            assert!(misses[7] > 0 && misses[7] <= misses[0], "{cell}");
        }
        // Three matrices of 17 × 17 and a stack: all of it fits into 8 KiB, so nothing is missed twice.
        if cell["runtime"] != "wasmi/eager" {
            let data = figures["data"].as_array().expect("caches");
            assert!(data[0]["misses"].as_u64() < Some(200), "{cell}");
        }
        for predictor in figures["predictors"].as_array().expect("predictors") {
            // Loops of 17: one wrong in 18 for two bits.
            let rate = predictor["mispredicted"].as_u64().expect("a count") as f64 / conditional as f64;
            assert!(cell["runtime"] == "wasmi/eager" || rate < 0.15, "{cell}");
        }
    }
}

#[test]
fn the_same_call_executes_nearly_the_same_instructions_again() {
    let once = || study(&["--workloads", "fibonacci", "--runtimes", "wasmtime/cranelift"]);
    let (Some(first), Some(second)) = (once(), once()) else { return };
    let count = |value: &Value, what: &str| {
        assert_eq!(value["cells"][0]["complete"], true, "{value}");
        value["cells"][0]["figures"][what].as_u64().expect("a count")
    };
    // The guest does the same; on the way to it, tables with random seeds are looked into.
    for what in ["instructions", "conditional", "taken"] {
        let (a, b) = (count(&first, what), count(&second, what));
        assert!(a.abs_diff(b) <= a / 10, "{what}: {a} and {b}");
    }
    // 177 calls of ten to thirty instructions, and the way there and back.
    let instructions = count(&first, "instructions");
    assert!((1_770..12_000).contains(&instructions), "{instructions}");
}

#[test]
fn tables_plots_and_what_is_wrong() {
    let runoff = Runoff::new();
    let few = [
        "study",
        "architecture",
        "--workloads",
        "polybench/2mm@ci",
        "--runtimes",
        "wasmtime/cranelift,native",
    ];
    let (code, out, err) = runoff.run([&few[..], &["--instructions", "30000", "--plots", "plots"]].concat());
    if code == 3 && err.contains("may not be followed") {
        return;
    }
    assert_eq!(code, 0, "{err}");
    // The call is longer than the limit, so that nothing follows of it for certain.
    let cut = "2 of 2 calls were cut off after 30 thousand instructions";
    assert!(
        !out.contains("  holds") && !out.contains("  no longer holds") && out.contains("  unsure"),
        "{out}"
    );
    for words in ["Fig. 11 (a)", "Fig. 11 (b)", "Table III", "claim", "* ", cut, "--instructions"] {
        assert!(out.contains(words), "{words}: {out}");
    }
    let plots: Vec<String> = std::fs::read_dir(runoff.path("plots"))
        .expect("the folder of plots")
        .map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("a plot"))
        .collect();
    assert_eq!(plots.len(), 2);
    assert!(plots.iter().all(|svg| svg.contains("wasmtime/cranelift") && svg.contains("polybench/2mm")));
    let (code, csv, _) = runoff.run([&few[..], &["--instructions", "3000", "--format", "csv"]].concat());
    assert!(code == 0 && csv.contains("mispredicted_tournament,,"), "{csv}");
    for (args, words) in [
        (["--workloads", "nothing"], "neither a file"),
        (["--workloads", "c/matmul-17,nothing"], "neither a file"),
        (["--workloads", "polybench"], "several workloads"),
        (["--workloads", "c/matmul-17@colossal"], "sizes"),
        (["--runtimes", "nobody"], "no runtime"),
        (["--ways", "0"], "0"),
    ] {
        let (code, out, err) = runoff.run([&["study", "architecture", "--quick"], &args[..]].concat());
        assert_eq!(code, 2, "{args:?}");
        assert!(out.is_empty() && err.contains(words) && !err.contains("panicked"), "{args:?}: {err}");
    }
}
