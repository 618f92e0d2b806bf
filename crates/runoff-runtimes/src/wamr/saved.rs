//! Compiled modules as bytes.
//!
//! WAMR's AOT format cannot be asked for everything the seam wants to know of a module, and its imports must be
//! known before it is loaded. So an outline of the module goes before it: the module with empty functions and
//! without data. Layout (little-endian): length of the outline (u32), outline, AOT format.

use wasmparser::BinaryReaderError;

use crate::caps::{append, leb, sections};

const AOT_MAGIC: &[u8] = b"\0aot";

const CUSTOM_SECTION: u8 = 0;
const ELEMENT_SECTION: u8 = 9;
const CODE_SECTION: u8 = 10;
const DATA_SECTION: u8 = 11;
const DATA_COUNT_SECTION: u8 = 12;

/// The parts of a saved module.
pub(super) struct Saved<'a> {
    /// The module without what it does.
    pub(super) outline: &'a [u8],
    /// The code.
    pub(super) aot: &'a [u8],
}

impl<'a> Saved<'a> {
    pub(super) fn pack(&self) -> Vec<u8> {
        let length = (self.outline.len() as u32).to_le_bytes();
        [&length, self.outline, self.aot].concat()
    }

    /// Reads what `pack` wrote; `None` when it is something else.
    pub(super) fn unpack(bytes: &'a [u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (outline, aot) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        aot.starts_with(AOT_MAGIC).then_some(Self { outline, aot })
    }
}

/// A valid module with the same imports, exports, tables and memories that does nothing.
pub(super) fn outline(wasm: &[u8]) -> Result<Vec<u8>, BinaryReaderError> {
    let mut out = wasm[..8].to_vec();
    for (id, body) in sections(wasm)? {
        match id {
            CUSTOM_SECTION | ELEMENT_SECTION | DATA_SECTION | DATA_COUNT_SECTION => {}
            CODE_SECTION => {
                let count = wasmparser::BinaryReader::new(body, 0).read_var_u32()?;
                let mut code = Vec::new();
                leb(&mut code, u64::from(count));
                for _ in 0..count {
                    // Three bytes: no locals, `unreachable`, `end`.
                    code.extend_from_slice(&[3, 0, 0, 0x0b]);
                }
                append(&mut out, id, &code);
            }
            _ => append(&mut out, id, body),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use runoff_runtime::ModuleDescriptor;

    use super::*;

    #[test]
    fn an_outline_says_the_same_of_itself() {
        let text = r#"(module (import "env" "log" (func (param i32))) (memory (export "memory") 2)
            (table (export "t") 3 funcref) (elem (i32.const 0) 1) (data (i32.const 0) "data") (start 1)
            (func) (func (export "add") (param i64) (result f64) (f64.const 0)))"#;
        let wasm = wat::parse_str(text).unwrap();
        let of = |wasm: &[u8]| ModuleDescriptor { code_bytes: 0, ..ModuleDescriptor::parse(wasm).unwrap() };
        assert_eq!(of(&outline(&wasm).unwrap()), of(&wasm));
    }

    #[test]
    fn what_is_packed_is_unpacked_and_nothing_else() {
        let saved = Saved { outline: b"outline", aot: b"\0aotcode" };
        let bytes = saved.pack();
        let back = Saved::unpack(&bytes).unwrap();
        assert_eq!((back.outline, back.aot), (saved.outline, saved.aot));
        for junk in [&b""[..], b"\x7fELF", b"this is not machine code at all, but long enough", &bytes[..12]]
        {
            assert!(Saved::unpack(junk).is_none());
        }
    }
}
