//! Which function is meant.

use std::collections::BTreeSet;

use serde::Serialize;

use super::ModuleProfile;
use super::names::demangled;
use crate::AsmError;

/// A function and why it is this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Its index.
    pub index: u32,
    /// What it is called.
    pub name: String,
    /// Why this one.
    pub why: String,
}

/// How many functions a message names.
const NAMED: usize = 12;

impl ModuleProfile {
    /// The function that is meant by an index, an export, a name of the name section as the compiler or its language
    /// spells it, or a part of one that fits nothing else.
    pub fn find(&self, wanted: &str) -> Result<Choice, AsmError> {
        let wanted = wanted.trim();
        if wanted.is_empty() {
            // A part of every name.
            return Err(AsmError::Function(format!("a function without a name; {}", self.there_are())));
        }
        if let Ok(index) = wanted.parse::<u32>() {
            return if self.function(index).is_some() {
                Ok(self.choice(index, "named by its index"))
            } else if (index as usize) < self.names.imports.len() {
                let import = &self.names.imports[index as usize];
                Err(AsmError::Function(format!(
                    "function {index} is imported ({import}); its code is the host's"
                )))
            } else {
                Err(AsmError::Function(format!("there is no function {index}; {}", self.there_are())))
            };
        }
        if let Some(index) = self.exported(wanted) {
            return if self.function(index).is_some() {
                Ok(self.choice(index, "named by its export"))
            } else {
                Err(AsmError::Function(format!("`{wanted}` is an imported function; its code is the host's")))
            };
        }
        let bodies = || self.names.section.iter().filter(|(index, _)| self.function(**index).is_some());
        let exact = bodies().find(|(_, name)| *name == wanted || demangled(name) == wanted);
        if let Some((index, _)) = exact {
            return Ok(self.choice(*index, "named"));
        }
        let exports = self.names.exports.iter().map(|(name, index)| (index, name));
        let exports = exports.filter(|(index, _)| self.function(**index).is_some());
        let like = |(_, name): &(&u32, &String)| demangled(name).contains(wanted);
        let parts: BTreeSet<u32> = bodies().chain(exports).filter(like).map(|(i, _)| *i).collect();
        let parts: Vec<u32> = parts.into_iter().collect();
        match parts.as_slice() {
            [one] => Ok(self.choice(*one, "the only one with a name like that")),
            [] => Err(AsmError::Function(format!("no function `{wanted}`; {}", self.there_are()))),
            several => {
                let names: Vec<_> = several.iter().take(NAMED).map(|i| self.names_of(*i)).collect();
                let more = several.len().saturating_sub(NAMED);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                Err(AsmError::Function(format!("`{wanted}` may be {}{more}", names.join(", "))))
            }
        }
    }

    /// The function that is exported by this name.
    pub fn exported(&self, name: &str) -> Option<u32> {
        self.names.exports.iter().find(|(export, _)| export == name).map(|(_, index)| *index)
    }

    /// Whether a function has exactly this name in the name section.
    pub fn is_named(&self, index: u32, name: &str) -> bool {
        self.names.section.get(&index).is_some_and(|own| own == name)
    }

    /// The function that most likely matters: the only one, else the one with the most instructions, those in loops
    /// weighed by how deep they are.
    pub fn heaviest(&self) -> Result<Choice, AsmError> {
        let none = || AsmError::Function("the module has no functions of its own".into());
        let heaviest = self.functions.iter().rev().max_by_key(|f| f.weight).ok_or_else(none)?;
        Ok(if self.functions.len() == 1 {
            self.choice(heaviest.index, "the only one")
        } else {
            let words =
                "not named: the one with the most instructions, each loop around them counting tenfold";
            self.choice(heaviest.index, words)
        })
    }

    fn choice(&self, index: u32, why: &str) -> Choice {
        Choice { index, name: self.name(index), why: why.to_owned() }
    }

    fn names_of(&self, index: u32) -> String {
        format!("{index} ({})", self.name(index))
    }

    fn there_are(&self) -> String {
        let (Some(first), Some(last)) = (self.functions.first(), self.functions.last()) else {
            return "the module has none of its own".into();
        };
        let exports: Vec<&str> = self.names.exports.iter().take(NAMED).map(|(n, _)| n.as_str()).collect();
        let exported =
            if exports.is_empty() { String::new() } else { format!("; exported: {}", exports.join(", ")) };
        format!("there are {} to {}{exported}", first.index, last.index)
    }
}
