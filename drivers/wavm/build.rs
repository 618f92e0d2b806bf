//! Links what `build.sh` has built.

use std::env;
use std::path::Path;

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let built = Path::new(&root).join("build");
    let library = built.join("librunoff-wavm.a");
    println!("cargo:rerun-if-changed={}", library.display());
    assert!(library.exists(), "{} is missing: run build.sh", library.display());
    println!("cargo:rustc-link-search=native={}", built.display());
    println!("cargo:rustc-link-lib=static:+whole-archive=runoff-wavm");
    println!("cargo:rustc-link-search=native=/usr/lib/llvm-13/lib");
    println!("cargo:rustc-link-lib=dylib=LLVM-13");
    println!("cargo:rustc-link-lib=dylib=stdc++");
}
