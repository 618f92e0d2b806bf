//! The history of results: one file of JSON Lines that only grows, one line per result.
//!
//! A line is written with a single `write` and synced, under a lock. Whatever kills the writer leaves whole lines and
//! at most one cut one at the end, which readers drop and the next writer removes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{FileError, Machine, SCHEMA_VERSION};

/// One result, summarised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryEntry {
    /// Version of the format.
    pub schema_version: u32,
    /// SHA-256 of the result file, hexadecimal.
    pub digest: String,
    /// Name of the result file.
    pub file: String,
    /// When it was added, seconds since 1970 UTC.
    pub added_unix: u64,
    /// When measuring began.
    pub created_unix: u64,
    /// What the user calls it: a commit, a release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Version of Runoff that measured.
    pub runoff_version: String,
    /// Whether that build was optimised.
    pub optimised_build: bool,
    /// The machine.
    pub machine: Machine,
    /// Figures of its cells.
    pub cells: Vec<HistoryCell>,
}

/// One measure of one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryCell {
    /// Workload.
    pub workload: String,
    /// Start of the SHA-256 over module and call: another module or another call is another series.
    pub work: String,
    /// Runtime.
    pub runtime: String,
    /// Version of its engine.
    pub version: String,
    /// `jit`, `aot_execute`, `call`, `process`, `peak_rss`, `code` or `artifact`.
    pub measure: String,
    /// Median over processes, nanoseconds or bytes.
    pub median: f64,
    /// 95 % interval of the median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
    /// Processes.
    pub processes: usize,
}

/// The history in a file.
#[derive(Clone, Debug)]
pub struct History {
    path: PathBuf,
}

/// A history as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryRead {
    /// Entries in the order they were added.
    pub entries: Vec<HistoryEntry>,
    /// Whether the last line was cut short.
    pub torn: bool,
}

impl History {
    /// The history in this file, which need not exist yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything in it; nothing when there is no such file.
    pub fn read(&self) -> Result<HistoryRead, FileError> {
        match fs::read(&self.path) {
            Ok(bytes) => self.parse(&bytes),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(HistoryRead::default()),
            Err(source) => Err(self.io(source)),
        }
    }

    /// Adds an entry unless a result with its digest is there already; says whether it was added.
    pub fn add(&self, entry: &HistoryEntry) -> Result<bool, FileError> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(|e| self.io(e))?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(&self.path)
            .map_err(|e| self.io(e))?;
        // Two at once would both look and both write. The lock ends with the file.
        file.lock().map_err(|e| self.io(e))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|e| self.io(e))?;
        let read = self.parse(&bytes)?;
        if read.entries.iter().any(|e| e.digest == entry.digest) {
            return Ok(false);
        }
        self.append(&mut file, &bytes, read.torn, entry).map_err(|e| self.io(e))?;
        Ok(true)
    }

    fn append(&self, file: &mut File, bytes: &[u8], torn: bool, entry: &HistoryEntry) -> io::Result<()> {
        let new = bytes.is_empty();
        let mut line = Vec::new();
        if torn {
            let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            file.set_len(whole as u64)?;
            file.seek(SeekFrom::End(0))?;
        } else if bytes.last().is_some_and(|b| *b != b'\n') {
            line.push(b'\n');
        }
        serde_json::to_writer(&mut line, entry)?;
        line.push(b'\n');
        file.write_all(&line)?;
        file.sync_all()?;
        // A new file is there after a crash only if its folder says so.
        match self.path.parent() {
            // A bare name lies in the working folder, whose path is not empty.
            Some(folder) if new => {
                let here = Path::new(".");
                File::open(if folder.as_os_str().is_empty() { here } else { folder })?.sync_all()
            }
            _ => Ok(()),
        }
    }

    fn parse(&self, bytes: &[u8]) -> Result<HistoryRead, FileError> {
        let mut read = HistoryRead::default();
        for (number, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
            let ended = line.ends_with(b"\n");
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match self.entry(line) {
                Ok(entry) => read.entries.push(entry),
                Err(Some(too_new)) => return Err(too_new),
                Err(None) if !ended => read.torn = true,
                Err(None) => {
                    return Err(FileError::BadLine {
                        path: self.path.clone(),
                        line: number + 1,
                        reason: "it is no entry of a history; remove the line to go on without it".into(),
                    });
                }
            }
        }
        Ok(read)
    }

    /// An entry; an error with a value when a later version wrote it, without one when it is none.
    fn entry(&self, line: &[u8]) -> Result<HistoryEntry, Option<FileError>> {
        let value: serde_json::Value = serde_json::from_slice(line).map_err(|_| None)?;
        let version = value.get("schema_version").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if version > u64::from(SCHEMA_VERSION) {
            return Err(Some(FileError::TooNew { path: self.path.clone(), found: version }));
        }
        serde_json::from_value(value).map_err(|_| None)
    }

    fn io(&self, source: io::Error) -> FileError {
        FileError::Io { path: self.path.clone(), source }
    }
}
