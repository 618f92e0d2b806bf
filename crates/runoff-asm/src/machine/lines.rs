//! Instructions as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use iced_x86::{Formatter, Instruction, IntelFormatter, SymbolResolver, SymbolResult};
use serde::Serialize;

use super::Decoded;

/// Names of functions by address.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<u64, String>);

impl Names {
    /// What begins at an address.
    pub fn of(&self, address: u64) -> Option<&str> {
        self.0.get(&address).map(String::as_str)
    }
}

impl FromIterator<(u64, String)> for Names {
    fn from_iter<I: IntoIterator<Item = (u64, String)>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}

/// One instruction as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Distance from the function's first byte.
    pub offset: u64,
    /// Its bytes, hexadecimal.
    pub bytes: String,
    /// Intel's notation; addresses in the function are distances from its first byte.
    pub text: String,
}

/// The instructions of a function as text.
pub fn lines(code: &Decoded, names: &Names) -> Vec<Line> {
    let own = (code.address, code.address + code.bytes.len() as u64);
    let resolver = Box::new(Resolver { names: names.clone(), own });
    let mut formatter = IntelFormatter::with_options(Some(resolver), None);
    let options = formatter.options_mut();
    options.set_hex_prefix("0x");
    options.set_hex_suffix("");
    options.set_uppercase_hex(false);
    options.set_space_after_operand_separator(false);
    options.set_branch_leading_zeros(false);
    options.set_show_symbol_address(false);
    options.set_rip_relative_addresses(false);
    let mut line = |i: &Instruction| {
        let mut text = String::new();
        formatter.format(i, &mut text);
        let bytes = code.bytes_of(i).iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Line { offset: i.ip() - code.address, bytes, text }
    };
    code.instructions.iter().map(&mut line).collect()
}

struct Resolver {
    names: Names,
    own: (u64, u64),
}

impl SymbolResolver for Resolver {
    fn symbol(
        &mut self,
        _: &Instruction,
        _: u32,
        _: Option<u32>,
        address: u64,
        size: u32,
    ) -> Option<SymbolResult<'_>> {
        if size < 8 {
            return None;
        }
        if address > self.own.0 && address < self.own.1 {
            let text = format!("+{:x}", address - self.own.0);
            return Some(SymbolResult::with_string(address, text));
        }
        self.names.of(address).map(|name| SymbolResult::with_str(address, name))
    }
}
