//! The experiments of the source documents, done again: [`calls`] measures what a call across the boundary costs,
//! [`cache`] what that makes of a program that calls often, [`hybrid`] what a host gains that chooses a runtime per call,
//! [`architecture`] what compiled code asks of a processor.

pub mod architecture;
pub mod cache;
pub mod calls;
mod error;
pub mod hybrid;
mod judged;
pub mod modules;
mod summary;

pub use error::StudyError;
pub use summary::{Promise, Summary};
