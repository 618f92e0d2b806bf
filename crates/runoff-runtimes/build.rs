//! Tells the crate which engine versions the lock file chose, for engines that do not say at run time.

use std::process::Command;
use std::{env, fs, path::Path};

const ENGINES: [(&str, &str); 8] = [
    ("wasmtime", "RUNOFF_WASMTIME_VERSION"),
    ("wasmer", "RUNOFF_WASMER_VERSION"),
    ("wasmi", "RUNOFF_WASMI_VERSION"),
    ("wasm3x-sys", "RUNOFF_WASM3X_VERSION"),
    ("wamrx-sys", "RUNOFF_WAMRX_VERSION"),
    ("tinywasm", "RUNOFF_TINYWASM_VERSION"),
    ("makepad-stitch", "RUNOFF_STITCH_VERSION"),
    ("toywasmx-sys", "RUNOFF_TOYWASM_VERSION"),
];

fn main() {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let lock = Path::new(&manifest).join("../../Cargo.lock");
    println!("cargo:rerun-if-changed={}", lock.display());
    if env::var_os("CARGO_FEATURE_WAMR_EXTERNAL").is_some() {
        link("RUNOFF_WAMR_SEARCH", "rustc-link-search=native");
        link("RUNOFF_WAMR_LINK", "rustc-link-lib");
    }
    if let Some(rustc) = rustc_version() {
        println!("cargo:rustc-env=RUNOFF_RUSTC_VERSION={rustc}");
    }
    let text = fs::read_to_string(&lock).unwrap_or_default();
    for (package, variable) in ENGINES {
        println!("cargo:rustc-env={variable}={}", version(&text, package).unwrap_or("unknown"));
    }
}

/// Passes the words of a variable to the linker.
fn link(variable: &str, directive: &str) {
    println!("cargo:rerun-if-env-changed={variable}");
    for word in env::var(variable).unwrap_or_default().split_whitespace() {
        println!("cargo:{directive}={word}");
        let library = Path::new(word).join("libiwasm.a");
        if library.exists() {
            println!("cargo:rerun-if-changed={}", library.display());
        }
    }
}

/// What the compiler that builds the twins calls itself.
fn rustc_version() -> Option<String> {
    let output = Command::new(env::var("RUSTC").ok()?).arg("--version").output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// The version that follows `name = "package"` in a lock file.
fn version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"\n");
    let rest = &lock[lock.find(&name)? + name.len()..];
    rest.strip_prefix("version = \"")?.split('"').next()
}
