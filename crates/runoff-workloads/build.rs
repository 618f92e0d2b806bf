//! Ties twins to modules: reads the committed checksums of the prebuilt guests.

use std::{env, fs, path::Path};

fn main() {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let sums = Path::new(&manifest).join("../../guests/prebuilt/SHA256SUMS");
    println!("cargo:rerun-if-changed={}", sums.display());
    let text = fs::read_to_string(&sums).unwrap_or_default();
    for (module, variable) in
        [("add-one", "ADD_ONE"), ("fibonacci", "FIBONACCI"), ("nbody", "NBODY"), ("fibo", "FIBO")]
    {
        let name = format!("{module}.wasm");
        let sum = text.lines().find_map(|line| {
            let (sum, file) = line.split_once(char::is_whitespace)?;
            (file.trim().trim_start_matches('*').rsplit('/').next() == Some(name.as_str())).then_some(sum)
        });
        println!("cargo:rustc-env=RUNOFF_SHA256_{variable}={}", sum.unwrap_or("missing"));
    }
}
