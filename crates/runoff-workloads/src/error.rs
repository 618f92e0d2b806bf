//! What can be wrong with a workload.

use std::io;
use std::path::PathBuf;

use runoff_runtime::RuntimeError;

/// What can be wrong with a workload.
#[derive(Debug, thiserror::Error)]
pub enum WorkloadError {
    /// Neither a file nor a bundled name.
    #[error("`{0}` is neither a file, a folder, nor a bundled workload or set (sets: {sets}; `runoff workloads` lists all)", sets = crate::set_names().join(", "))]
    Unknown(String),
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A bundled module that does not unpack.
    #[error("the bundled module of `{name}` is damaged: {source}; build Runoff again")]
    Damaged {
        /// The workload.
        name: String,
        /// The cause.
        source: io::Error,
    },
    /// A file is larger than modules may be.
    #[error("{path} has {bytes} bytes; modules may have up to {limit}")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Text format that does not parse.
    #[error("{0}")]
    Wat(
        /// What is wrong, with file, line and column.
        String,
    ),
    /// Not a valid module.
    #[error("{path}: {error}")]
    Module {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: RuntimeError,
    },
    /// A manifest that does not parse, or whose module cannot be read.
    #[error("{path}: {message}")]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A folder without a module.
    #[error("{0} names no .wasm or .wat file")]
    EmptyFolder(PathBuf),
    /// An entry the module does not have, or arguments that do not fit it.
    #[error("{name}: {message}")]
    Entry {
        /// The workload.
        name: String,
        /// What is wrong and what would be right.
        message: String,
    },
    /// A size the workload does not come in.
    #[error("`{name}` comes in the sizes {sizes}, not `{asked}`")]
    NoSuchSize {
        /// The workload.
        name: String,
        /// What was asked for.
        asked: String,
        /// What there is.
        sizes: String,
    },
}
