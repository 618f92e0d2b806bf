//! Compiles the programs in C for the machine at hand, at the level and with the settings that their modules are
//! compiled with by `rebuild.sh`, but by whichever compiler there is: clang 19 if it is installed, else the usual one.

use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=programs");
    println!("cargo:rerun-if-changed=include");
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // The modules themselves are made by `rebuild.sh`.
        return Ok(());
    }
    let mut build = cc::Build::new();
    if env::var_os("CC").is_none() && Command::new("clang-19").arg("--version").output().is_ok() {
        build.compiler("clang-19");
    }
    build.std("c17").opt_level(3).flag("-ffp-contract=off").include("include");
    for entry in fs::read_dir("programs")? {
        let path = entry?.path();
        // The `main` of a module.
        if !path.ends_with("main.c") {
            build.file(path);
        }
    }
    build.compile("runoff_guest_c");
    Ok(())
}
