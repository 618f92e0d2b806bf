//! Limits for engines that only know what a module says of itself.
//!
//! Caps on growth: the sections of memories and tables are written anew with a maximum no larger than the cap.
//! Start functions that must be stoppable: the start section becomes an export, so that the start function is
//! called like any other. Everything else, code above all, stays byte for byte as it is, and without limits
//! all of it does.

use runoff_runtime::{LimitKind, Limits, RuntimeError};
use wasmparser::{BinaryReader, BinaryReaderError, MemorySectionReader, RefType, TableSectionReader};

use crate::checked::Checked;
use crate::support::{check_memory_cap, check_table_cap};

const TABLE_SECTION: u8 = 4;
const MEMORY_SECTION: u8 = 5;
const EXPORT_SECTION: u8 = 7;
const START_SECTION: u8 = 8;
const PAGE: u64 = 65_536;

/// Export [`defer_start`] makes of a start function; no compiler gives one this name.
pub const DEFERRED_START: &str = "runoff:deferred-start";

/// Checks what a module starts with, and that engines for which "at most 0" means "no maximum" are not asked
/// for that.
pub(crate) fn check_start(module: &Checked, limits: &Limits) -> Result<(), RuntimeError> {
    check_memory_cap(module.descriptor.memory_min.unwrap_or(0), limits.memory_bytes)?;
    check_table_cap(module.table_min, limits.table_elements)?;
    if module.has_memory && limits.memory_bytes.is_some_and(|cap| cap < PAGE) {
        let words = "this engine cannot cap a memory below one page";
        return Err(RuntimeError::Limit(LimitKind::Memory, words.into()));
    }
    if module.tables > 0 && limits.table_elements == Some(0) {
        let words = "this engine cannot cap a table at nothing";
        return Err(RuntimeError::Limit(LimitKind::Table, words.into()));
    }
    Ok(())
}

/// A valid module with the memories and tables it may have under `limits`; `None` when nothing is capped.
pub(crate) fn capped(module: &Checked, limits: &Limits) -> Result<Option<Vec<u8>>, RuntimeError> {
    let pages = limits.memory_bytes.filter(|_| module.has_memory).map(|bytes| bytes / PAGE);
    let elements = limits.table_elements.filter(|_| module.tables > 0).map(u64::from);
    if pages.is_none() && elements.is_none() {
        return Ok(None);
    }
    rewrite(&module.bytes, pages, elements).map(Some).map_err(|e| RuntimeError::Engine(e.to_string()))
}

/// A valid module whose start function is not run but exported, and the export's name; `None` when it has no
/// start function.
pub(crate) fn startless(module: &Checked) -> Result<Option<(Vec<u8>, String)>, RuntimeError> {
    let mut name = String::from("runoff:start");
    while module.descriptor.exports.iter().any(|e| e.name == name) {
        name.push('\'');
    }
    let rewritten = export_start(&module.bytes, &name).map_err(|e| RuntimeError::Engine(e.to_string()))?;
    Ok(rewritten.map(|wasm| (wasm, name)))
}

/// The same for a host that calls the start function itself, under its own clock; `wasm` must be valid.
pub fn defer_start(wasm: &[u8]) -> Result<Option<(Vec<u8>, &'static str)>, RuntimeError> {
    let rewritten = export_start(wasm, DEFERRED_START)
        .map_err(|e| RuntimeError::Malformed { message: e.message().to_owned(), offset: Some(e.offset()) })?;
    Ok(rewritten.map(|wasm| (wasm, DEFERRED_START)))
}

fn export_start(wasm: &[u8], name: &str) -> Result<Option<Vec<u8>>, BinaryReaderError> {
    let Some(start) = sections(wasm)?.into_iter().find(|(id, _)| *id == START_SECTION) else {
        return Ok(None);
    };
    let mut entry = Vec::new();
    leb(&mut entry, name.len() as u64);
    entry.extend_from_slice(name.as_bytes());
    entry.push(0);
    // The body of a start section is the function's index.
    entry.extend_from_slice(start.1);
    let mut exported = false;
    let mut out = wasm[..8].to_vec();
    for (id, body) in sections(wasm)? {
        let section = match id {
            EXPORT_SECTION => {
                let mut reader = BinaryReader::new(body, 0);
                let count = reader.read_var_u32()?;
                let mut section = Vec::new();
                leb(&mut section, u64::from(count) + 1);
                section.extend_from_slice(&body[reader.current_position()..]);
                section.extend_from_slice(&entry);
                exported = true;
                section
            }
            START_SECTION if exported => continue,
            // Exports belong right before where the start section is.
            START_SECTION => [&[1], &entry[..]].concat(),
            _ => body.to_vec(),
        };
        append(&mut out, if id == START_SECTION { EXPORT_SECTION } else { id }, &section);
    }
    Ok(Some(out))
}

