//! The committed schema of manifests is that of the type, and the bundled manifests keep to it.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-workloads --test schema` writes it anew.

use std::path::{Path, PathBuf};

use runoff_workloads::Manifest;
use schemars::schema_for;

fn beside(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_committed_schema_is_up_to_date() {
    let mut text = serde_json::to_string_pretty(&schema_for!(Manifest)).expect("a schema");
    text.push('\n');
    let path = beside("../../schemas/workload.schema.json");
    if std::env::var_os("RUNOFF_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a schema file");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date; RUNOFF_BLESS=1 writes it anew", path.display());
}

#[test]
fn the_bundled_manifests_keep_to_it() {
    let schema = serde_json::to_value(schema_for!(Manifest)).expect("a schema");
    let mut seen = 0;
    for entry in std::fs::read_dir(beside("catalogue")).expect("the catalogue") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(&path).expect("a manifest");
        let table: toml::Table = toml::from_str(&text).expect("a table");
        for key in table.keys() {
            assert!(schema["properties"].get(key).is_some(), "{}: `{key}`", path.display());
        }
        for key in schema["required"].as_array().into_iter().flatten().filter_map(|key| key.as_str()) {
            assert!(table.contains_key(key), "{}: no `{key}`", path.display());
        }
    }
    assert!(seen > 0, "the catalogue is empty");
}
