//! Requests from the published model `ProWGen` (Busari and Williamson, INFOCOM 2001), seeded.
//!
//! The model has five characteristics: how many documents are asked for once, how popular the others are (a Zipf
//! law), how large they are (a log-normal body with a Pareto tail), how size and popularity go together, and how
//! soon a document is asked for again (an LRU stack that is asked first). [`Documents`] draws the first four,
//! [`Requests`] walks through the fifth.

mod distribution;
mod documents;
mod parameters;
mod random;
mod requests;
mod stack;
mod weights;

pub use documents::Documents;
pub use parameters::{Correlation, InvalidParameters, Locality, Parameters};
pub use random::Random;
pub use requests::Requests;
