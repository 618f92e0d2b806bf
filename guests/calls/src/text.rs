//! Encoded values.

use serde::{Deserialize, Serialize};

use crate::Record;

/// The multiplication of the scripting study, encoded.
#[runoff_guest::export(encoded, name = "mul")]
pub fn mul_encoded(x: i32, y: i32) -> i32 {
    x.wrapping_mul(y)
}

/// The flat record in and out, encoded.
#[runoff_guest::export(encoded, name = "next")]
pub fn next_encoded(record: Record) -> Record {
    crate::next(record)
}

/// Nested, of a length nobody knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting<'a> {
    /// The word before the name.
    pub word: &'a str,
    /// Given and family name, where there is one.
    pub name: (&'a str, Option<&'a str>),
}

/// Splits a name.
#[runoff_guest::export(encoded)]
pub fn greet(name: &str) -> Greeting<'_> {
    let (given, family) = match name.split_once(' ') {
        Some((given, family)) => (given, Some(family)),
        None => (name, None),
    };
    Greeting { word: "hello", name: (given, family) }
}
