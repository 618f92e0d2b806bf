//! Functions in an object file that lies within other bytes: what an engine saves.

use std::collections::BTreeMap;

use object::{Architecture, File, Object, ObjectSection, ObjectSymbol, SectionIndex, SymbolKind};

/// How object files begin.
const MAGIC: &[u8] = b"\x7fELF";

/// A function of an object file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectFunction {
    /// Its symbol.
    pub name: String,
    /// An address that no other function of the file has; calls that the linker resolves lead nowhere yet.
    pub address: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Functions of the first object file for x86-64 within some bytes that has any.
pub fn embedded_functions(bytes: &[u8]) -> Vec<ObjectFunction> {
    let starts = bytes.windows(MAGIC.len()).enumerate().filter(|(_, w)| *w == MAGIC).map(|(at, _)| at);
    let mut all = starts.map(|at| functions(&bytes[at..]));
    all.find(|functions| !functions.is_empty()).unwrap_or_default()
}

fn functions(bytes: &[u8]) -> Vec<ObjectFunction> {
    let Ok(file) = File::parse(bytes) else { return Vec::new() };
    if file.architecture() != Architecture::X86_64 {
        return Vec::new();
    }
    let mut sections: BTreeMap<usize, Vec<(u64, u64, String)>> = BTreeMap::new();
    for symbol in file.symbols().filter(|s| s.kind() == SymbolKind::Text && s.is_definition()) {
        if let (Some(section), Ok(name)) = (symbol.section_index(), symbol.name()) {
            let place = sections.entry(section.0).or_default();
            place.push((symbol.address(), symbol.size(), name.to_owned()));
        }
    }
    let mut found = Vec::new();
    for (index, mut symbols) in sections {
        let Ok(section) = file.section_by_index(SectionIndex(index)) else { continue };
        let Ok(data) = section.data() else { continue };
        symbols.sort();
        // Compilers that write no sizes put one function behind the other.
        let ends: Vec<u64> =
            symbols.iter().skip(1).map(|s| s.0).chain([section.address() + data.len() as u64]).collect();
        for ((address, size, name), end) in symbols.into_iter().zip(ends) {
            let size = if size == 0 { end.saturating_sub(address) } else { size };
            let Some(start) = address.checked_sub(section.address()) else { continue };
            let Some(stop) = start.checked_add(size) else { continue };
            let Some(code) = data.get(start as usize..stop as usize) else { continue };
            // Sections of a file that is not linked all begin at zero.
            let address = if section.address() == 0 { (index as u64) << 40 | address } else { address };
            found.push(ObjectFunction { name, address, bytes: code.to_vec() });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_without_an_object_file_have_no_functions() {
        assert_eq!(embedded_functions(b""), []);
        assert_eq!(embedded_functions(b"\x7fELF"), []);
        assert_eq!(embedded_functions(&[b"junk\x7fELF\x02\x01\x01".as_slice(), &[0xff; 200]].concat()), []);
    }

    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    fn an_executable_within_other_bytes_is_found() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let wrapped = [b"\x7fELF is not one".as_slice(), &own].concat();
        let found = embedded_functions(&wrapped);
        let here = found.iter().find(|f| f.name.contains("an_executable_within_other_bytes_is_found"));
        assert!(here.is_some_and(|f| !f.bytes.is_empty()));
    }

    proptest::proptest! {
        #[test]
        fn damaged_files_are_refused_or_read(at in 0_usize..4096, byte: u8, cut in 0_usize..65536) {
            // The head of a real file, damaged: headers and section tables lead anywhere.
            static OWN: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
                let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
                own[..own.len().min(65536)].to_vec()
            });
            let mut bytes = OWN.clone();
            bytes[at.min(OWN.len() - 1)] = byte;
            bytes.truncate(cut);
            for function in embedded_functions(&bytes) {
                proptest::prop_assert!(function.bytes.len() <= bytes.len());
            }
        }
    }
}
