//! The committed schema of manifests is that of the type, and the bundled manifests keep to it.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-workloads --test schema` writes it anew.

use std::path::Path;

use runoff_workloads::Manifest;
use schemars::schema_for;

#[test]
fn the_committed_schema_is_up_to_date() {
    let mut text = serde_json::to_string_pretty(&schema_for!(Manifest)).expect("a schema");
    text.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/workload.schema.json");
    if std::env::var_os("RUNOFF_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a schema file");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date; RUNOFF_BLESS=1 writes it anew", path.display());
}
