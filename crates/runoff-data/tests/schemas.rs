//! The committed JSON Schemas are those of the types, and files as written keep to them.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-data --test schemas` writes them anew.

mod common;

use std::path::{Path, PathBuf};

use common::{block, end, header};
use runoff_data::{HistoryEntry, Profile, Record};
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
    same::<HistoryEntry>("history");
}

/// The alternative of a tagged schema for this kind of record.
fn alternative<'a>(schema: &'a Value, record: &str) -> &'a Value {
    let mut all = schema["oneOf"].as_array().into_iter().flatten();
    let found = all.find(|one| one["properties"]["record"]["const"] == record);
    found.unwrap_or_else(|| panic!("no alternative `{record}`"))
}

#[test]
fn every_written_field_is_described_and_every_required_one_is_written() {
    let schema = serde_json::to_value(schema_for!(Record)).expect("a schema");
    for record in [Record::Header(header()), Record::Block(block(3)), Record::End(end())] {
        let line = serde_json::to_value(&record).expect("a line");
        let tag = line["record"].as_str().expect("a tag");
        let one = alternative(&schema, tag);
        let definition = one["$ref"]
            .as_str()
            .map_or(one, |path| schema.pointer(path.trim_start_matches('#')).expect("a definition"));
        // A flattened status adds its own alternatives.
        let described = |key: &str| {
            one["properties"].get(key).is_some()
                || definition["properties"].get(key).is_some()
                || ["status", "reason"].contains(&key)
        };
        for key in line.as_object().expect("an object").keys() {
            assert!(described(key), "`{key}` of `{tag}` is not in the schema");
        }
        for key in definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(line.get(key).is_some(), "`{key}` of `{tag}` is required and was not written");
        }
    }
}
