//! Reading and writing result files: JSON Lines, one record per line, appended as blocks finish.
//!
//! A line is written with a single `write`, so whatever kills the writer leaves whole lines and at most one
//! cut one at the end, which readers drop and report. A line that has its line break and is no record is damage.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::{Block, End, Header, Record, SCHEMA_VERSION};

/// What can go wrong with a result file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be opened, read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A new result would overwrite what is there.
    #[error("{path} already exists; results are never overwritten: name another file")]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// It does not begin with a header.
    #[error("{path} is not a Runoff result file: {reason}")]
    NotAResult {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It was written by a later version.
    #[error("{path} has schema version {found}; this Runoff reads up to {SCHEMA_VERSION}: update Runoff")]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// A line that was written to its end cannot be read.
    #[error("{path}, line {line}: {reason}")]
    BadLine {
        /// The file.
        path: PathBuf,
        /// Line number from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

/// A whole result file in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultFile {
    /// Header.
    pub header: Header,
    /// Blocks in the order they finished.
    pub blocks: Vec<Block>,
    /// The last end record.
    pub end: Option<End>,
    /// Whether the last line was cut short.
    pub torn: bool,
}

/// Reads result files.
#[derive(Debug)]
pub struct ResultReader;

impl ResultReader {
    /// Reads a result file from a path.
    pub fn open(path: &Path) -> Result<ResultFile, FileError> {
        let file = File::open(path).map_err(|source| FileError::Io { path: path.to_owned(), source })?;
        Self::read(path, file)
    }

    /// Reads a result file from anywhere; `path` is for messages.
    pub fn read(path: &Path, input: impl Read) -> Result<ResultFile, FileError> {
        let mut input = BufReader::new(input);
        let io_error = |source| FileError::Io { path: path.to_owned(), source };
        let empty = || FileError::NotAResult { path: path.to_owned(), reason: "it is empty".into() };
        let first = Line::next(&mut input).map_err(io_error)?.ok_or_else(empty)?;
        let header = Self::header(path, &first.bytes)?;
        let mut result = ResultFile { header, blocks: Vec::new(), end: None, torn: false };
        let mut number = 1;
        while let Some(line) = Line::next(&mut input).map_err(io_error)? {
            number += 1;
            let bad = |reason: String| FileError::BadLine { path: path.to_owned(), line: number, reason };
            if line.bytes.is_empty() {
                continue;
            }
            match serde_json::from_slice(&line.bytes) {
                Ok(Record::Block(block)) => result.blocks.push(block),
                Ok(Record::End(end)) => result.end = Some(end),
                Ok(Record::Header(_)) => return Err(bad("a second header".into())),
                Err(_) if !line.ended => result.torn = true,
                Err(error) => return Err(bad(error.to_string())),
            }
        }
        Ok(result)
    }

    fn header(path: &Path, line: &[u8]) -> Result<Header, FileError> {
        // The version is looked at alone first: a later header may have another shape.
        let value: serde_json::Value = serde_json::from_slice(line).map_err(|e| FileError::NotAResult {
            path: path.to_owned(),
            reason: format!("first line: {e}"),
        })?;
        let version = value.get("schema_version").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if version > u64::from(SCHEMA_VERSION) {
            return Err(FileError::TooNew { path: path.to_owned(), found: version });
        }
        match serde_json::from_value(value) {
            Ok(Record::Header(header)) => Ok(header),
            Ok(_) => Err(FileError::NotAResult {
                path: path.to_owned(),
                reason: "its first line is no header".into(),
            }),
            Err(e) => Err(FileError::NotAResult { path: path.to_owned(), reason: format!("header: {e}") }),
        }
    }
}

/// One line, and whether it was written to its end.
struct Line {
    bytes: Vec<u8>,
    ended: bool,
}

impl Line {
    fn next(input: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        let ended = bytes.pop_if(|last| *last == b'\n').is_some();
        Ok(Some(Self { bytes, ended }))
    }
}

/// Appends records to a result file.
#[derive(Debug)]
pub struct ResultWriter {
    path: PathBuf,
    file: File,
}

impl ResultWriter {
    /// Starts a new file with its header; refuses to overwrite an existing one.
    pub fn create(path: &Path, header: &Header) -> Result<Self, FileError> {
        let io_error = |source| FileError::Io { path: path.to_owned(), source };
        let file = OpenOptions::new().create_new(true).append(true).open(path).map_err(|source| {
            if source.kind() == io::ErrorKind::AlreadyExists {
                FileError::Exists { path: path.to_owned() }
            } else {
                io_error(source)
            }
        })?;
        let mut writer = Self { path: path.to_owned(), file };
        writer.append(&Record::Header(header.clone()))?;
        Ok(writer)
    }

    /// Opens an existing file to append to it; a cut last line is removed.
    pub fn resume(path: &Path) -> Result<(Self, ResultFile), FileError> {
        let io_error = |source| FileError::Io { path: path.to_owned(), source };
        let result = ResultReader::open(path)?;
        let mut file = OpenOptions::new().read(true).append(true).open(path).map_err(io_error)?;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).map_err(io_error)?;
        file.read_to_end(&mut bytes).map_err(io_error)?;
        if result.torn {
            let keep = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            file.set_len(keep as u64).map_err(io_error)?;
        } else if bytes.last() != Some(&b'\n') {
            file.write_all(b"\n").map_err(io_error)?;
        }
        Ok((Self { path: path.to_owned(), file }, result))
    }

    /// Appends a record; it is in the file when this returns.
    pub fn append(&mut self, record: &Record) -> Result<(), FileError> {
        let io_error = |source| FileError::Io { path: self.path.clone(), source };
        let mut line = serde_json::to_vec(record).map_err(|e| io_error(io::Error::other(e)))?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(io_error)
    }
}
