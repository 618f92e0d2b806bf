//! Why a value cannot be encoded.

use core::fmt;

/// Why a value cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// There is no room for it.
    Full,
    /// A sequence or a map whose length is not known before its end; the format begins with it.
    UnknownLength,
    /// The value's own `Serialize` refuses; its words need an allocator and are lost.
    Refused,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "there is no room for it",
            Self::UnknownLength => "the length of a sequence or map is not known before its end",
            Self::Refused => "it refuses to be",
        })
    }
}

impl core::error::Error for EncodeError {}

impl serde::ser::Error for EncodeError {
    #[cold]
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Refused
    }
}
