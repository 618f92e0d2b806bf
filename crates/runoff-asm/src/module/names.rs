//! What functions are called.

use std::collections::BTreeMap;

use wasmparser::{ExternalKind, KnownCustom, Name, Parser, Payload, TypeRef};

/// Names of functions by index, from everywhere a module has them.
#[derive(Clone, Debug, Default)]
pub(super) struct FunctionNames {
    /// Exports, in order.
    pub(super) exports: Vec<(String, u32)>,
    /// The first export of each exported function.
    exported: BTreeMap<u32, String>,
    /// `MODULE.NAME` of imported functions.
    pub(super) imports: Vec<String>,
    /// The name section as it stands.
    pub(super) section: BTreeMap<u32, String>,
}

impl FunctionNames {
    /// Reads them from a valid module; a name section that is not right is ignored, as the specification has it.
    pub(super) fn read(wasm: &[u8]) -> Self {
        let mut names = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload {
                Ok(Payload::ImportSection(imports)) => {
                    for import in imports.into_imports().flatten() {
                        if matches!(import.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)) {
                            names.imports.push(plain(&format!("{}.{}", import.module, import.name)));
                        }
                    }
                }
                Ok(Payload::ExportSection(exports)) => {
                    for export in exports.into_iter().flatten() {
                        if matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact) {
                            names.exports.push((export.name.to_owned(), export.index));
                            names.exported.entry(export.index).or_insert_with(|| plain(export.name));
                        }
                    }
                }
                Ok(Payload::CustomSection(custom)) => {
                    if let KnownCustom::Name(reader) = custom.as_known() {
                        names.read_section(reader);
                    }
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
        names
    }

    fn read_section(&mut self, reader: wasmparser::NameSectionReader<'_>) {
        for part in reader.into_iter().flatten() {
            if let Name::Function(map) = part {
                self.section.extend(map.into_iter().flatten().map(|n| (n.index, n.name.to_owned())));
            }
        }
    }

    /// What people call a function.
    pub(super) fn of(&self, index: u32) -> Option<String> {
        if let Some(import) = self.imports.get(index as usize) {
            return Some(import.clone());
        }
        let section = self.section.get(&index).map(|name| demangled(name));
        section.or_else(|| self.exported.get(&index).cloned())
    }
}

/// A compiler's name as its language spells it.
pub(crate) fn demangled(name: &str) -> String {
    plain(&format!("{:#}", rustc_demangle::demangle(name)))
}

/// Without control characters, which a hostile module may have in its names.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
