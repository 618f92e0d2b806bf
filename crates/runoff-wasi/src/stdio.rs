//! Standard streams.

use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;

use runoff_runtime::HostFailure;

use crate::calls::Fault;
use crate::config::{Input, Output};

/// An open standard input.
#[derive(Debug)]
pub(crate) enum Stdin {
    Empty,
    Bytes(Cursor<Arc<[u8]>>),
    File(File),
    Inherit,
}

impl Stdin {
    pub(crate) fn open(input: &Input) -> io::Result<Self> {
        Ok(match input {
            Input::Empty => Self::Empty,
            Input::Bytes(bytes) => Self::Bytes(Cursor::new(Arc::clone(bytes))),
            Input::File(path) => Self::File(File::open(path)?),
            Input::Inherit => Self::Inherit,
        })
    }

    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Empty => Ok(0),
            Self::Bytes(bytes) => bytes.read(buffer),
            Self::File(file) => file.read(buffer),
            Self::Inherit => io::stdin().read(buffer),
        }
    }
}

/// An open output stream.
#[derive(Debug)]
pub(crate) enum Stdout {
    Discard,
    Capture { bytes: Vec<u8>, limit: usize },
    File(File),
    InheritOut,
    InheritErr,
}

impl Stdout {
    pub(crate) fn open(output: &Output, error_stream: bool) -> io::Result<Self> {
        Ok(match output {
            Output::Discard => Self::Discard,
            Output::Capture(limit) => Self::Capture { bytes: Vec::new(), limit: *limit },
            Output::File(path) => Self::File(File::create(path)?),
            Output::Inherit if error_stream => Self::InheritErr,
            Output::Inherit => Self::InheritOut,
        })
    }

    /// Writes all of `data`; the number of bytes is its length.
    pub(crate) fn write(&mut self, data: &[u8]) -> Result<(), Fault> {
        let written = match self {
            Self::Discard => Ok(()),
            Self::Capture { bytes, limit } => {
                if bytes.len() + data.len() > *limit {
                    let words = format!("the guest wrote more than the {limit} bytes of output it may");
                    return Err(Fault::Host(HostFailure::Failed(words)));
                }
                bytes.extend_from_slice(data);
                Ok(())
            }
            Self::File(file) => file.write_all(data),
            Self::InheritOut => {
                let mut out = io::stdout().lock();
                out.write_all(data).and_then(|()| out.flush())
            }
            Self::InheritErr => io::stderr().write_all(data),
        };
        written.map_err(|e| Fault::Errno(e.into()))
    }

    pub(crate) fn captured(&self) -> &[u8] {
        match self {
            Self::Capture { bytes, .. } => bytes,
            _ => &[],
        }
    }
}
