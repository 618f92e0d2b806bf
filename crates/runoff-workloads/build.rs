//! Bundles the catalogue: every manifest in `catalogue/` with its module and the module's committed checksum, and once
//! more for every other optimisation level that its module was built at.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let catalogue = root.join("catalogue");
    let guests = root.join("../../guests").canonicalize()?;
    let prebuilt = guests.join("prebuilt");
    let levels = folders(&guests.join("levels"))?;
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
        bundle(&mut table, &name, manifest, &module, None)?;
        // `levels/SET-LEVEL/MODULE` is `prebuilt/SET/MODULE` at another level, and right answers are the same.
        let (Some((set, workload)), Some((folder, module))) = (name.split_once('/'), file.split_once('/'))
        else {
            continue;
        };
        for level in levels.iter().filter_map(|l| l.strip_prefix(folder)?.strip_prefix('-')) {
            let other = guests.join("levels").join(format!("{folder}-{level}")).join(format!("{module}.gz"));
            if other.exists() {
                bundle(
                    &mut table,
                    &format!("{set}-{level}/{workload}"),
                    manifest,
                    &other,
                    Some((&name, level)),
                )?;
            }
        }
    }
    table.push(']');
    // New manifests in any folder.
    println!("cargo:rerun-if-changed={}", catalogue.display());
    fs::write(Path::new(&env::var("OUT_DIR")?).join("bundle.rs"), table)?;
    Ok(())
}

/// One line of the table; `of` is the name at the usual level, and the other level.
fn bundle(
    table: &mut String,
    name: &str,
    manifest: &Path,
    module: &Path,
    of: Option<(&str, &str)>,
) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", module.display());
    // As literals of Rust.
    let (manifest, bytes) = (manifest.display().to_string(), module.display().to_string());
    let kept = if module.extension().is_some_and(|e| e == "gz") { "Gzip" } else { "Plain" };
    writeln!(
        table,
        "    Bundle {{ name: {name:?}, manifest: include_str!({manifest:?}), \
         module: BundledModule::{kept}(include_bytes!({bytes:?})), sha256: {:?}, variant_of: {of:?} }},",
        checksum(module)?
    )?;
    Ok(())
}

/// Names of the folders in a folder, in order; none when it does not exist.
fn folders(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.path().is_dir() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
    names.sort();
    Ok(names)
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

/// The checksum of a module in the `SHA256SUMS` of the nearest folder above it that has one, or, when its file is
/// packed, in `UNPACKED.SHA256SUMS`.
fn checksum(module: &Path) -> Result<String, Box<dyn Error>> {
    let (list, module) = if module.extension().is_some_and(|e| e == "gz") {
        ("UNPACKED.SHA256SUMS", module.with_extension(""))
    } else {
        ("SHA256SUMS", module.to_owned())
    };
    for folder in module.ancestors().skip(1) {
        let sums = folder.join(list);
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
    Err(format!("no {list} above {}", module.display()).into())
}
