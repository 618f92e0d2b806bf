//! docs/WORKLOADS.md: what is in the catalogue, and which workloads answer each run line of source 003.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-workloads --test catalogue_document` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use runoff_workloads::{Manifest, SIZES, bundled, bundled_names, set, set_names};
use serde::Deserialize;

const HEAD: &str = "# Workloads\n\n\
Written by a test: `RUNOFF_BLESS=1 cargo test --release -p runoff-workloads --test catalogue_document`.\n\n\
Every workload has a native twin of the same source and a right answer. `runoff bench NAME` measures one, `runoff bench\n\
SET` a set, `--size` chooses. Modules that mark their work are measured with and without what comes before and after.\n\n\
Sources that workloads stand for: 000, Fibonacci numbers on Wasmer and Wasmtime; 001, phases of three samples and an\n\
interpreter on Wasmer and Lucet (2020); 002, web-cache simulation (ICPE 2022); 003, WABench: 50 programs in 54 run lines\n\
(IISWC 2022); 004, edge applications on five runtimes.\n\n";

const LEVELS: &str = "\n## Other optimisation levels\n\n\
The same programs, arguments and answers; the set without a level is `-O3`. What a level does to each runtime, as source\n\
003 asked for its Finding 4, with a table of the means over all programs:\n\n\
```\nrunoff bench apps-O0 apps-O1 apps-O2 apps apps-Os apps-simd\n```\n\n\
The same works for single programs: `runoff bench apps-O0/aes-encrypt apps/aes-encrypt`. That study found factors of 1.44\n\
to 3.57 with C; Rust without optimisation, where every iterator and every check is a call, gains far more. Bytes are\n\
those of the modules, which this program holds packed.\n\n\
| set | workloads | bytes |\n|---|---:|---:|\n";

/// A run line of the study.
#[derive(Deserialize)]
struct Line {
    suite: String,
    name: String,
    program: String,
    /// What else must be named, where one program has several lines.
    word: Option<String>,
    input: String,
    times: u32,
}

#[derive(Deserialize)]
struct Lines {
    line: Vec<Line>,
}

/// The lines as they are committed.
fn lines() -> Vec<Line> {
    let text = include_str!("data/source-003.toml");
    toml::from_str::<Lines>(text).expect("the run lines").line
}

fn manifest(name: &str) -> (Manifest, u64) {
    let (manifest, module) = bundled(name).expect("a bundled workload");
    (manifest, module.size())
}

/// Whether `stands_for` names a program of a source: words after the source's number, up to the next number.
fn names(stands_for: &str, source: &str, program: &str) -> bool {
    let mut current = "";
    for word in stands_for.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_') {
        if word.len() == 3 && word.starts_with("00") {
            current = word;
        } else if current == source && word.eq_ignore_ascii_case(program) {
            return true;
        }
    }
    false
}

fn answers(line: &Line) -> Vec<&'static str> {
    let stands = |name: &&str| {
        manifest(name).0.stands_for.is_some_and(|text| {
            names(&text, "003", &line.program)
                && line.word.as_ref().is_none_or(|word| names(&text, "003", word))
        })
    };
    bundled_names().into_iter().filter(stands).collect()
}

/// Arguments by size, or those there are when it comes in no sizes.
fn sizes(manifest: &Manifest) -> String {
    if manifest.sizes.is_empty() {
        return format!("`{}`", manifest.args.join(" "));
    }
    let known = SIZES.iter().filter_map(|size| manifest.sizes.get(*size).map(|spec| (size, spec)));
    known.map(|(size, spec)| format!("{size} `{}`", spec.args.join(" "))).collect::<Vec<_>>().join(", ")
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Bytes of the modules of some workloads, of which several may be one module with other arguments.
fn together(names: &[&str]) -> u64 {
    let modules: BTreeMap<String, u64> =
        names.iter().map(|name| manifest(name)).map(|(m, bytes)| (m.module, bytes)).collect();
    modules.values().sum()
}

fn document() -> String {
    let mut text = HEAD.to_owned();
    let total = together(&bundled_names());
    let (count, lines) = (bundled_names().len(), lines());
    let line_answers: Vec<Vec<&str>> = lines.iter().map(answers).collect();
    let answered = line_answers.iter().filter(|a| !a.is_empty()).count();
    writeln!(
        text,
        "{count} workloads, {} bytes of modules. {answered} of the {} run lines of source 003 are answered.",
        grouped(total),
        lines.len()
    )
    .expect("a string");
    let all = set_names();
    let level = |set: &&str| set.split_once('-').is_some_and(|(of, _)| all.contains(&of));
    let (levels, sets): (Vec<&str>, Vec<&str>) = all.iter().copied().partition(level);
    for set_name in sets {
        write!(
            text,
            "\n## {set_name}\n\n| workload | does | arguments | bytes | stands for |\n|---|---|---|---:|---|\n"
        )
        .expect("a string");
        for name in set(set_name) {
            let (manifest, bytes) = manifest(name);
            let stands = manifest.stands_for.as_deref().unwrap_or("–");
            let (does, sizes) = (&manifest.summary, sizes(&manifest));
            writeln!(text, "| `{name}` | {does} | {sizes} | {} | {stands} |", grouped(bytes))
                .expect("a string");
        }
    }
    if !levels.is_empty() {
        text += LEVELS;
    }
    for level in levels {
        let count = set(level).len();
        writeln!(text, "| {level} | {count} | {} |", grouped(together(&set(level)))).expect("a string");
    }
    text += "\n## The run lines of source 003\n\n| suite | run line | input | times | answered by |\n|---|---|---|---:|---|\n";
    for (line, answers) in lines.iter().zip(line_answers) {
        let answers = answers.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let answers = if answers.is_empty() { "nothing yet" } else { &answers };
        let Line { suite, name, input, times, .. } = line;
        writeln!(text, "| {suite} | {name} | {input} | {times} | {answers} |").expect("a string");
    }
    text
}

#[test]
fn the_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/WORKLOADS.md");
    let text = document();
    if std::env::var_os("RUNOFF_BLESS").is_some() {
        fs::write(&path, &text).expect("the document");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let differs = text.lines().zip(found.lines()).find(|(new, old)| new != old);
    assert!(
        found == text,
        "docs/WORKLOADS.md is out of date, RUNOFF_BLESS=1 writes it anew; new and old: {differs:?}"
    );
}

#[test]
fn there_are_54_run_lines_of_50_programs() {
    let lines = lines();
    assert_eq!(lines.len(), 54);
    let mut names: Vec<&str> = lines.iter().map(|l| l.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 54, "a run line is there twice");
    let of = |suite: &str| lines.iter().filter(|l| l.suite == suite).count();
    assert_eq!([of("JetStream2"), of("MiBench"), of("PolyBench"), of("whole applications")], [4, 13, 30, 7]);
}

#[test]
fn stands_for_is_read_word_by_word() {
    assert!(names("003 gcc-loops", "003", "gcc-loops"));
    assert!(names("001 mruby; 003 adpcm rawcaudio, rawdaudio", "003", "rawdaudio"));
    assert!(!names("001 mruby; 003 gemm", "001", "gemm"));
    assert!(!names("003 ludcmp", "003", "lu"));
    assert!(!names("003 jacobi-2d", "003", "jacobi"));
}
