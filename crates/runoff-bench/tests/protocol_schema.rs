//! The committed schemas of the worker protocol are those of the types.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-bench --test protocol_schema` writes them anew.

use std::path::Path;

use runoff_bench::protocol::{FromWorker, ToWorker};
use runoff_runtimes::driver::{Request, Response};
use schemars::{JsonSchema, schema_for};

fn same<T: JsonSchema>(name: &str) {
    let mut text = serde_json::to_string_pretty(&schema_for!(T)).expect("a schema");
    text.push('\n');
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let path = folder.join(format!("{name}.schema.json"));
    if std::env::var_os("RUNOFF_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a schema file");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date; RUNOFF_BLESS=1 writes it anew", path.display());
}

#[test]
fn the_committed_schemas_are_up_to_date() {
    same::<ToWorker>("to-worker");
    same::<FromWorker>("from-worker");
    same::<Request>("to-driver-session");
    same::<Response>("from-driver-session");
}
