//! Why a study cannot be made. A runtime that fails is no error: it has a row that says so.

/// Why a study cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// A runtime that is not in this build, or cannot be called function by function.
    #[error("runtime `{0}` cannot be used here: {1}")]
    Runtime(String, String),
    /// Nothing could be measured.
    #[error("nothing could be measured: {0}")]
    Nothing(String),
    /// A trace that cannot be used.
    #[error(transparent)]
    Trace(#[from] runoff_guest_cache::trace::TraceError),
    /// A file.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// Whoever asked for it does not want it any more.
    #[error("interrupted")]
    Interrupted,
    /// Answers differ where they must not.
    #[error("{0}")]
    Wrong(String),
}
