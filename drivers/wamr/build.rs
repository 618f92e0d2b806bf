//! Refuses a build without a library of WAMR's: it would link the wrong one, or none.

use std::env;

const MODES: [&str; 4] = ["CLASSIC", "FAST_JIT", "LLVM_JIT", "AOT"];

fn main() {
    let chosen = MODES.iter().filter(|mode| env::var_os(format!("CARGO_FEATURE_{mode}")).is_some()).count();
    let linked = ["DOCS_RS", "RUNOFF_WAMR_LINK"].iter().all(|name| env::var_os(name).is_some());
    println!("cargo:rerun-if-env-changed=DOCS_RS");
    println!("cargo:rerun-if-env-changed=RUNOFF_WAMR_LINK");
    assert!(chosen == 1 && linked, "use build.sh MODE: it builds WAMR for the mode and then this driver");
}
