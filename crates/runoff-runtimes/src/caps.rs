//! Caps on growth for engines that only know the maximum a module declares.
//!
//! The sections of memories and tables are written anew with a maximum no larger than the cap; everything
//! else, code above all, stays byte for byte as it is.

use runoff_runtime::{LimitKind, Limits, RuntimeError};
use wasmparser::{BinaryReader, BinaryReaderError, MemorySectionReader, RefType, TableSectionReader};

use crate::checked::Checked;
use crate::support::{check_memory_cap, check_table_cap};

const TABLE_SECTION: u8 = 4;
const MEMORY_SECTION: u8 = 5;
const PAGE: u64 = 65_536;

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

fn rewrite(wasm: &[u8], pages: Option<u64>, elements: Option<u64>) -> Result<Vec<u8>, BinaryReaderError> {
    let mut out = Vec::with_capacity(wasm.len() + 16);
    out.extend_from_slice(&wasm[..8]);
    let mut reader = BinaryReader::new(&wasm[8..], 0);
    while !reader.eof() {
        let id = reader.read_u8()?;
        let size = reader.read_var_u32()? as usize;
        let body = reader.read_bytes(size)?;
        let section = match (id, pages, elements) {
            (MEMORY_SECTION, Some(cap), _) => memories(body, cap)?,
            (TABLE_SECTION, _, Some(cap)) => tables(body, cap)?,
            _ => body.to_vec(),
        };
        out.push(id);
        leb(&mut out, section.len() as u64);
        out.extend_from_slice(&section);
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
fn leb(out: &mut Vec<u8>, mut value: u64) {
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
}