/// Number and body of each section.
pub(crate) fn sections(wasm: &[u8]) -> Result<Vec<(u8, &[u8])>, BinaryReaderError> {
    let mut reader = BinaryReader::new(&wasm[8..], 0);
    let mut sections = Vec::new();
    while !reader.eof() {
        let id = reader.read_u8()?;
        let size = reader.read_var_u32()? as usize;
        sections.push((id, reader.read_bytes(size)?));
    }
    Ok(sections)
}

/// Adds a section.
pub(crate) fn append(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    leb(out, body.len() as u64);
    out.extend_from_slice(body);
}

fn rewrite(wasm: &[u8], pages: Option<u64>, elements: Option<u64>) -> Result<Vec<u8>, BinaryReaderError> {
    let mut out = Vec::with_capacity(wasm.len() + 16);
    out.extend_from_slice(&wasm[..8]);
    for (id, body) in sections(wasm)? {
        match (id, pages, elements) {
            (MEMORY_SECTION, Some(cap), _) => append(&mut out, id, &memories(body, cap)?),
            (TABLE_SECTION, _, Some(cap)) => append(&mut out, id, &tables(body, cap)?),
            _ => append(&mut out, id, body),
        }
    }
    Ok(out)
}

fn memories(body: &[u8], cap: u64) -> Result<Vec<u8>, BinaryReaderError> {
    let reader = MemorySectionReader::new(BinaryReader::new(body, 0))?;
    let mut out = Vec::new();
    leb(&mut out, u64::from(reader.count()));
    for memory in reader {
        let memory = memory?;
        out.push(1 | u8::from(memory.shared) << 1);
        leb(&mut out, memory.initial);
        leb(&mut out, memory.maximum.map_or(cap, |max| max.min(cap)));
    }
    Ok(out)
}

fn tables(body: &[u8], cap: u64) -> Result<Vec<u8>, BinaryReaderError> {
    let reader = TableSectionReader::new(BinaryReader::new(body, 0))?;
    let mut out = Vec::new();
    leb(&mut out, u64::from(reader.count()));
    for table in reader {
        // Initialisers and typed references belong to proposals these engines do not have.
        let table = table?.ty;
        out.push(if table.element_type == RefType::EXTERNREF { 0x6f } else { 0x70 });
        out.push(1);
        leb(&mut out, table.initial);
        leb(&mut out, table.maximum.map_or(cap, |max| max.min(cap)));
    }
    Ok(out)
}

/// Appends an unsigned LEB128 number.
pub(crate) fn leb(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_maxima_change() {
        let module = |memory: &str, table: &str| {
            wat::parse_str(format!(
                r#"(module (table {table} funcref) (memory {memory}) (export "f" (func 0))
                     (func (result i32) (memory.grow (i32.const 1000))))"#
            ))
            .unwrap()
        };
        assert_eq!(rewrite(&module("1", "3"), Some(200), Some(300)).unwrap(), module("1 200", "3 300"));
        assert_eq!(rewrite(&module("1 9", "3 9"), Some(200), Some(5)).unwrap(), module("1 9", "3 5"));
        assert_eq!(rewrite(&module("1", "3"), None, None).unwrap(), module("1", "3"));
    }

    #[test]
    fn the_start_function_becomes_an_export() {
        let module = |exports: &str| {
            let text = format!("(module (func $a) (func $b) {exports} (start $b) (elem declare func $a))");
            wat::parse_str(text).unwrap()
        };
        let exported = |exports: &str| {
            let text = format!("(module (func $a) (func $b) {exports} (elem declare func $a))");
            wat::parse_str(text).unwrap()
        };
        let x = r#"(export "a" (func $a))"#;
        let s = r#"(export "s" (func $b))"#;
        assert_eq!(export_start(&module(x), "s").unwrap().unwrap(), exported(&format!("{x} {s}")));
        assert_eq!(export_start(&module(""), "s").unwrap().unwrap(), exported(s));
        assert_eq!(export_start(&exported(s), "s").unwrap(), None);
    }
}
