//! Recorded requests: text, one `id size` per line, plain or packed with gzip.

use alloc::collections::btree_map::{BTreeMap, Entry};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::Request;

/// Which size a document has when a trace gives several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sizes {
    /// Each request's own: another size is a changed document.
    #[default]
    AsRecorded,
    /// The one of its first request, as the simulator study loaded its trace.
    FirstWins,
}

/// Why a trace cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum TraceError {
    /// A line that is not `id size`.
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
        /// The line, shortened.
        text: String,
    },
    /// No request in it.
    Empty,
    /// It cannot be read.
    #[cfg(feature = "std")]
    Read(std::io::Error),
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line, what, text } => write!(f, "trace, line {line}: {what}: {text:?}"),
            Self::Empty => f.write_str("the trace has no requests; it needs lines of `id size`"),
            #[cfg(feature = "std")]
            Self::Read(error) => write!(f, "the trace cannot be read: {error}"),
        }
    }
}

impl core::error::Error for TraceError {
    #[cfg(feature = "std")]
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            _ => None,
        }
    }
}

/// Reads a trace. Numbers are separated by any white space; empty lines are skipped.
///
/// # Errors
///
/// The first line that is not a request, or no request at all.
pub fn parse(text: &[u8], sizes: Sizes) -> Result<Vec<Request>, TraceError> {
    let mut requests = Vec::new();
    let mut first: BTreeMap<u64, u64> = BTreeMap::new();
    for (i, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let fail = |what| TraceError::Line { line: i + 1, what, text: shortened(line) };
        let mut fields = line.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
        let Some(id) = fields.next() else { continue };
        let size = fields.next().ok_or_else(|| fail("only one number; needed are `id size`"))?;
        if fields.next().is_some() {
            return Err(fail("more than `id size`"));
        }
        let id = number(id).ok_or_else(|| fail("the id is not a whole number below 2^64"))?;
        let mut size = number(size).ok_or_else(|| fail("the size is not a whole number of bytes"))?;
        if sizes == Sizes::FirstWins {
            match first.entry(id) {
                Entry::Occupied(entry) => size = *entry.get(),
                Entry::Vacant(entry) => {
                    entry.insert(size);
                }
            }
        }
        requests.push(Request { id, size });
    }
    if requests.is_empty() { Err(TraceError::Empty) } else { Ok(requests) }
}

/// Reads a trace to its end, unpacking it when it begins as gzip does.
///
/// # Errors
///
/// As [`parse`], and a source that cannot be read or unpacked.
#[cfg(feature = "gzip")]
pub fn read(mut source: impl std::io::Read, sizes: Sizes) -> Result<Vec<Request>, TraceError> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(TraceError::Read)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut text = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .read_to_end(&mut text)
            .map_err(TraceError::Read)?;
        bytes = text;
    }
    parse(&bytes, sizes)
}

fn number(field: &[u8]) -> Option<u64> {
    let digits = field.iter().all(u8::is_ascii_digit).then_some(field)?;
    core::str::from_utf8(digits).ok()?.parse().ok()
}

fn shortened(line: &[u8]) -> String {
    String::from_utf8_lossy(&line[..line.len().min(60)]).trim_end().into()
}
