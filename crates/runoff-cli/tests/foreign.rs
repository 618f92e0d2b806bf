//! Modules of compilers this project has nothing to do with, on every runtime.

mod common;

use common::{Runoff, repository};

/// Runtimes of a usual build, which lack nothing these modules need.
const LINKED: [&str; 8] = [
    "wasmtime/cranelift",
    "wasmtime/winch",
    "wasmer/cranelift",
    "wasmer/singlepass",
    "wasmi/eager",
    "wasmi/lazy",
    "wasm3",
    "wamr/fast-interp",
];

#[test]
fn output_of_other_compilers_runs_everywhere() {
    let runoff = Runoff::new();
    let module = |name: &str| repository("guests/foreign/prebuilt").join(name).display().to_string();
    let (words, crc, collatz, strings) =
        (module("words.wasm"), module("crc.wasm"), module("collatz.wasm"), module("strings.wasm"));
    for id in runoff.runtimes() {
        let check = |args: &[&str], input: &str, right: &str| {
            let (code, out, err) = runoff.run_with([&["run", "--runtime", &id], args].concat(), input);
            // Old engines, and small ones, say which proposals they lack.
            if code == 4 && err.contains("unsupported: needs ") && !LINKED.contains(&id.as_str()) {
                return;
            }
            assert_eq!((code, err.as_str()), (0, ""), "{id} {args:?}");
            assert_eq!(out, right, "{id} {args:?}");
        };
        // C, a C reactor, Zig.
        check(&[&words], "one two\nthree\n", "      2       3      14 -\n");
        check(&["--invoke", "run", &crc, "--", "10"], "", "1324957560\n");
        check(&[&collatz, "--", "10000"], "", "6171 261\n");
        // AssemblyScript: an unsigned number of the guest, printed as the signed one the signature has.
        check(&["--invoke", "run", &strings, "--", "1000"], "", "609803677\n");
    }
}

#[test]
fn what_a_module_marks_is_measured_between_its_marks() {
    let runoff = Runoff::new();
    let markers = repository("guests/prebuilt/markers.wasm").display().to_string();
    let json = runoff.json(&["bench", &markers, "--runtimes", "wasmtime,wasmi/eager,wasm3", "--rounds", "2"]);
    let cells = json["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 5);
    for cell in cells {
        let median = |phase: &str| cell["phases_ns"][phase]["warm"]["median"].as_f64().expect("a time");
        assert!(median("marked") > 0.0 && median("marked") < median("call"), "{cell:#}");
    }
    let (code, out, _) = runoff.run(["run", &markers]);
    assert_eq!((code, out.as_str()), (0, "16163918578628468599\n"), "also without being measured");
}
