//! Bundles the catalogue: every manifest in `catalogue/` with its module and the module's committed checksum.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let catalogue = root.join("catalogue");
    let prebuilt = root.join("../../guests/prebuilt").canonicalize()?;
    let mut manifests = Vec::new();
    collect(&catalogue, &mut manifests)?;
    manifests.sort();
    let mut table = String::from("&[\n");
    for manifest in &manifests {
        println!("cargo:rerun-if-changed={}", manifest.display());
        let name = manifest.strip_prefix(&catalogue)?.with_extension("").display().to_string();
        let text = fs::read_to_string(manifest)?;
        let line = text.lines().find_map(|l| l.strip_prefix("module = \"")?.strip_suffix('"'));
        let file = line.ok_or_else(|| format!("{}: no line `module = \"…\"`", manifest.display()))?;
        let module = prebuilt.join(file).canonicalize().map_err(|e| format!("{name}: {file}: {e}"))?;
        println!("cargo:rerun-if-changed={}", module.display());
        writeln!(
            table,
            "    Bundle {{ name: {name:?}, manifest: include_str!({manifest:?}), module: include_bytes!({module:?}), \
             sha256: {:?} }},",
            checksum(&module)?
        )?;
    }
    table.push(']');
    // New manifests in any folder.
    println!("cargo:rerun-if-changed={}", catalogue.display());
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bundle.rs"), table)?;
    Ok(())
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            found.push(path);
        }
    }
    Ok(())
}

/// The checksum in the `SHA256SUMS` of the nearest folder above a module that has one.
fn checksum(module: &Path) -> Result<String, Box<dyn Error>> {
    for folder in module.ancestors().skip(1) {
        let sums = folder.join("SHA256SUMS");
        if !sums.exists() {
            continue;
        }
        println!("cargo:rerun-if-changed={}", sums.display());
        let file = module.strip_prefix(folder)?;
        let text = fs::read_to_string(&sums)?;
        let sum = text.lines().find_map(|line| {
            let (sum, name) = line.split_once(char::is_whitespace)?;
            (Path::new(name.trim()) == file).then(|| sum.to_owned())
        });
        return sum.ok_or_else(|| format!("{} has no line for {}", sums.display(), file.display()).into());
    }
    Err(format!("no SHA256SUMS above {}", module.display()).into())
}
