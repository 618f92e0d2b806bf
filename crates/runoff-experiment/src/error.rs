//! What can be wrong with an experiment.

/// What can be wrong with an experiment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExperimentError {
    /// It does not parse.
    #[error("{0}")]
    Parse(#[from] toml::de::Error),
    /// A figure or claim speaks of a run the experiment does not have.
    #[error("{what} speaks of the run `{run}`, which is not there; there are: {known}")]
    Run {
        /// The figure or claim.
        what: String,
        /// The run it names.
        run: String,
        /// The runs there are.
        known: String,
    },
    /// Something in it means nothing.
    #[error("{0}")]
    Meaningless(String),
}
