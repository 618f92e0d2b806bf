//! A folder of modules as a configuration: `NAME.wasm` answers `/NAME`, `NAME.wagi.wasm` too, as `wagi`.

use std::path::Path;

use super::file::{AbiName, ConfigFile, FunctionFile};

/// The configuration a folder stands for, in the order of names; folders inside are not looked at.
pub(super) fn read(folder: &Path) -> std::io::Result<ConfigFile> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|e| e.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()?;
    names.retain(|name| Path::new(name).extension().is_some_and(|e| e == "wasm"));
    names.sort();
    let functions = names
        .into_iter()
        .map(|file| {
            let stem = file.trim_end_matches(".wasm");
            let (name, abi) = match stem.strip_suffix(".wagi") {
                Some(name) => (name.to_owned(), Some(AbiName::Wagi)),
                None => (stem.to_owned(), None),
            };
            FunctionFile { name: Some(name), module: file.into(), abi, ..FunctionFile::default() }
        })
        .collect();
    Ok(ConfigFile { functions, ..ConfigFile::default() })
}
