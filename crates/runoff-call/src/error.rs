//! What can go wrong in a call.

use std::fmt;

use runoff_runtime::Failure;

/// What went wrong. One word long, so that the good path stays in registers.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// What went wrong, to match on.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    #[cold]
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<ErrorKind> for Error {
    #[cold]
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.0)
    }
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The guest has no such function of this kind.
    #[error("the guest does not export `{export}`{hint}")]
    Missing {
        /// The export looked for.
        export: String,
        /// What it has instead, as the end of a sentence; else empty.
        hint: String,
    },
    /// The function has another type.
    #[error("`{export}` is {found}, not {wanted}")]
    Signature {
        /// The export.
        export: String,
        /// Its type.
        found: String,
        /// The type this call needs.
        wanted: String,
    },
    /// Both sides speak no common version of the convention.
    #[error(
        "the guest answers version {answer} of the calling convention; versions 1 to {newest} are known here"
    )]
    Version {
        /// What the guest answered; 0 when it knows none of ours.
        answer: u32,
        /// Our newest.
        newest: u32,
    },
    /// Only scalar functions can be called: the guest does not follow the convention of docs/CALLS.md.
    #[error("the guest has no `runoff_version`: only functions on scalars can be called")]
    NoConvention,
    /// The handle was made by another [`crate::Guest`].
    #[error("this handle belongs to another guest")]
    ForeignHandle,
    /// The call did not return; the guest is poisoned now.
    #[error("{failure}{}", message.as_ref().map_or(String::new(), |m| format!(" ({m})")))]
    Failed {
        /// How it ended.
        failure: Failure,
        /// The guest's last words, where it left some. They come from the guest: do not trust them.
        message: Option<String>,
    },
    /// An earlier call did not return: what the guest holds may be half changed, so it is not called again.
    #[error("the guest is poisoned by an earlier failure: {0}")]
    Poisoned(Failure),
    /// The guest would not take the arguments.
    #[error("the guest refuses the call: {0}")]
    Refused(Refusal),
    /// The guest named bytes that it does not have.
    #[error("the guest names bytes outside its memory: {len} at {ptr:#x}, of {memory}")]
    OutOfBounds {
        /// Address named.
        ptr: u32,
        /// Length named.
        len: u64,
        /// Bytes of memory there are.
        memory: u64,
    },
    /// The guest gave a buffer at an address that is not a multiple of 16.
    #[error("the guest's buffer at {0:#x} is not aligned to 16 bytes")]
    Misaligned(u32),
    /// The answer has another length than its type.
    #[error("the answer is {found} bytes long instead of {wanted}")]
    Length {
        /// Bytes answered.
        found: u64,
        /// Bytes wanted: a multiple of it for slices.
        wanted: u64,
    },
    /// More than a guest can address, or more than it gives room for.
    #[error("the guest has no room for {0} bytes")]
    NoRoom(u64),
    /// The arguments cannot be encoded.
    #[error("the arguments cannot be encoded: {0}")]
    Encode(runoff_wire::EncodeError),
    /// The answer is not an encoding of its type.
    #[error("the answer cannot be decoded: {0}")]
    Decode(postcard::Error),
}

/// Why a guest refuses a call: what it answers instead of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Arguments of another length than the function's type.
    #[error("arguments of a wrong length")]
    Length,
    /// Arguments that cannot be decoded.
    #[error("arguments that cannot be decoded")]
    Decode,
    /// No room for the answer.
    #[error("no room for the answer")]
    NoRoom,
    /// The answer cannot be encoded.
    #[error("an answer that cannot be encoded")]
    Encode,
    /// A number the convention leaves to guests.
    #[error("reason {0}")]
    Other(u32),
}

impl Refusal {
    pub(crate) fn from_code(code: u32) -> Self {
        match code {
            1 => Self::Length,
            2 => Self::Decode,
            3 => Self::NoRoom,
            4 => Self::Encode,
            other => Self::Other(other),
        }
    }
}
