//! What outlives the host: compiled code and what is known of functions.
//!
//! Both can be made anew, so nothing here is worth an outage: what is missing, damaged, foreign or cannot be written is
//! counted and done without.

mod artifacts;
mod listing;
mod profiles;
pub(crate) mod secret;

pub use artifacts::{Artifacts, Lookup, StoreCounters};
pub use listing::{Finding, Listed, Pruned, clear, list, prune, verify};
pub use profiles::Profiles;
pub use secret::Secret;
pub(crate) use secret::random;

use std::path::{Path, PathBuf};

/// What stops a store from being used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder cannot be used.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The key of artifacts is not one.
    #[error("{0} is not a key of 32 bytes; remove it and the artifacts are made anew")]
    Secret(PathBuf),
    /// Another host has it.
    #[error("{0} belongs to another host that runs: give this one a store of its own (`[store] path`)")]
    InUse(PathBuf),
    /// The profiles cannot be opened or written.
    #[error("{path}: {words}")]
    Profiles {
        /// The file.
        path: PathBuf,
        /// The cause.
        words: String,
    },
}

pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
    |source| StoreError::Io { path: path.to_owned(), source }
}
