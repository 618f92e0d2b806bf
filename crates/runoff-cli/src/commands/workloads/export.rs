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
        let Some(((_, wasm), manifest)) = bundled(name).zip(bundled_manifest(name)) else { continue };
        let module = to.join(format!("{name}.wasm"));
        if let Some(folder) = module.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&module, wasm).with_context(|| format!("cannot write {}", module.display()))?;
        let path = module.with_extension("toml");
        fs::write(&path, beside(manifest, &module))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    output::print(&format!("{} workloads in {}\n", all.len(), to.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The manifest with its module beside it.
fn beside(manifest: &str, module: &Path) -> String {
    let file = module.file_name().unwrap_or_default().to_string_lossy();
    let line = |l: &str| {
        if l.starts_with("module = ") { format!("module = \"{file}\"\n") } else { format!("{l}\n") }
    };
    manifest.lines().map(line).collect()
}
