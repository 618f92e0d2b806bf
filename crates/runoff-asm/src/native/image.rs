//! An executable as it lies in memory.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use object::{Object, ObjectSegment, ObjectSymbol, RelocationTarget, SymbolKind};

use crate::AsmError;
use crate::machine::Reference;

/// Where methods of a boxed closure are in its table.
const METHODS: std::ops::RangeInclusive<u64> = 24..=40;

/// A function's symbol.
pub(super) struct Symbol {
    pub(super) name: String,
    pub(super) size: u64,
}

/// What of an executable is needed, by the addresses in the file.
pub(super) struct Image {
    data: Vec<u8>,
    segments: Vec<(u64, std::ops::Range<u64>)>,
    /// Functions by address.
    pub(super) symbols: BTreeMap<u64, Symbol>,
    /// Pointers that the loader fills in: where, and the address they lead to.
    pub(super) pointers: HashMap<u64, u64>,
}

impl Image {
    pub(super) fn read(path: &Path) -> Result<Self, AsmError> {
        let failed = |words: String| AsmError::Program(words);
        let data = fs::read(path).map_err(|e| failed(format!("{}: {e}", path.display())))?;
        let file = object::File::parse(data.as_slice()).map_err(|e| failed(e.to_string()))?;
        let segments = file
            .segments()
            .map(|s| (s.address(), s.file_range()))
            .map(|(address, (start, size))| (address, start..start + size))
            .collect();
        let mut symbols = BTreeMap::new();
        for symbol in file.symbols().filter(|s| s.kind() == SymbolKind::Text && s.size() > 0) {
            let Ok(name) = symbol.name() else { continue };
            let symbol_of = || Symbol { name: name.to_owned(), size: symbol.size() };
            symbols.entry(symbol.address()).or_insert_with(symbol_of);
        }
        if symbols.is_empty() {
            return Err(failed("it was stripped of its symbols".into()));
        }
        let pointers = file
            .dynamic_relocations()
            .into_iter()
            .flatten()
            .filter(|(_, r)| matches!(r.target(), RelocationTarget::Absolute))
            .filter_map(|(at, r)| u64::try_from(r.addend()).ok().map(|to| (at, to)))
            .collect();
        Ok(Self { data, segments, symbols, pointers })
    }

    /// Functions an instruction may mean: what it goes to or takes the address of, what a pointer that the loader fills in
    /// leads to, and, if asked for, the methods in a table.
    pub(super) fn functions(&self, reference: Reference, methods: bool) -> Vec<u64> {
        match reference {
            Reference::Code(to) => vec![to],
            Reference::Read(from) => self.pointers.get(&from).copied().into_iter().collect(),
            Reference::Taken(table) => {
                // A table begins with how to drop, a size and an alignment, and only the first may be a pointer.
                let is_table = methods && ![8, 16].iter().any(|at| self.pointers.contains_key(&(table + at)));
                let found =
                    METHODS.step_by(8).filter(|_| is_table).map_while(|at| self.pointers.get(&(table + at)));
                std::iter::once(table).chain(found.copied()).collect()
            }
        }
    }

    /// The address of a byte of the file.
    pub(super) fn address_of(&self, offset: u64) -> Option<u64> {
        let (address, range) = self.segments.iter().find(|(_, range)| range.contains(&offset))?;
        Some(address + (offset - range.start))
    }

    /// Bytes at an address.
    pub(super) fn bytes(&self, address: u64, length: u64) -> Option<&[u8]> {
        let within = |(at, range): &&(u64, std::ops::Range<u64>)| {
            address >= *at && address + length <= at + (range.end - range.start)
        };
        let (at, range) = self.segments.iter().find(within)?;
        let start = (range.start + (address - at)) as usize;
        self.data.get(start..start + length as usize)
    }
}

/// Where in its file the code at an address of this process comes from.
pub(super) fn offset_in_file(address: u64) -> Option<u64> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    maps.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        let start = u64::from_str_radix(start, 16).ok()?;
        let end = u64::from_str_radix(end, 16).ok()?;
        let offset = u64::from_str_radix(words.nth(1)?, 16).ok()?;
        (start..end).contains(&address).then(|| address - start + offset)
    })
}
