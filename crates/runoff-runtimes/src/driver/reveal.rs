//! A memory is exported, so that a driver in any language can reach it.

use std::rc::Rc;

use runoff_runtime::{ExternKind, RuntimeError};
use wasmparser::{BinaryReader, BinaryReaderError};

use crate::caps::{append, leb, sections};
use crate::checked::Checked;

const EXPORT_SECTION: u8 = 7;
/// Sections that come after the exports: start, elements, number of data segments, code, data.
const LATER: [u8; 5] = [8, 9, 12, 10, 11];
const MEMORY_KIND: u8 = 2;

/// The module with its first memory exported; its own bytes when it has none, or exports one already.
pub(super) fn with_memory(module: &Checked) -> Result<Rc<Vec<u8>>, RuntimeError> {
    let exports = &module.descriptor.exports;
    if !module.has_memory || exports.iter().any(|e| e.kind == ExternKind::Memory) {
        return Ok(Rc::clone(&module.bytes));
    }
    let mut name = String::from("runoff:memory");
    while exports.iter().any(|e| e.name == name) {
        name.push('\'');
    }
    let added = add(&module.bytes, &name).map_err(|e| RuntimeError::Engine(e.to_string()))?;
    Ok(Rc::new(added))
}

fn add(wasm: &[u8], name: &str) -> Result<Vec<u8>, BinaryReaderError> {
    let mut entry = Vec::new();
    leb(&mut entry, name.len() as u64);
    entry.extend_from_slice(name.as_bytes());
    entry.extend_from_slice(&[MEMORY_KIND, 0]);
    let all = sections(wasm)?;
    let mut out = wasm[..8].to_vec();
    let mut added = false;
    for (id, body) in &all {
        if *id == EXPORT_SECTION {
            let mut reader = BinaryReader::new(body, 0);
            let count = reader.read_var_u32()?;
            let mut section = Vec::new();
            leb(&mut section, u64::from(count) + 1);
            section.extend_from_slice(&body[reader.current_position()..]);
            section.extend_from_slice(&entry);
            append(&mut out, EXPORT_SECTION, &section);
            added = true;
            continue;
        }
        if !added && LATER.contains(id) {
            append(&mut out, EXPORT_SECTION, &[&[1], &entry[..]].concat());
            added = true;
        }
        append(&mut out, *id, body);
    }
    if !added {
        append(&mut out, EXPORT_SECTION, &[&[1], &entry[..]].concat());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::add;

    #[test]
    fn the_export_is_added_where_exports_belong() {
        for text in [
            "(module (memory 1))",
            "(module (memory 1) (func $f) (start $f))",
            r#"(module (memory 1) (func (export "f")) (data (i32.const 0) "x"))"#,
        ] {
            let wasm = add(&wat::parse_str(text).unwrap(), "m").unwrap();
            wasmparser::validate(&wasm).unwrap();
            let printed = runoff_runtime::ModuleDescriptor::parse(&wasm).unwrap();
            assert_eq!(printed.exports.last().map(|e| e.name.as_str()), Some("m"), "{text}");
        }
    }
}
