//! Writing workloads out.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use runoff_workloads::{bundled, bundled_manifest, set};

use crate::exit::{USAGE, coded};
use crate::support::output;

pub(super) fn export(names: &[String], to: &Path) -> anyhow::Result<ExitCode> {
    let mut all = Vec::new();
    for name in names {
        let members = set(name);
        match bundled(name) {
            Some(_) => all.push(name.as_str()),
            None if !members.is_empty() => all.extend(members),
            None => {
                return Err(coded(
                    USAGE,
                    format!("`{name}` is neither a workload nor a set; see `runoff workloads`"),
                ));
            }
        }
    }
    for name in &all {
        let Some(((_, module), manifest)) = bundled(name).zip(bundled_manifest(name)) else { continue };
        let wasm = module.bytes().with_context(|| format!("the bundled module of `{name}` is damaged"))?;
        let path = to.join(format!("{name}.wasm"));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let manifest = beside(manifest, name, &path);
        for (path, content) in [(path.with_extension("toml"), manifest.as_bytes()), (path, &wasm)] {
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    output::print(&format!("{} workloads in {}\n", all.len(), to.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The manifest with its module beside it, and the name with the level.
fn beside(manifest: &str, name: &str, module: &Path) -> String {
    let file = module.file_name().unwrap_or_default().to_string_lossy();
    let line = |l: &str| match l.split_once(" = ") {
        Some(("name", _)) => format!("name = \"{name}\"\n"),
        Some(("module", _)) => format!("module = \"{file}\"\n"),
        _ => format!("{l}\n"),
    };
    manifest.lines().map(line).collect()
}
