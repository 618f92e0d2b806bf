//! The committed JSON Schemas are those of the types, and files as written keep to them.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-data --test schemas` writes them anew.

mod common;

use std::path::{Path, PathBuf};

use common::{block, end, header};
use runoff_data::{Profile, Record};
use schemars::{JsonSchema, schema_for};
use serde_json::Value;

fn committed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(format!("{name}.schema.json"))
}

fn same<T: JsonSchema>(name: &str) {
    let mut text = serde_json::to_string_pretty(&schema_for!(T)).expect("a schema");
    text.push('\n');
    let path = committed(name);
    if std::env::var_os("RUNOFF_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a schema file");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date; RUNOFF_BLESS=1 writes it anew", path.display());
}

#[test]
fn the_committed_schemas_are_up_to_date() {
    same::<Record>("result-line");
    same::<Profile>("profile");
}

#[test]
fn written_lines_keep_to_the_schema() {
    let schema = serde_json::to_value(schema_for!(Record)).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    for record in [Record::Header(header()), Record::Block(block(3)), Record::End(end())] {
        let line = serde_json::to_value(&record).expect("a line");
        let errors: Vec<_> = validator.iter_errors(&line).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?} in {line}");
    }
    for wrong in [r#"{"record":"block"}"#, r#"{"record":"other"}"#, "[]"] {
        let value: Value = serde_json::from_str(wrong).expect("JSON");
        assert!(!validator.is_valid(&value), "{wrong} passes");
    }
}
