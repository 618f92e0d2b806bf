//! What an executable does for one of its functions.

use std::collections::BTreeSet;
use std::path::Path;

use super::image::{Image, offset_in_file};
use crate::AsmError;
use crate::machine::{Decoded, Names};
use crate::module::demangled;

/// A function and those it needs, in the executable that runs.
#[derive(Clone, Debug)]
pub struct Program {
    /// The functions, by address.
    pub functions: Vec<NativeFunction>,
    names: Names,
}

/// A function of an executable.
#[derive(Clone, Debug)]
pub struct NativeFunction {
    /// Its name, as the compiler's language spells it.
    pub name: String,
    /// Its address in the file.
    pub address: u64,
    /// Its instructions.
    pub code: Decoded,
}

/// Code that nobody wrote for the workload: the standard library, and what connects a twin with Runoff.
const LIBRARY: [&str; 6] = ["std::", "core::", "alloc::", "hashbrown::", "compiler_builtins::", "__rust"];

/// What of this project is a workload.
const GUESTS: [&str; 2] = ["runoff_guest", "runoff_c_"];

impl Program {
    /// The functions of this process's executable that the code at `entry` needs: what it calls directly or takes the
    /// address of, and so on, the standard library left out.
    pub fn own(entry: u64) -> Result<Self, AsmError> {
        let failed = |words: &str| AsmError::Program(words.to_owned());
        let path = std::env::current_exe().map_err(|e| AsmError::Program(e.to_string()))?;
        let offset =
            offset_in_file(entry).ok_or_else(|| failed("nothing is mapped where the function is"))?;
        Self::read(&path, |image| image.address_of(offset))
    }

    fn read(path: &Path, entry: impl Fn(&Image) -> Option<u64>) -> Result<Self, AsmError> {
        let image = Image::read(path)?;
        let entry = entry(&image).ok_or_else(|| AsmError::Program("the function is not in it".into()))?;
        let names =
            image.symbols.iter().map(|(address, s)| (*address, demangled(&s.name))).collect::<Names>();
        let mut seen = BTreeSet::from([entry]);
        let mut next = vec![entry];
        let mut functions = Vec::new();
        while let Some(address) = next.pop() {
            let Some(symbol) = image.symbols.get(&address) else { continue };
            let Some(bytes) = image.bytes(address, symbol.size) else { continue };
            let name = names.of(address).unwrap_or_default().to_owned();
            let connects = address == entry || connects(&name);
            let code = Decoded::new(address, bytes);
            for found in code.references().flat_map(|r| image.functions(r, connects)) {
                let Some(name) = names.of(found) else { continue };
                if !is_foreign(name) && seen.insert(found) {
                    next.push(found);
                }
            }
            if !connects {
                functions.push(NativeFunction { name, address, code });
            }
        }
        functions.sort_by_key(|f| f.address);
        Ok(Self { functions, names })
    }

    /// Names of everything in the executable.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The function with one of these names, or else the one that most likely matters, and why.
    pub fn find(&self, aliases: &[String]) -> Option<(&NativeFunction, &'static str)> {
        let last = |name: &str| name.rsplit("::").next().unwrap_or(name).to_owned();
        let named = aliases.iter().find_map(|alias| {
            let same = |f: &&NativeFunction| f.name == *alias || last(&f.name) == last(alias);
            self.functions.iter().find(same)
        });
        named.map(|f| (f, "of the same name")).or_else(|| {
            let heaviest = self.functions.iter().max_by_key(|f| f.code.weight())?;
            let words = "since none is called like the module's: the one with the most instructions, each loop around them counting tenfold";
            Some((heaviest, words))
        })
    }

    /// The only function with this in its name, or with exactly this name.
    pub fn named(&self, part: &str) -> Result<&NativeFunction, AsmError> {
        let found: Vec<&NativeFunction> = self.functions.iter().filter(|f| f.name.contains(part)).collect();
        let exact = found.iter().find(|f| f.name == part);
        match (exact, found.as_slice()) {
            (Some(one), _) | (None, [one]) => Ok(one),
            (None, several) => {
                let several =
                    if several.is_empty() { self.functions.iter().collect() } else { several.to_vec() };
                let names: Vec<&str> = several.iter().map(|f| f.name.as_str()).collect();
                Err(AsmError::Function(format!(
                    "`{part}` is not the name of one function of the twin; there are {}",
                    names.join(", ")
                )))
            }
        }
    }
}

/// Whether a function is neither the workload's nor of a library it uses.
fn is_foreign(name: &str) -> bool {
    let plain = name.trim_start_matches(['<', '&', '*', '(', '[']);
    let ours = plain.starts_with("runoff_") && !GUESTS.iter().any(|guest| plain.starts_with(guest));
    LIBRARY.iter().any(|library| plain.starts_with(library)) || ours && !connects(name)
}

/// Whether a function only leads to a twin.
fn connects(name: &str) -> bool {
    name.contains("runoff_workloads::twins")
}
