//! Names by which a linker tells WAMR more than the specification does.
//!
//! A module that exports `__heap_base` and `__data_end` gets another memory from WAMR than it asks for: without
//! `memory.grow` it is cut at the heap's base, and `memory.size` answers 1. With the thread manager (which
//! stopping calls needs) the stack in it is also divided among threads, and a module without data, whose two
//! globals are equal, cannot be called at all: making its execution environment fails without a word. The
//! bytes are the same for every runtime and must mean the same, so in WAMR's own copy of them the two
//! names differ in one letter.

use std::borrow::Cow;

use wasmparser::{Parser, Payload};

const HINTS: [&str; 2] = ["__heap_base", "__data_end"];

/// First letter of a hidden name.
const MARK: u8 = b'~';

/// Renames the hints among the exports. Bytes that do not parse stay as they are; WAMR will refuse them.
pub(super) fn hide(bytes: &mut [u8]) {
    let base = bytes.as_ptr().addr();
    let mut places = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(Payload::ExportSection(exports)) = payload else { continue };
        for export in exports.into_iter().flatten() {
            if HINTS.iter().any(|hint| hidden(hint) == export.name) {
                // A module that already uses the hidden name keeps both: names must stay unique.
                return;
            }
            if HINTS.contains(&export.name) {
                places.push(export.name.as_ptr().addr() - base);
            }
        }
    }
    for place in places {
        bytes[place] = MARK;
    }
}

/// The name an export has in WAMR's copy.
pub(super) fn hidden(name: &str) -> Cow<'_, str> {
    if HINTS.contains(&name) {
        Cow::Owned(format!("{}{}", char::from(MARK), &name[1..]))
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_names_change_and_only_by_a_letter() {
        let text = r#"(module (memory 1) (global i32 (i32.const 8)) (func)
            (export "__heap_base" (global 0)) (export "__data_end" (global 0)) (export "__heap_bases" (func 0)))"#;
        let wasm = wat::parse_str(text).unwrap();
        let mut copy = wasm.clone();
        hide(&mut copy);
        let changed: Vec<_> = wasm.iter().zip(&copy).filter(|(a, b)| a != b).collect();
        assert_eq!(changed, [(&b'_', &MARK), (&b'_', &MARK)]);
        let mut junk = b"\0asm\x01\0\0\0\x07\xff".to_vec();
        hide(&mut junk);
        assert_eq!(junk, b"\0asm\x01\0\0\0\x07\xff");
    }
}
