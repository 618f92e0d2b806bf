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
    if env::var_os("CARGO_FEATURE_LLVM").is_some() {
        require_llvm();
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

/// Ends the build at once, with what to install, where `llvm-sys` would say minutes later that it found nothing. Looks
/// where it looks: at its prefix, else for `llvm-config` on PATH.
fn require_llvm() {
    const PREFIX: &str = "LLVM_SYS_221_PREFIX";
    println!("cargo:rerun-if-env-changed={PREFIX}");
    println!("cargo:rerun-if-env-changed=PATH");
    let ask = |program: &Path, what: &str| {
        let output = Command::new(program).arg(what).output().ok()?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    };
    let named = env::var_os(PREFIX).map(|prefix| Path::new(&prefix).join("bin/llvm-config"));
    let candidates = match named {
        Some(config) => vec![config],
        None => ["llvm-config-22", "llvm-config"].map(Into::into).to_vec(),
    };
    let suits =
        |config: &&std::path::PathBuf| ask(config, "--version").is_some_and(|v| v.starts_with("22.1"));
    let config = candidates.iter().find(suits);
    let folder = config.and_then(|config| ask(config, "--libdir"));
    if folder.is_some_and(|folder| Path::new(&folder).join("libPolly.a").exists()) {
        return;
    }
    let lacks = if config.is_some() { "no Polly for LLVM 22.1" } else { "no LLVM 22.1" };
    println!(
        "cargo::error={lacks} was found for the feature `llvm`. On Debian or Ubuntu: `sudo apt-get install -y \
         llvm-22-dev libpolly-22-dev libzstd-dev zlib1g-dev`, then build with `{PREFIX}=/usr/lib/llvm-22` set."
    );
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
