//! Lets modules see this program's symbols, and tells it which engine the lock file chose.

use std::path::Path;
use std::{env, fs};

const ENGINE: [(&str, &str); 2] =
    [("lucet-runtime", "RUNOFF_LUCET_VERSION"), ("cranelift-codegen", "RUNOFF_CRANELIFT_VERSION")];

fn main() {
    // Modules are shared objects whose imports are symbols of the program that loads them.
    println!("cargo:rustc-link-arg-bins=-rdynamic");
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let lock = Path::new(&manifest).join("Cargo.lock");
    println!("cargo:rerun-if-changed={}", lock.display());
    let text = fs::read_to_string(&lock).unwrap_or_default();
    for (package, variable) in ENGINE {
        println!("cargo:rustc-env={variable}={}", version(&text, package).unwrap_or("unknown"));
    }
}

/// The version that follows `name = "package"` in a lock file.
fn version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"\n");
    let rest = &lock[lock.find(&name)? + name.len()..];
    rest.strip_prefix("version = \"")?.split('"').next()
}
