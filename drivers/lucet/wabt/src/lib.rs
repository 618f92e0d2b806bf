//! What lucetc uses of the `wabt` crate, without the C++ library behind it.
//!
//! lucetc reads the text format through `wabt` 0.9.2, which is yanked and needs cmake and a C++ compiler. This
//! driver only ever hands it binary modules, so the reader is never asked; if it were, it would say so.

use std::fmt;

/// Why text did not become a module.
///
/// lucetc takes an [`Error`] apart by reinterpreting it as this type, so they must have one layout.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A syntax error.
    Parse(String),
    /// Bytes that are not a module.
    Deserialize(String),
    /// A name nothing defines.
    ResolveNames(String),
    /// A module that is not valid.
    Validate(String),
}

/// An [`ErrorKind`] in a wrapper.
#[derive(Debug)]
#[repr(transparent)]
pub struct Error(ErrorKind);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a binary module")
    }
}

impl std::error::Error for Error {}

/// Refuses: text is not read here.
pub fn wat2wasm<S: AsRef<[u8]>>(_source: S) -> Result<Vec<u8>, Error> {
    Err(Error(ErrorKind::Parse("the text format is not read here".into())))
}
