//! Tells the program the versions it is built with, from the lock file.

use std::fs;

fn main() {
    println!("cargo:rerun-if-changed=Cargo.lock");
    let lock = fs::read_to_string("Cargo.lock").expect("a lock file");
    let package = |name: &str| {
        let start = format!("name = \"{name}\"\n");
        lock.split("[[package]]\n").find(|block| block.starts_with(&start)).expect("a package").to_owned()
    };
    let extism = package("extism");
    let version = extism.lines().find_map(|line| line.strip_prefix("version = ")).expect("a version");
    println!("cargo:rustc-env=EXTISM_VERSION={}", version.trim_matches('"'));
    // Two versions are there, so that each dependent names its own.
    let wasmtime = |of: &str| {
        let own = |line: &str| line.trim().strip_prefix("\"wasmtime ")?.strip_suffix("\",").map(str::to_owned);
        package(of).lines().find_map(own).expect("a version of Wasmtime")
    };
    println!("cargo:rustc-env=EXTISM_WASMTIME_VERSION={}", wasmtime("extism"));
    println!("cargo:rustc-env=WASMTIME_VERSION={}", wasmtime("runoff-rivals"));
}
