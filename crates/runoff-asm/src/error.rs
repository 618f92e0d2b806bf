//! What can go wrong.

/// Why there is nothing to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AsmError {
    /// The bytes are not a valid module.
    #[error("not a valid module: {0}")]
    Module(String),
    /// No function is called so, or several are.
    #[error("{0}")]
    Function(String),
    /// An executable without what is needed of it.
    #[error("the program's own functions cannot be read: {0}")]
    Program(String),
}
